"""Pieces the pages of visits are made of."""
