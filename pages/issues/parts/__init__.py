"""Parts of the pages of issues."""
