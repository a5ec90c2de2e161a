"""Pieces the page of assignment is made of."""
