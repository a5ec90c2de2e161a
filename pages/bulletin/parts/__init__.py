"""Parts of the pages of monthly bulletins."""
