"""Parts of the pages of notice batches."""
