"""The monthly bulletin as a source of reminders: a month is named by its number, such as 202312."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlmodel import Session

from core import clock
from core.i18n import N_, format_date, gettext
from models.reminder import Occasion, Relation, Subject
from models.worktime import Calendar
from services import working_time
from services.reminders.sources.people import people
from services.reminders.sources.words import days_left
from services.reminders.standing import Standing, Words

DUE_DAY = 5
"""On which working day of the next month a month's bulletin is due."""


class Bulletins:
    """The source."""

    def standings(self, session: Session, ids: Sequence[int], *, lock: bool = True) -> list[Standing]:  # noqa: ARG002 - no row to lock
        """Return how the bulletins of these months stand; see `Source`."""
        wanted = set(ids) & set(_months())
        if not wanted:
            return []
        who, calendar = people(session), working_time.calendar(session)
        around = who.of_zone() | {Relation.ASSIGNEE: who.coordinators}
        return [
            Standing(
                Subject.BULLETIN, month, Occasion.BULLETIN_DUE, calendar.closing(due), due.toordinal(), None, around
            )
            for month in sorted(wanted)
            for due in [due_on(month, calendar)]
        ]

    def live(self, _session: Session, after: int, limit: int) -> list[int]:
        """Return the last month and the present one; see `Source`."""
        return [month for month in _months() if month > after][:limit]

    def words(self, session: Session, ids: Iterable[int]) -> dict[int, Words]:
        """Return what templates may say about the bulletins of these months; see `Source`."""
        calendar = working_time.calendar(session)
        return {month: _words(month, calendar) for month in ids}

    def link(self, _subject_id: int) -> str:
        """Return the address of the issue ledger; see `Source`."""
        return "/issues-ledger"

    def sample(self) -> Words:
        """Return words of last month's bulletin; see `Source`."""
        return _words(_months()[0], working_time.published())


def due_on(month: int, calendar: Calendar) -> date:
    """Return the day on which a month's bulletin is due."""
    year, number = divmod(month, 100)
    first = date(year + number // 12, number % 12 + 1, 1)
    days = (first + timedelta(days=n) for n in range(31))
    working = [day for day in days if calendar.is_working(day)]
    return working[min(DUE_DAY, len(working)) - 1] if working else first


def _months() -> list[int]:
    today = clock.today()
    last = today.replace(day=1) - timedelta(days=1)
    return [last.year * 100 + last.month, today.year * 100 + today.month]


def _words(month: int, calendar: Calendar) -> Words:
    day = due_on(month, calendar)
    title = gettext(N_("Bulletin of {month}/{year}")).format(year=month // 100, month=month % 100)
    return {
        "number": "",
        "title": title,
        "enterprise": "",
        "department": "",
        "stage": "",
        "kind": "",
        "person": "",
        "said": "",
        "due": format_date(day),
        "days_left": days_left(calendar, day),
        "link_text": gettext(N_("Open the ledger")),
    }
