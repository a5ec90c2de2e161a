"""Pages of visits: the worker's day, the record, the lead's review, promises."""
