"""The frame every page is shown in: who is signed in, the menu, the language, the error text."""
