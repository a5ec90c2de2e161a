"""Who sees to a commitment: whoever follows it, and where nobody can, those who are reminded of it instead."""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_, or_
from sqlmodel import col, select

from models.account import Account, Role
from models.area import Area
from models.commitment import Commitment
from models.enterprise import Enterprise
from services.access import among
from services.actor import Actor
from services.permissions import MATRIX, Action
from services.teams.leading import LEADS

_ROLES = tuple(MATRIX[Action.COMMITMENT_FULFIL])
_UNABLE = select(Account.id).where(or_(not_(col(Account.active)), col(Account.role).not_in(_ROLES)))
_STAFFED = select(Account.department_id).where(col(Account.active), col(Account.role) == Role.DEPARTMENT_OFFICER)


def followed_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a commitment is the actor's to see to; it is never unknown.

    One that nobody follows, or somebody who has left or may do so no more, is the officers' of its department; where
    that has none, the leads' of the nearest team; where there is no lead, the coordinators'.
    """
    own = col(Commitment.follower_id) == actor.account_id
    unfollowed = or_(col(Commitment.follower_id).is_(None), among(Commitment.follower_id, _UNABLE))
    return func.coalesce(or_(own, and_(unfollowed, _instead(actor))), false())


def _instead(actor: Actor) -> ColumnElement[bool]:
    staffed = func.coalesce(among(Commitment.department_id, _STAFFED), false())
    if actor.role is Role.DEPARTMENT_OFFICER:
        return col(Commitment.department_id) == actor.department_id
    if actor.role is Role.TEAM_LEAD:
        return and_(not_(staffed), _nearest_led().in_(actor.area_paths))
    return and_(not_(staffed), _nearest_led().is_(None)) if actor.role is Role.COORDINATOR else false()


def _nearest_led() -> Any:
    """Return the path of the smallest area around the commitment's enterprise whose team has a lead; null for none."""
    led = LEADS.order_by(None).subquery()
    around = (
        select(led.c.path)
        .select_from(Enterprise)
        .join(Area, col(Area.id) == Enterprise.area_id)
        .join(led, col(Area.path).startswith(led.c.path))
        .where(Enterprise.id == Commitment.enterprise_id)
    )
    return around.order_by(func.length(led.c.path).desc()).limit(1).correlate(Commitment).scalar_subquery()
