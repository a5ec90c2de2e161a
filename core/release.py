"""Which release of the product this is."""

from importlib.metadata import version

from core import migrate


def told(number: str = "", migration: str = "") -> str:
    """Return a release as people see it: its number and the last migration of its tables, which every change brings on.

    Args:
        number: of the release; empty for the present one.
        migration: the last one of its tables; empty for the present one's.
    """
    return f"{number or version('qianqi')} / {migration or migrate.head()}"
