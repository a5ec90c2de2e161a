"""What would happen if a draft went out now: who gets it and how, who cannot be reached and why, what each reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from core.errors import InvalidError
from models.addressees import Choice, EnterpriseChoice, StaffChoice, choice_of
from models.area import Area
from models.channel import ChannelKind
from models.enterprise import Enterprise
from models.reminder import NoticeBatch
from services import access
from services.actor import Actor
from services.channels import routes
from services.notices import audience, sending
from services.notices.audience import Addressee, Obstacle, Reach
from services.notices.wording import Wording
from services.permissions import Action
from services.reminders.rendering import Rendered, TemplateError
from services.use_case import use_case

LISTED = 1000
"""So many unreachable ones are listed; a file holds all of them."""
OFFERED = 300
"""To so many the text can be shown as they would read it."""


@dataclass(frozen=True)
class Unreached:
    """An enterprise that cannot be reached."""

    id: int
    name: str
    area: str
    obstacle: Obstacle


@dataclass(frozen=True)
class Preview:
    """What would happen.

    Args:
        reach: how many, and how many not.
        by_channel: how many get it by each channel outside of the product; staff always find it in their inbox.
        unreached: who cannot be reached.
        readers: the first who would get it.
        due_at: when it would go out.
    """

    reach: Reach
    by_channel: Mapping[ChannelKind, int]
    unreached: list[Unreached]
    readers: list[Addressee]
    due_at: datetime


def reach(actor: Actor, choice: Choice) -> Reach:
    """Count whom a choice means, while it is being made.

    Raises:
        NotAllowedError: the role may not send notices.
    """
    with use_case(actor, Action.NOTICE_SEND) as session:
        return audience.reach(session, actor, choice)


def preview(actor: Actor, batch_id: int) -> Preview:
    """Return what would happen if a batch went out now.

    Raises:
        NotFoundError: there is no such batch or the actor may not send it.
    """
    with use_case(actor, Action.NOTICE_SEND) as session:
        batch = access.load(session, actor, Action.NOTICE_SEND, NoticeBatch, batch_id)
        choice = choice_of(batch.audience, batch.filters)
        found = audience.reach(session, actor, choice)
        return Preview(
            reach=found,
            by_channel=_by_channel(session, actor, choice, found),
            unreached=unreached_of(session, actor, choice, LISTED),
            readers=_readers(session, actor, choice),
            due_at=sending.due(session, batch),
        )


def as_read_by(actor: Actor, batch_id: int, to: Addressee) -> Rendered:
    """Return the text of a batch as one of its audience would read it.

    Raises:
        InvalidError: it cannot be said to them.
        NotFoundError: there is no such batch or the actor may not send it.
    """
    with use_case(actor, Action.NOTICE_SEND) as session:
        batch = access.load(session, actor, Action.NOTICE_SEND, NoticeBatch, batch_id)
        try:
            return Wording(batch.audience, batch.title, batch.body).for_(to)
        except TemplateError as problem:
            raise InvalidError({"body": problem.reason}) from None


def unreached_of(session: Session, actor: Actor, choice: Choice, limit: int | None = None) -> list[Unreached]:
    """Return the enterprises of a choice that cannot be reached, in the order of their ids."""
    if isinstance(choice, StaffChoice):
        return []  # everybody with an account has an inbox
    found = audience.statement(session, actor, choice).subquery()
    statement = (
        select(found.c.id, found.c.enterprise, Area.name, found.c.obstacle)
        .join(Enterprise, col(Enterprise.id) == found.c.id)
        .join(Area, col(Area.id) == Enterprise.area_id)
        .where(found.c.obstacle.is_not(None))
        .order_by(found.c.id)
        .limit(limit)
    )
    return [Unreached(row_id, name, area, Obstacle.of(why)) for row_id, name, area, why in session.execute(statement)]


def _readers(session: Session, actor: Actor, choice: Choice) -> list[Addressee]:
    found = audience.statement(session, actor, choice)
    columns = found.selected_columns
    if isinstance(choice, EnterpriseChoice):
        found = found.where(columns.obstacle.is_(None))
    return audience.addressees(session, found.order_by(columns.id).limit(OFFERED))


def _by_channel(session: Session, actor: Actor, choice: Choice, found: Reach) -> dict[ChannelKind, int]:
    if isinstance(choice, EnterpriseChoice):
        return {ChannelKind.MAIL: found.reachable}
    people = audience.statement(session, actor, choice).subquery()
    ways = routes(session, list(session.scalars(select(people.c.id))))
    kinds = [{route.kind for route in each} for each in ways.values()]
    return {kind: count for kind in ChannelKind if (count := sum(kind in each for each in kinds))}
