"""How batches stand, and each of their recipients."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, true
from sqlmodel import Session, col, func, select

from core import text
from core.errors import NotFoundError
from models.account import Account
from models.addressees import Choice, choice_of
from models.enterprise import Contact, Enterprise
from models.reminder import BatchState, NoticeBatch, Reminder, ReminderState, Subject
from services import access
from services.actor import Actor
from services.notices.previewing import LISTED, Unreached, unreached_of
from services.notices.states import Counts, counts_of
from services.permissions import Action, allows
from services.use_case import use_case

UNDER_WAY = (BatchState.DRAFT, BatchState.SENDING, BatchState.PAUSED)


@dataclass(frozen=True)
class Standing:
    """A batch and how it stands.

    Args:
        batch: its row.
        counts: how its recipients stand.
        writer: who wrote it.
    """

    batch: NoticeBatch
    counts: Counts
    writer: str
    next_at: datetime | None = None
    """When the next of those who wait are told."""

    @property
    def total(self) -> int:
        """How many get it, written down already or not."""
        return max(self.batch.planned, self.counts.total)

    @property
    def told(self) -> int:
        """For how many nothing is left to do."""
        return self.counts.total - self.counts.open

    @property
    def choice(self) -> Choice:
        """Whom it means."""
        return choice_of(self.batch.audience, self.batch.filters)


@dataclass(frozen=True)
class Found:
    """A page of batches and how many there are."""

    rows: list[Standing]
    total: int


@dataclass(frozen=True)
class Sums:
    """All batches that went out taken together."""

    batches: int
    matters: int
    counts: Counts


@dataclass(frozen=True)
class Recipient:
    """One recipient of a batch and how it stands with them."""

    id: int
    enterprise_id: int | None
    enterprise: str
    person: str
    state: ReminderState
    due_at: datetime
    told_at: datetime | None
    read_at: datetime | None
    note: str


def find(
    actor: Actor, *, search: str = "", states: Sequence[BatchState] = (), page: int = 1, page_size: int = 20
) -> Found:
    """Return a page of batches, the latest first; drafts only to those who may send them.

    Raises:
        NotAllowedError: the role may not see notices.
    """
    with use_case(actor, Action.NOTICE_VIEW) as session:
        conditions = [_in_sight(actor)]
        if search.strip():
            pattern = text.like_pattern(search)
            columns = (NoticeBatch.number, NoticeBatch.title, NoticeBatch.matter)
            conditions.append(or_(*(func.lower(column).like(pattern, escape="\\") for column in columns)))
        if states:
            conditions.append(col(NoticeBatch.state).in_(states))
        total = session.exec(select(func.count()).select_from(NoticeBatch).where(*conditions)).one()
        ordered = select(NoticeBatch).where(*conditions).order_by(col(NoticeBatch.id).desc())
        rows = session.exec(ordered.limit(page_size).offset((page - 1) * page_size)).all()
        return Found(_standings(session, rows), total)


def sums(actor: Actor) -> Sums:
    """Return all batches that have begun to go out, taken together.

    Raises:
        NotAllowedError: the role may not see notices.
    """
    with use_case(actor, Action.NOTICE_VIEW) as session:
        begun = col(NoticeBatch.started_at).is_not(None)
        batches, matters = session.exec(
            select(func.count(), func.count(func.distinct(func.nullif(NoticeBatch.matter, "")))).where(begun)
        ).one()
        states = select(col(Reminder.state), func.count()).where(Reminder.subject == Subject.NOTICE)
        return Sums(batches, matters, Counts(dict(session.exec(states.group_by(col(Reminder.state))).all())))


def get(actor: Actor, batch_id: int) -> Standing:
    """Return one batch and how it stands.

    Raises:
        NotFoundError: there is no such batch or the actor may not see it.
    """
    with use_case(actor, Action.NOTICE_VIEW) as session:
        (standing,) = _standings(session, [seen(session, actor, batch_id)])
        of = (Reminder.subject == Subject.NOTICE, Reminder.subject_id == batch_id)
        waiting = select(func.min(Reminder.due_at)).where(*of, Reminder.state == ReminderState.PLANNED)
        return replace(standing, next_at=session.exec(waiting).one())


def recipients(
    actor: Actor, batch_id: int, *, states: Sequence[ReminderState] = (), search: str = "", page: int = 1,
    page_size: int = 50,
) -> tuple[list[Recipient], int]:  # fmt: skip
    """Return a page of a batch's recipients, and how many search and states leave.

    Raises:
        NotFoundError: there is no such batch or the actor may not see it.
    """
    with use_case(actor, Action.NOTICE_VIEW) as session:
        seen(session, actor, batch_id)
        statement = recipients_of(batch_id, states, search)
        total = session.execute(select(func.count()).select_from(statement.subquery())).scalar_one()
        rows = session.execute(statement.limit(page_size).offset((page - 1) * page_size))
        return [Recipient(*row) for row in rows], total


def recipients_of(batch_id: int, states: Sequence[ReminderState] = (), search: str = "") -> Any:
    """Return the statement of a batch's recipients, with the columns of `Recipient`."""
    person = func.coalesce(Contact.name, Account.name, "")
    enterprise = func.coalesce(Enterprise.name, "")
    told_at = func.coalesce(Reminder.delivered_at, Reminder.sent_at)
    conditions: list[ColumnElement[bool]] = [
        col(Reminder.subject) == Subject.NOTICE,
        col(Reminder.subject_id) == batch_id,
        col(Reminder.state).in_(states) if states else true(),
    ]
    if search.strip():
        pattern = text.like_pattern(search)
        conditions.append(or_(*(func.lower(each).like(pattern, escape="\\") for each in (person, enterprise))))
    return (
        select(  # type: ignore[call-overload]  # nine columns
            Reminder.id, Enterprise.id, enterprise, person, Reminder.state, Reminder.due_at, told_at,
            Reminder.read_at, Reminder.note,
        )
        .outerjoin(Contact, col(Contact.id) == Reminder.contact_id)
        .outerjoin(Enterprise, col(Enterprise.id) == Reminder.enterprise_id)
        .outerjoin(Account, col(Account.id) == Reminder.recipient_id)
        .where(*conditions)
        .order_by(col(Reminder.id))
    )  # fmt: skip


