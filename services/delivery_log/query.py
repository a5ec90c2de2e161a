"""What of the delivery log is asked for, and the conditions that say it to the database."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, false, func, or_
from sqlmodel import col, select

from core import clock
from core.i18n import N_
from core.text import clean, like_pattern
from models.account import Account
from models.base import LabelledEnum
from models.channel import ChannelKind
from models.enterprise import Contact, Enterprise
from models.issue import Issue
from models.issue_log import IssueTask
from models.reminder import Delivery, NoticeBatch, Reminder, ReminderState, Subject


class Stand(LabelledEnum):
    """Where a reminder stands, as the page counts it: what is planned is split into what is due and what is not."""

    PLANNED = "planned", N_("Planned for later")
    DUE = "due", N_("Due now")
    HELD = "held", N_("Held")
    CLAIMED = "claimed", N_("Claimed")
    SENT = "sent", N_("Sent")
    DELIVERED = "delivered", N_("Delivered")
    READ = "read", N_("Read")
    ACTED_ON = "acted_on", N_("Acted on")
    FAILED = "failed", N_("Sending failed")
    CANCELLED = "cancelled", N_("Cancelled")


class Period(LabelledEnum):
    """Which reminders are looked at, by the moment they are due."""

    TODAY = "today", N_("Today")
    WEEK = "week", N_("7 days")
    MONTH = "month", N_("30 days")
    COMING = "coming", N_("Still to come")
    ANY = "any", N_("Any time")

    @property
    def days(self) -> int:
        """How many days up to today it has; 0 for those without a first day."""
        return {"today": 1, "week": 7, "month": 30}.get(self.value, 0)


COUNTED = (Period.TODAY, Period.WEEK, Period.MONTH)
"""Periods that have both ends: figures are given for these only, so that they stay quick."""


@dataclass(frozen=True)
class Query:
    """Which reminders are asked for.

    Args:
        person: any part of a recipient's name or user name, a contact's name included.
        rule_id: the rule that caused them.
        subject: what they are about.
        number: an issue's or a notice batch's number, or the id of any other subject.
        stand: where they stand.
        channel: a way by which they left the product.
        urgent: only urgent ones, only others, or all.
        period: by the moment they are due.
        since: first day; with it or `until`, `period` does not count.
        until: last day.
    """

    person: str = ""
    rule_id: int | None = None
    subject: Subject | None = None
    number: str = ""
    stand: Stand | None = None
    channel: ChannelKind | None = None
    urgent: bool | None = None
    period: Period = Period.WEEK
    since: date | None = None
    until: date | None = None

    @property
    def ascending(self) -> bool:
        """Whether what is due first is listed first: for what is still to come."""
        return self.period is Period.COMING and not (self.since or self.until)


def bounds(period: Period) -> tuple[datetime | None, datetime | None]:
    """Return the first moment of a period and the first one after it, `None` where it has no end."""
    if period is Period.COMING:
        return clock.now(), None
    if not period.days:
        return None, None
    today = clock.today()
    return clock.midnight(today - timedelta(days=period.days - 1)), clock.midnight(today + timedelta(days=1))


def conditions(query: Query) -> list[ColumnElement[bool]]:
    """Return the conditions a reminder must fulfil."""
    found = _within(query)
    if query.person.strip():
        found.append(of_person(query.person))
    if query.rule_id is not None:
        found.append(col(Reminder.rule_id) == query.rule_id)
    if query.subject is not None:
        found.append(col(Reminder.subject) == query.subject)
    if query.number.strip():
        found.append(_about(query.subject, clean(query.number)))
    if query.stand is not None:
        found.append(standing(query.stand))
    if query.channel is not None:
        by_it = select(Delivery.id).where(
            Delivery.message_id == Reminder.message_id, col(Delivery.kind) == query.channel
        )
        found.append(exists(by_it))
    if query.urgent is not None:
        found.append(col(Reminder.urgent).is_(query.urgent))
    return found


def standing(stand: Stand) -> ColumnElement[bool]:
    """Return the condition that a reminder stands there."""
    planned = col(Reminder.state) == ReminderState.PLANNED
    if stand is Stand.DUE:
        return and_(planned, col(Reminder.due_at) <= clock.now())
    if stand is Stand.PLANNED:
        return and_(planned, col(Reminder.due_at) > clock.now())
    return col(Reminder.state) == ReminderState.of(stand.value)


def of_person(wanted: str) -> ColumnElement[bool]:
    """Return the condition that somebody whose name has this in it is the recipient."""
    pattern = like_pattern(wanted)

    def named(name: object) -> ColumnElement[bool]:
        return func.lower(name).like(pattern, escape="\\")

    accounts = select(Account.id).where(or_(named(Account.name), named(Account.username)))
    contacts = (
        select(Contact.id)
        .join(Enterprise, col(Enterprise.id) == Contact.enterprise_id)
        .where(or_(named(Contact.name), named(Enterprise.name)))
    )
    return or_(col(Reminder.recipient_id).in_(accounts), col(Reminder.contact_id).in_(contacts))


def _within(query: Query) -> list[ColumnElement[bool]]:
    first, end = bounds(query.period)
    if query.since or query.until:
        first = clock.midnight(query.since) if query.since else None
        end = clock.midnight(query.until + timedelta(days=1)) if query.until else None
    due = col(Reminder.due_at)
    return [*([due >= first] if first else []), *([due < end] if end else [])]


def _about(subject: Subject | None, number: str) -> ColumnElement[bool]:
    issues = select(Issue.id).where(func.lower(Issue.number) == number.lower())
    batches = select(NoticeBatch.id).where(func.lower(NoticeBatch.number) == number.lower())
    numbered: dict[Subject, ColumnElement[bool]] = {
        Subject.ISSUE: col(Reminder.subject_id).in_(issues),
        Subject.ISSUE_TASK: col(Reminder.subject_id).in_(
            select(IssueTask.id).where(col(IssueTask.issue_id).in_(issues))
        ),
        Subject.NOTICE: col(Reminder.subject_id).in_(batches),
    }
    asked = (subject,) if subject else tuple(numbered)
    found = [and_(col(Reminder.subject) == each, numbered[each]) for each in asked if each in numbered]
    digits = number.removeprefix("#")
    if digits.isascii() and digits.isdigit() and len(digits) < 10:
        found.append(col(Reminder.subject_id) == int(digits))
    return or_(*found) if found else false()
