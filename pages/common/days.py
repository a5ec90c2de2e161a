"""Which days an input of a day takes: Streamlit alone takes ten years around today."""

from datetime import date

_FIRST, _LAST = date(1900, 1, 1), date(2100, 12, 31)


def bounds(present: date | None = None) -> tuple[date, date]:
    """Return the first and the last day that can be entered: far ones too, and the day that stands there already."""
    known = present or _FIRST
    return min(_FIRST, known), max(_LAST, known)
