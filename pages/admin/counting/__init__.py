"""Parts of the pages on which deadlines are counted by: preview, the year at a glance, forms."""
