"""The delivery log: what was told to whom and when, what is owed, what failed, and what administrators do about it."""
