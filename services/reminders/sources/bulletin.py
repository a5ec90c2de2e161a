"""The monthly bulletin as a source of reminders: a month is named by its number, such as 202312."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlmodel import Session, col, select

from core import clock, months
from core.i18n import N_, format_date, gettext
from models.bulletin import Bulletin, BulletinSettings, BulletinState
from models.reminder import Occasion, Relation, Subject
from models.worktime import Calendar
from services import working_time
from services.bulletin import schedule
from services.bulletin.naming import title
from services.reminders.sources.people import people
from services.reminders.sources.words import NO_ROW, days_left
from services.reminders.standing import Standing, Words


class Bulletins:
    """The source: a month stands until its bulletin is issued."""

    def standings(self, session: Session, ids: Sequence[int], *, lock: bool = True) -> list[Standing]:
        """Return how the bulletins of these months stand; see `Source`."""
        wanted = set(ids) & set(_months())
        wanted -= _issued(session, wanted, lock=lock)
        if not wanted:
            return []
        who, calendar, settings = people(session), working_time.calendar(session), schedule.settings_of(session)
        around = who.of_zone() | {Relation.ASSIGNEE: who.coordinators}
        return [
            Standing(
                Subject.BULLETIN, month, Occasion.BULLETIN_DUE, calendar.closing(due), due.toordinal(), None, around
            )
            for month in sorted(wanted)
            for due in [due_on(month, settings, calendar)]
        ]

    def live(self, _session: Session, after: int, limit: int) -> list[int]:
        """Return the last month and the present one; see `Source`."""
        return [month for month in _months() if month > after][:limit]

    def words(self, session: Session, ids: Iterable[int]) -> dict[int, Words]:
        """Return what templates may say about the bulletins of these months; see `Source`."""
        calendar, settings = working_time.calendar(session), schedule.settings_of(session)
        return {month: _words(month, settings, calendar) for month in ids}

    def link(self, subject_id: int) -> str:
        """Return the address of the month's bulletin; see `Source`."""
        return f"/bulletin-bulletin?month={subject_id}"

    def sample(self) -> Words:
        """Return words of last month's bulletin; see `Source`."""
        return _words(_months()[0], BulletinSettings(), working_time.published())


def due_on(month: int, settings: BulletinSettings, calendar: Calendar) -> date:
    """Return the day by which a month's bulletin is to be issued."""
    return schedule.working_day_after(months.of_number(month), settings.issue_day, calendar)


def _issued(session: Session, wanted: set[int], *, lock: bool) -> set[int]:
    found = (
        select(Bulletin)
        .where(col(Bulletin.month).in_([months.of_number(each) for each in wanted]))
        .where(Bulletin.state != BulletinState.WITHDRAWN)
        .order_by(col(Bulletin.id))
    )
    rows = session.exec(found.with_for_update() if lock else found).all()
    return {months.numbered(row.month) for row in rows if row.state is BulletinState.ISSUED}


def _months() -> list[int]:
    this = months.first_of(clock.today())
    return [months.numbered(months.before(this)), months.numbered(this)]


def _words(month: int, settings: BulletinSettings, calendar: Calendar) -> Words:
    day = due_on(month, settings, calendar)
    return {
        **NO_ROW,
        "title": title(months.of_number(month)),
        "due": format_date(day),
        "days_left": days_left(calendar, day),
        "link_text": gettext(N_("Open the bulletin")),
    }
