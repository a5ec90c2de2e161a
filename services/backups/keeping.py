"""Which backups are kept: the last of each of so many days, weeks and months (grandfather, father, son)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from core import clock
from core.settings import settings
from services.backups.making import Made
from services.backups.places import Kept, Place


@dataclass(frozen=True)
class Keep:
    """How much is kept; only days, weeks and months that have a backup count.

    Args:
        days: at least 1, so that the latest is always kept.
        weeks: ISO weeks.
        months: calendar months.
    """

    days: int
    weeks: int
    months: int


def kept(moments: Collection[datetime], keep: Keep, zone: tzinfo) -> set[datetime]:
    """Return which of some backups are kept.

    Args:
        moments: when they were made, in any order.
        keep: how much.
        zone: the time zone in which days begin.
    """
    latest = sorted(moments, reverse=True)
    rules: tuple[tuple[int, Callable[[datetime], tuple[int, ...]]], ...] = (
        (keep.days, lambda at: (at.year, at.month, at.day)),
        (keep.weeks, lambda at: tuple(at.isocalendar())[:2]),
        (keep.months, lambda at: (at.year, at.month)),
    )
    found: set[datetime] = set()
    for count, period in rules:
        last_of: dict[tuple[int, ...], datetime] = {}
        for each in latest:
            last_of.setdefault(period(each.astimezone(zone)), each)
        found |= set(list(last_of.values())[:count])
    return found


def tidy_after(made: Made) -> list[Kept]:
    """Remove what need not be kept beside a backup; nothing while it lacks files, for an older one may have them.

    Returns:
        What was removed.
    """
    return [] if made.manifest.missing else tidy(Place(made.place))


def tidy(place: Place) -> list[Kept]:
    """Remove the backups that the settings do not want kept, and what attempts that died have left.

    Returns:
        What was removed.
    """
    given = settings()
    keep = Keep(given.backup_keep_days, given.backup_keep_weeks, given.backup_keep_months)
    present = place.kept()
    wanted = kept([each.at for each in present], keep, clock.zone())
    gone = [each for each in present if each.at not in wanted]
    for each in gone:
        place.drop(each.name)
    place.drop_drafts(clock.now() - timedelta(days=1))
    return gone
