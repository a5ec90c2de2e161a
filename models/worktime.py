"""Counting working time: limits, pauses, and deadlines with their explanation. Pure: no database, no clock."""

from dataclasses import dataclass
from datetime import date, datetime

from core.i18n import N_
from models.base import LabelledEnum


class LimitUnit(LabelledEnum):
    """What a limit is counted in."""

    WORKING_DAYS = "working_days", N_("working days")
    WORKING_MINUTES = "working_minutes", N_("working minutes")


@dataclass(frozen=True)
class Limit:
    """How long something may take."""

    amount: int
    unit: LimitUnit


@dataclass(frozen=True)
class Pause:
    """A time that does not count."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class CountedDay:
    """One day of an explanation.

    Args:
        day: the day.
        counted: whether it counts, in whole or in part.
        reason: why, as a text of the catalogue.
        name: the holiday's name, if it has one.
        provisional: whether its year has no published notice yet.
        minutes: working minutes counted on it, for limits in minutes.
    """

    day: date
    counted: bool
    reason: str
    name: str = ""
    provisional: bool = False
    minutes: int = 0


@dataclass(frozen=True)
class Deadline:
    """When a limit runs out, and why then."""

    at: datetime
    provisional: bool
    days: tuple[CountedDay, ...]