def unreached(actor: Actor, batch_id: int) -> list[Unreached]:
    """Return whom of its audience a batch cannot reach as things stand today.

    Raises:
        NotFoundError: there is no such batch or the actor may not see it.
    """
    with use_case(actor, Action.NOTICE_VIEW) as session:
        batch = seen(session, actor, batch_id)
        return unreached_of(session, actor, choice_of(batch.audience, batch.filters), LISTED)


def _in_sight(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a batch may be seen: drafts are their writers' business."""
    seen = access.condition(actor, Action.NOTICE_VIEW, NoticeBatch)
    return seen if allows(actor, Action.NOTICE_SEND) else seen & col(NoticeBatch.started_at).is_not(None)


def seen(session: Session, actor: Actor, batch_id: int) -> NoticeBatch:
    """Return a batch the actor may see.

    Raises:
        NotFoundError: there is no such batch or the actor may not see it.
    """
    batch = session.exec(select(NoticeBatch).where(NoticeBatch.id == batch_id, _in_sight(actor))).one_or_none()
    if batch is None:
        raise NotFoundError
    return batch


def _standings(session: Session, batches: Sequence[NoticeBatch]) -> list[Standing]:
    counts = counts_of(session, [batch.pk for batch in batches])
    writers = {batch.written_by_id for batch in batches}
    names = dict(session.exec(select(Account.id, Account.name).where(col(Account.id).in_(writers))).all())
    return [Standing(batch, counts[batch.pk], names.get(batch.written_by_id, "")) for batch in batches]
