"""Pieces of the delivery log."""
