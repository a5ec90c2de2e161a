"""A person's messages: every reminder they were told, the newest first, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, func, tuple_
from sqlalchemy import select as columns
from sqlmodel import Session, col

from core.i18n import N_
from models.base import LabelledEnum
from models.reminder import Occasion, Relation, Reminder, ReminderRule, ReminderState, Subject
from services import access
from services.actor import Actor
from services.inbox import explaining, ladders
from services.permissions import Action
from services.use_case import use_case

PAGE = 200
"""How many reminders a page holds; a day's reminders of one rule are one line of it."""
_PRESSING = 100
UNREAD = ReminderState.DELIVERED
_NOT_ACTED_ON = (ReminderState.DELIVERED, ReminderState.READ)


class Show(LabelledEnum):
    """Which of the messages are shown."""

    ALL = "all", N_("All")
    UNREAD = "unread", N_("Unread")
    URGENT = "urgent", N_("Urgent")
    TO_CONFIRM = "to_confirm", N_("To confirm")


@dataclass(frozen=True)
class Wanted:
    """What a page of messages is asked for.

    Args:
        show: which of them.
        subject: only about this kind of thing.
        before: only what comes after this message in the list, as `Page.rest` of the page before told it.
    """

    show: Show = Show.ALL
    subject: Subject | None = None
    before: tuple[datetime, int] | None = None


@dataclass(frozen=True)
class Line:
    """One reminder as its recipient sees it."""

    id: int
    subject: Subject
    subject_id: int
    occasion: Occasion
    rule_id: int | None
    rule: str
    relation: Relation | None
    title: str
    body: str
    urgent: bool
    state: ReminderState
    told_at: datetime
    acted_at: datetime | None
    goes_on: bool
    """Whether acknowledging it stops something that is still to come."""

    @property
    def link(self) -> str:
        """The path of the subject's page; empty if it has none."""
        return explaining.link(self.subject, self.subject_id, self.relation)

    @property
    def unread(self) -> bool:
        """Whether it has not been looked at."""
        return self.state is UNREAD

    @property
    def open(self) -> bool:
        """Whether it has not been acknowledged."""
        return self.state in _NOT_ACTED_ON


@dataclass(frozen=True)
class Page:
    """A page of messages.

    Args:
        pressing: urgent ones not read yet, whatever day they are of; on the first page only.
        lines: the others, the newest first.
        rest: where the next page begins; `None` on the last.
    """

    pressing: list[Line] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    rest: tuple[datetime, int] | None = None


@dataclass(frozen=True)
class Counts:
    """How many messages wait to be read."""

    unread: int = 0
    urgent: int = 0


def unread(actor: Actor) -> Counts:
    """Return how many of the actor's messages are unread, and how many of those are urgent."""
    with use_case(actor, Action.INBOX) as session:
        urgent = func.count().filter(_urgent())
        found = columns(func.count(), urgent).where(*_own(actor), col(Reminder.state) == UNREAD)
        return Counts(*session.execute(found).one())


def messages(actor: Actor, wanted: Wanted | None = None) -> Page:
    """Return a page of the actor's messages."""
    wanted = wanted or Wanted()
    with use_case(actor, Action.INBOX) as session:
        conditions = [*_own(actor), *_conditions(wanted)]
        pressing = _lines(session, [*conditions, *_presses()], _PRESSING)
        shown = [each.id for each in pressing]
        others = [*conditions, *_after(wanted), col(Reminder.id).not_in(shown)]
        lines = _lines(session, others, PAGE + 1)
    rest = (lines[PAGE - 1].told_at, lines[PAGE - 1].id) if len(lines) > PAGE else None
    return Page([] if wanted.before else pressing, lines[:PAGE], rest)


def _own(actor: Actor) -> list[ColumnElement[bool]]:
    """Return the conditions of what the actor was told: theirs only, however far their role reaches."""
    return [
        access.condition(actor, Action.INBOX, Reminder),
        col(Reminder.recipient_id) == actor.account_id,
        col(Reminder.delivered_at).is_not(None),
    ]


def _presses() -> list[ColumnElement[bool]]:
    return [_urgent(), col(Reminder.state) == UNREAD]


def _urgent() -> ColumnElement[bool]:
    return col(Reminder.urgent).is_(True)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    chosen: dict[Show, Sequence[ColumnElement[bool]]] = {
        Show.ALL: (),
        Show.UNREAD: (col(Reminder.state) == UNREAD,),
        Show.URGENT: (_urgent(),),
        Show.TO_CONFIRM: (col(Reminder.state).in_(_NOT_ACTED_ON), ladders.follows()),
    }
    about = [col(Reminder.subject) == wanted.subject] if wanted.subject else []
    return [*chosen[wanted.show], *about]


def _after(wanted: Wanted) -> list[ColumnElement[bool]]:
    if wanted.before is None:
        return []
    return [tuple_(col(Reminder.delivered_at), col(Reminder.id)) < wanted.before]


def _lines(session: Session, conditions: Sequence[ColumnElement[bool]], most: int) -> list[Line]:
    newest = col(Reminder.delivered_at).desc(), col(Reminder.id).desc()
    rows = session.execute(_LINES.where(*conditions).order_by(*newest).limit(most))
    return [Line(*row) for row in rows]


_LINES = columns(
    col(Reminder.id), col(Reminder.subject), col(Reminder.subject_id), col(Reminder.occasion), col(Reminder.rule_id),
    func.coalesce(ReminderRule.name, ""), col(Reminder.relation), col(Reminder.title), col(Reminder.body),
    col(Reminder.urgent), col(Reminder.state), col(Reminder.delivered_at), col(Reminder.acted_at), ladders.follows(),
).outerjoin(ReminderRule, col(ReminderRule.id) == Reminder.rule_id)  # fmt: skip
