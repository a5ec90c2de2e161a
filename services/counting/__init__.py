"""Changing the calendar and time limits, and with them every deadline they move."""

from services.counting.changes import (
    Change,
    ConventionChange,
    DaysChange,
    HoursChange,
    LimitChange,
    NoticeChange,
    NoticeRemoval,
    Refresh,
)
from services.counting.recomputing import DayLost, Moved, Preview, confirm, preview

__all__ = [
    "Change",
    "ConventionChange",
    "DayLost",
    "DaysChange",
    "HoursChange",
    "LimitChange",
    "Moved",
    "NoticeChange",
    "NoticeRemoval",
    "Preview",
    "Refresh",
    "confirm",
    "preview",
]
