"""The viewer of sent mail: what went out, what waits, and what is only kept because no mail server is set."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from core.errors import NotFoundError
from core.text import clean
from models.channel import ChannelKind
from models.reminder import Delivery, DeliveryState, Message
from services.actor import Actor
from services.inbox.links import message_url
from services.permissions import Action
from services.use_case import use_case

PAGE = 50


@dataclass(frozen=True)
class MailLineView:
    """One mail in the list.

    Args:
        id: its delivery.
        moment: when it was sent, or written if it has not been.
        address: to whom.
        title: its subject.
        state: where it stands.
        kept_only: whether it never left the product, because no mail server was set.
    """

    id: int
    moment: datetime
    address: str
    title: str
    state: DeliveryState
    kept_only: bool


@dataclass(frozen=True)
class MailPage:
    """A page of the list, newest first.

    Args:
        mails: the mails of it.
        older: what to ask for to see older ones, `None` if there are none.
    """

    mails: list[MailLineView]
    older: int | None


@dataclass(frozen=True)
class Mail:
    """A whole mail.

    Args:
        line: what the list says of it.
        text: its text.
        link: the address of the message's page, which the mail's button opens.
        note: what the server answered if it failed.
        urgent: whether it is marked as urgent.
    """

    line: MailLineView
    text: str
    link: str
    note: str
    urgent: bool


def page(actor: Actor, *, address: str = "", before: int | None = None) -> MailPage:
    """Return the newest mails.

    Args:
        actor: who asks.
        address: only those to addresses that hold this text.
        before: only those older than this one: `MailPage.older` of the page before.
    """
    statement = (
        select(Delivery, Message)
        .join(Message, col(Message.id) == Delivery.message_id)
        .where(Delivery.kind == ChannelKind.MAIL)
        .order_by(col(Delivery.id).desc())
        .limit(PAGE + 1)
    )
    if wanted := clean(address):
        statement = statement.where(col(Delivery.address).icontains(wanted, autoescape=True))
    if before is not None:
        statement = statement.where(col(Delivery.id) < before)
    with use_case(actor, Action.DELIVERY_VIEW) as session:
        found = [_line(delivery, message) for delivery, message in session.exec(statement)]
    mails = found[:PAGE]
    return MailPage(mails, mails[-1].id if len(found) > PAGE else None)


def mail(actor: Actor, delivery_id: int) -> Mail:
    """Return one mail.

    Raises:
        NotFoundError: there is none.
    """
    statement = (
        select(Delivery, Message)
        .join(Message, col(Message.id) == Delivery.message_id)
        .where(Delivery.id == delivery_id, Delivery.kind == ChannelKind.MAIL)
    )
    with use_case(actor, Action.DELIVERY_VIEW) as session:
        found = session.exec(statement).first()
        if found is None:
            raise NotFoundError
        delivery, message = found
        return Mail(
            _line(delivery, message), message.body, message_url(message.pk), delivery.note, message.urgent
        )  # fmt: skip


def _line(delivery: Delivery, message: Message) -> MailLineView:
    return MailLineView(
        delivery.pk, delivery.sent_at or delivery.created_at, delivery.address, message.title, delivery.state,
        delivery.kept_only,
    )  # fmt: skip
