"""Back-off: how long to wait before something that failed is tried again."""

import random
from datetime import timedelta


def wait(attempts: int, first: timedelta, longest: timedelta) -> timedelta:
    """Return how long to wait after so many attempts: ever longer, and never the same for many at once."""
    most: timedelta = min(first * 2 ** min(max(attempts - 1, 0), 20), longest)
    return most * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing
