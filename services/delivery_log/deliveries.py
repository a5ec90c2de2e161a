"""What leaves the product: each message on its way by a channel, with the server's answer where it failed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from core.i18n import gettext
from core.text import like_pattern
from models.account import Account
from models.channel import Channel, ChannelKind
from models.enterprise import Contact, Enterprise
from models.reminder import Delivery, DeliveryState, Message
from models.team import Team
from services import access
from services.actor import Actor
from services.delivery_log.listing import CAP
from services.permissions import Action
from services.use_case import use_case


@dataclass(frozen=True)
class SendingQuery:
    """Which deliveries are asked for.

    Args:
        state: where they stand.
        channel: by which channel.
        to: any part of the address or of the server's answer, or of the name of a person or team.
    """

    state: DeliveryState | None = None
    channel: ChannelKind | None = None
    to: str = ""


@dataclass(frozen=True)
class SendingLine:
    """One delivery of the list."""

    id: int
    created_at: datetime
    kind: ChannelKind
    address: str
    recipient: str
    title: str
    state: DeliveryState
    kept_only: bool
    attempts: int
    due_at: datetime
    answer: str


@dataclass(frozen=True)
class SendingPage:
    """A page of the list; `after` is the id the next page begins after, `None` on the last."""

    lines: list[SendingLine]
    after: int | None


def find(actor: Actor, query: SendingQuery, *, after: int | None = None, size: int = 50) -> SendingPage:
    """Return a page of deliveries, the newest first.

    Args:
        actor: who asks.
        query: what for.
        after: the id of the last delivery of the page before; `None` means the first page.
        size: how many it has at most.

    Raises:
        NotAllowedError: the role may not see the delivery log.
    """
    with use_case(actor, Action.DELIVERY_VIEW) as session:
        found = matching(actor, Action.DELIVERY_VIEW, query)
        if after is not None:
            found = found.where(col(Delivery.id) < after)
        rows = list(session.exec(found.order_by(col(Delivery.id).desc()).limit(size + 1)))
        more, rows = len(rows) > size, rows[:size]
        return SendingPage(_lines(session, rows), rows[-1].pk if more else None)


def one(actor: Actor, delivery_id: int) -> SendingLine:
    """Return one delivery.

    Raises:
        NotAllowedError: the role may not see the delivery log.
        NotFoundError: there is no such delivery.
    """
    with use_case(actor, Action.DELIVERY_VIEW) as session:
        return _lines(session, [access.load(session, actor, Action.DELIVERY_VIEW, Delivery, delivery_id)])[0]


def count(actor: Actor, query: SendingQuery, *states: DeliveryState) -> int:
    """Return how many deliveries fit, and stand at one of `states` if any are given, up to one more than `CAP`."""
    with use_case(actor, Action.DELIVERY_VIEW) as session:
        found = matching(actor, Action.DELIVERY_VIEW, query)
        if states:
            found = found.where(col(Delivery.state).in_(states))
        some = found.with_only_columns(col(Delivery.id)).limit(CAP + 1).subquery()
        return int(session.execute(select(func.count()).select_from(some)).scalar_one())


def matching(actor: Actor, action: Action, query: SendingQuery) -> SelectOfScalar[Delivery]:
    """Return the statement of the deliveries a query leaves of those the actor may do this with."""
    found = access.visible(actor, action, Delivery)
    if query.state is not None:
        found = found.where(col(Delivery.state) == query.state)
    if query.channel is not None:
        found = found.where(col(Delivery.kind) == query.channel)
    return found.where(_to(query.to)) if query.to.strip() else found


def _to(wanted: str) -> ColumnElement[bool]:
    pattern = like_pattern(wanted)

    def has(text: object) -> ColumnElement[bool]:
        return func.lower(text).like(pattern, escape="\\")

    accounts = select(Account.id).where(or_(has(Account.name), has(Account.username)))
    teams = select(Team.id).where(has(Team.name))
    messages = select(Message.id).where(or_(col(Message.account_id).in_(accounts), col(Message.team_id).in_(teams)))
    return or_(has(Delivery.address), has(Delivery.note), col(Delivery.message_id).in_(messages))


def _lines(session: Session, rows: list[Delivery]) -> list[SendingLine]:
    told = _messages(session, {row.message_id for row in rows})
    channels = _channels(session, {row.channel_id for row in rows if row.channel_id is not None})
    return [
        SendingLine(
            id=row.pk,
            created_at=row.created_at,
            kind=row.kind,
            address=channels.get(row.channel_id or 0, row.address),
            recipient=told[row.message_id][0],
            title=told[row.message_id][1],
            state=row.state,
            kept_only=row.kept_only,
            attempts=row.attempts,
            due_at=row.due_at,
            answer=gettext(row.note),
        )
        for row in rows
    ]


def _messages(session: Session, ids: set[int]) -> dict[int, tuple[str, str]]:
    """Return the recipient's name and the title of each message."""
    name = func.coalesce(Account.name, Team.name, Enterprise.name + " " + Contact.name, "")
    asked = (
        select(Message.id, name, Message.title)
        .outerjoin(Account, col(Account.id) == Message.account_id)
        .outerjoin(Team, col(Team.id) == Message.team_id)
        .outerjoin(Contact, col(Contact.id) == Message.contact_id)
        .outerjoin(Enterprise, col(Enterprise.id) == Contact.enterprise_id)
        .where(col(Message.id).in_(ids))
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(asked)}


def _channels(session: Session, ids: set[int]) -> dict[int, str]:
    asked = select(Channel.id, Channel.name, Channel.hint).where(col(Channel.id).in_(ids))
    return {row[0]: " ".join(part for part in row[1:] if part) for row in session.execute(asked)}
