"""Pages of enterprises: list, profile, edit, duplicates."""
