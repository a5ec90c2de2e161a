"""Figures of the programme that are the count of rows: what they mean, how they are kept, and how they are read."""
