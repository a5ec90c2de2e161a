"""Enterprises: the list, the profile (一企一档), contacts, and duplicates shown for a decision.

`entity` declares and saves them, `listing` finds them, `profile` tells everything about one, `contacts` keeps whom
one talks to, `pasting` reads a pasted list, `duplicates` finds pairs that may be one enterprise, `merging` makes two
rows one.
"""

from services.enterprises.entity import ENTERPRISES

__all__ = ["ENTERPRISES"]
