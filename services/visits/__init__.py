"""Visits from the worker's day to the lead's review."""
