"""The names of enterprises, for whoever knows their ids."""

from collections.abc import Sequence

from sqlmodel import col

from models.enterprise import Enterprise
from services import access
from services.actor import Actor
from services.permissions import Action
from services.use_case import use_case


def names(actor: Actor, ids: Sequence[int]) -> dict[int, str]:
    """Return id → name of those of some enterprises that the actor may see.

    Raises:
        NotAllowedError: the role may not see enterprises.
    """
    with use_case(actor, Action.ENTERPRISE_VIEW) as session:
        found = access.visible(actor, Action.ENTERPRISE_VIEW, Enterprise)
        return {row.pk: row.name for row in session.exec(found.where(col(Enterprise.id).in_(ids)))}
