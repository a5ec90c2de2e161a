"""Pages of notice batches."""
