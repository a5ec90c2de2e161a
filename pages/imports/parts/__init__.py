"""Pieces of the import pages: one for each step."""
