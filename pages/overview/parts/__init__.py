"""Parts of the pages of progress."""
