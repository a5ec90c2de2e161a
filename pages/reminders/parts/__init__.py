"""Pieces of the pages about reminders."""
