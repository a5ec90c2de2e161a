"""What an administrator can change of the way deadlines are counted; each change checks and stores itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Protocol

from sqlalchemy import or_
from sqlmodel import Session, col, select

from core import text
from core.errors import ConflictError, InvalidError
from core.i18n import N_, format_date
from core.i18n import gettext as _
from models.calendar import CountingRule, HolidayNotice, OfficeHours
from models.configuration import CalendarDay, DayKind
from models.issue import IssueKind, Urgency
from models.limits import Stage, TimeLimit
from models.notice import Notice, read
from models.worktime import Convention, LimitUnit, OpenHours
from services.working_time import china

_LONGEST = 366
_OPPOSITE = {DayKind.HOLIDAY: DayKind.WORKDAY, DayKind.WORKDAY: DayKind.HOLIDAY}


class Change(Protocol):
    """A change of the calendar or of time limits."""

    def told(self) -> str:
        """Return what changes, for the logs of the issues it moves, in the present language."""

    def carry_out(self, session: Session) -> None:
        """Store it.

        Raises:
            InvalidError: a value is not acceptable.
            ConflictError: it cannot be done now.
        """


@dataclass(frozen=True)
class Refresh:
    """Nothing changes; deadlines follow what has changed with a new version of the product, such as a new notice."""

    def told(self) -> str:
        """Return what changes."""
        return _("Calendar: as published meanwhile")

    def carry_out(self, session: Session) -> None:
        """Store nothing."""


@dataclass(frozen=True)
class DaysChange:
    """Days become the zone's own days off or working days, or are again what the State Council says.

    Args:
        first: the first of them.
        last: the last of them.
        kind: what they become; `None` takes own days back. What the notice in force says already stays the notice's.
        name: what they are called.
    """

    first: date
    last: date
    kind: DayKind | None
    name: str = ""

    def told(self) -> str:
        """Return what changes."""
        what = _(self.kind.label) if self.kind else _("as published")
        days = format_date(self.first)
        if self.last != self.first:
            days = _("{first} to {last}").format(first=days, last=format_date(self.last))
        return _("Calendar: {days} {what}").format(days=days, what=what)

    def carry_out(self, session: Session) -> None:
        """Store the days."""
        if not 0 <= (self.last - self.first).days < _LONGEST:
            raise InvalidError({"last": _("The last day must not lie before the first, nor a year after it.")})
        found = select(CalendarDay).where(CalendarDay.day >= self.first, CalendarDay.day <= self.last)
        rows, years = session.exec(found).all(), _noticed_years(session)
        noticed = [row for row in rows if abs(row.notice_year or 0) in years]
        for row in noticed:
            self._over_notice(session, row)
        _delete(session, [row for row in rows if row not in noticed])
        if self.kind is None:
            return
        days = {self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)}
        free = sorted(days - {row.day for row in noticed})
        session.add_all(CalendarDay(day=day, kind=self.kind, name=_named(self.name)) for day in free)

    def _over_notice(self, session: Session, row: CalendarDay) -> None:
        """Change a day of a notice, which is kept nowhere else: the row keeps in mind what the notice says of it."""
        year = abs(row.notice_year or 0)
        replaced = row.notice_year != year
        said = _OPPOSITE[row.kind] if replaced else row.kind
        if self.kind not in (None, said):
            row.kind, row.name, row.notice_year = _OPPOSITE[said], _named(self.name), -year
        elif replaced:
            others = session.exec(select(CalendarDay).where(CalendarDay.notice_year == year)).all()
            name = china.nearest(row.day, {each.day: each.name for each in others})
            row.kind, row.name, row.notice_year = said, name, year


@dataclass(frozen=True)
class NoticeChange:
    """The notice of a year is published: its days become those of the calendar, the year is no longer provisional.

    Args:
        year: the year, unless the notice names another.
        published_on: when it was published.
        source: its number or address.
        text: the notice as published.
    """

    year: int
    published_on: date | None
    source: str
    text: str

    def read(self) -> Notice:
        """Return what the notice says."""
        return read(self.text, self.year)

    def told(self) -> str:
        """Return what changes."""
        return _("Calendar: holiday notice of {year}").format(year=self.read().year)

    def carry_out(self, session: Session) -> None:
        """Store the notice, and its days in place of those of the notice before it and of own days of the same dates.

        Own days of other dates stay: the notice does not speak of them.
        """
        notice = self.read()
        if not any(each.off for each in notice.days):
            raise InvalidError({"text": _("No day off was found. Paste the notice with its dates.")})
        if not 2001 <= notice.year <= 2100:
            raise InvalidError({"year": _("The year must lie between 2001 and 2100.")})
        days = [each.day for each in notice.days]
        replaced = or_(col(CalendarDay.day).in_(days), col(CalendarDay.notice_year) == notice.year)
        _delete(session, session.exec(select(CalendarDay).where(replaced)).all())
        session.add_all(
            CalendarDay(
                day=each.day, kind=DayKind.HOLIDAY if each.off else DayKind.WORKDAY, name=_named(each.name),
                notice_year=notice.year,
            )
            for each in notice.days
        )  # fmt: skip
        for own in session.exec(select(CalendarDay).where(CalendarDay.notice_year == -notice.year)).all():
            own.notice_year = None  # it stood in place of a day of the notice before, of which this one does not speak
        row = session.exec(select(HolidayNotice).where(HolidayNotice.year == notice.year)).one_or_none()
        row = row or HolidayNotice(year=notice.year)
        row.published_on, row.source = self.published_on, text.clean(self.source)[:300]
        session.add(row)


@dataclass(frozen=True)
class NoticeRemoval:
    """A year an administrator entered is provisional again; its days stay, to be changed one by one."""

    year: int

    def told(self) -> str:
        """Return what changes."""
        return _("Calendar: holiday notice of {year} taken back").format(year=self.year)

    def carry_out(self, session: Session) -> None:
        """Delete the notice."""
        _delete(session, session.exec(select(HolidayNotice).where(HolidayNotice.year == self.year)).all())


@dataclass(frozen=True)
class HoursChange:
    """Office hours of every working day."""

    hours: tuple[OpenHours, ...]

    def told(self) -> str:
        """Return what changes."""
        hours = _(", ").join(f"{each.opens:%H:%M}–{each.closes:%H:%M}" for each in self.hours)
        return _("Office hours: {hours}").format(hours=hours)

    def carry_out(self, session: Session) -> None:
        """Store them in place of the present ones."""
        if not self.hours:
            raise InvalidError({"hours": _("A working day needs office hours.")})
        if any(each.opens >= each.closes for each in self.hours):
            raise InvalidError({"hours": _("Office hours must end after they begin.")})
        ordered = sorted(self.hours, key=lambda each: each.opens)
        if any(after.opens < before.closes for before, after in pairwise(ordered)):
            raise InvalidError({"hours": _("Office hours must not overlap.")})
        _delete(session, session.exec(select(OfficeHours)).all())
        session.add_all(OfficeHours(opens=each.opens, closes=each.closes) for each in ordered)


@dataclass(frozen=True)
class ConventionChange:
    """How receipt is treated."""

    convention: Convention

    def told(self) -> str:
        """Return what changes."""
        return _("How receipt is counted")

    def carry_out(self, session: Session) -> None:
        """Store it."""
        session.merge(CountingRule.of(self.convention))


@dataclass(frozen=True)
class LimitChange:
    """A time limit is added, or another amount is set; for which issues it counts does not change.

    Args:
        stage: what is to be done.
        kind: of which kind of issue; `None`: of any.
        urgency: of which urgency; `None`: of any.
        cross_department: across departments or not; `None`: both.
        amount: how long; `None` takes the row away.
        unit: counted in what.
    """

    stage: Stage
    kind: IssueKind | None
    urgency: Urgency | None
    cross_department: bool | None
    amount: int | None
    unit: LimitUnit = LimitUnit.WORKING_DAYS

    def told(self) -> str:
        """Return what changes."""
        what = _("{amount} {unit}").format(amount=self.amount, unit=_(self.unit.label)) if self.amount else _("removed")
        return _("Time limit “{stage}”: {what}").format(stage=_(self.stage.label), what=what)

    def carry_out(self, session: Session) -> None:
        """Store it."""
        row = session.exec(
            select(TimeLimit).where(
                TimeLimit.stage == self.stage,
                col(TimeLimit.kind).is_not_distinct_from(self.kind),
                col(TimeLimit.urgency).is_not_distinct_from(self.urgency),
                col(TimeLimit.cross_department).is_not_distinct_from(self.cross_department),
            )
        ).one_or_none()
        if self.amount is None:
            self._remove(session, row)
            return
        if not 1 <= self.amount <= 10_000:
            raise InvalidError({"amount": _("A time limit lies between 1 and 10,000.")})
        row = row or TimeLimit(
            stage=self.stage, kind=self.kind, urgency=self.urgency, cross_department=self.cross_department,
            amount=self.amount,
        )  # fmt: skip
        row.amount, row.unit = self.amount, self.unit
        session.add(row)

    def _remove(self, session: Session, row: TimeLimit | None) -> None:
        if self.kind is None and self.urgency is None and self.cross_department is None:
            raise ConflictError(N_("Each stage needs its general time limit; change it instead."))
        _delete(session, [row] if row else [])


def _noticed_years(session: Session) -> set[int]:
    """Return the years whose days only the rows of a notice an administrator entered tell, not the product itself."""
    return set(session.exec(select(HolidayNotice.year)).all()) - china.published_years()


def _delete(session: Session, rows: Sequence[object]) -> None:
    for row in rows:
        session.delete(row)
    session.flush()  # unique values must be free before others take them


def _named(name: str) -> str:
    return text.clean(name)[:100]
