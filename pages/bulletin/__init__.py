"""Pages of monthly bulletins."""
