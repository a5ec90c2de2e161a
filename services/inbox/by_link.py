"""Messages opened by their link, without signing in: whoever holds the link may read and acknowledge that one.

The token is what is checked here in place of an account: only the product makes one, for one message, and gives it to
whoever the message is for. Nothing but the message itself is told, and to an enterprise's contact no inner matter.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from core.errors import NotFoundError
from models.account import Account
from models.reminder import Message, Reminder, ReminderState
from services.actor import SYSTEM
from services.inbox import explaining, ladders
from services.inbox.ladders import Step
from services.inbox.links import message_id_of
from services.permissions import Action
from services.reminders import acknowledging, rows
from services.use_case import use_case


@dataclass(frozen=True)
class Item:
    """One reminder of a message.

    Args:
        id: the reminder's.
        title: its title as it was told.
        body: its text as it was told.
        link: the path of the subject's page, which asks to sign in; empty for contacts of enterprises.
        acted_at: when it was acknowledged.
        stopped: what acknowledging stopped; always empty for contacts.
        next: what is still to come about it; always empty for contacts.
    """

    id: int
    title: str
    body: str
    link: str
    acted_at: datetime | None
    stopped: list[Step]
    next: list[Step]


@dataclass(frozen=True)
class Letter:
    """A message as its page shows it."""

    title: str
    body: str
    locale: str
    urgent: bool
    told_at: datetime
    inner: bool
    """Whether it is for people of the administration rather than for an enterprise."""
    items: list[Item]

    @property
    def open(self) -> list[Item]:
        """What of it has not been acknowledged."""
        return [item for item in self.items if item.acted_at is None]


def letter(token: str) -> Letter:
    """Return the message a link leads to.

    Raises:
        NotFoundError: the link names none, or was for an account that is no longer active.
    """
    with _opened(token) as (session, message):
        inner = _is_inner(message)
        found = _reminders(session, message)
        items = _items(session, found) if inner else [_plain(row) for row in found]
        return Letter(message.title, message.body, message.locale, message.urgent, message.created_at, inner, items)


def note_read(token: str) -> None:
    """Record that a person has looked at the message of a link.

    Raises:
        NotFoundError: see `letter`.
    """
    with _opened(token) as (session, message):
        acknowledging.mark_read(session, [row.pk for row in _reminders(session, message)], message.account_id)


def acknowledge(token: str, reminder_id: int | None = None) -> None:
    """Say that the message of a link, or one reminder of it, has arrived; again is no harm.

    Raises:
        NotFoundError: see `letter`; or the reminder belongs to another message.
    """
    with _opened(token) as (session, message):
        found = _reminders(session, message)
        chosen = [row.pk for row in found if reminder_id in {None, row.id}]
        if found and not chosen:
            raise NotFoundError
        if _is_inner(message):
            acknowledging.acknowledge(session, chosen, message.account_id)
        else:
            _received(session, chosen)


def _received(session: Session, reminder_ids: list[int]) -> None:
    """Record that an enterprise got its message: whoever is outside stops no reminder of those who are to act."""
    ids = rows.hold(session, col(Reminder.id).in_(reminder_ids), col(Reminder.acted_at).is_(None))
    acknowledging.note_acted(session, ids)


@contextmanager
def _opened(token: str) -> Iterator[tuple[Session, Message]]:
    """Open a transaction for what a link may do; a token nobody signed costs no query."""
    message_id = message_id_of(token)
    if message_id is None:
        raise NotFoundError
    with use_case(SYSTEM, Action.INBOX) as session:
        message = session.get(Message, message_id)
        if message is None or not _may_still(session, message):
            raise NotFoundError
        yield session, message


def _is_inner(message: Message) -> bool:
    """Return whether a message is for people of the administration; that of a contact may name nobody any more."""
    return message.account_id is not None or message.team_id is not None


def _may_still(session: Session, message: Message) -> bool:
    """Return whether the recipient may still read it: somebody who has left keeps their old mails."""
    if message.account_id is None:
        return True
    account = session.get(Account, message.account_id)
    return account is not None and account.active


def _reminders(session: Session, message: Message) -> Sequence[Reminder]:
    """Return the reminders of a message, urgent ones first.

    Where rules keep some reminders from some channels, one digest becomes several messages, and a reminder names only
    one of them; the others show all that the person was told in that go.
    """
    same = Reminder.message_id == message.id
    return _those(session, same) or (
        _those(
            session,
            Reminder.recipient_id == message.account_id,
            Reminder.delivered_at == message.created_at,
            col(Reminder.urgent).is_(False),
        )
        if message.account_id is not None
        else []
    )


def _those(session: Session, *conditions: ColumnElement[bool] | bool) -> Sequence[Reminder]:
    found = select(Reminder).where(*conditions, Reminder.state != ReminderState.CANCELLED)
    return session.exec(found.order_by(col(Reminder.urgent).desc(), col(Reminder.id))).all()


def _items(session: Session, found: Sequence[Reminder]) -> list[Item]:
    matters = [ladders.matter(row) for row in found]
    next_, stopped = ladders.to_come(session, matters), ladders.stopped(session, matters)
    return [
        Item(
            row.pk, row.title, row.body, explaining.link(row.subject, row.subject_id, row.relation), row.acted_at,
            stopped.get(matter, []), next_.get(matter, []),
        )
        for row, matter in zip(found, matters, strict=True)
    ]  # fmt: skip


def _plain(row: Reminder) -> Item:
    return Item(row.pk, row.title, row.body, "", row.acted_at, [], [])
