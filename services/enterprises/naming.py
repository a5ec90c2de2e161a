"""The names of enterprises: of those whose ids are known, and of those somebody chooses from."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from core.collation import by_reading
from core.text import named
from models.enterprise import Enterprise
from services import access
from services.actor import Actor
from services.entities.queries import searched
from services.permissions import Action
from services.use_case import use_case


def choices(
    session: Session, *conditions: ColumnElement[bool] | bool, search: str = "", limit: int | None = None
) -> dict[int, str]:
    """Return id → name of enterprises to choose from, in the order of their reading; part of a use case.

    Where several have one name, their address, or else their credit code, stands beside it.

    Args:
        session: the use case's session.
        conditions: what they must meet.
        search: part of name, credit code or address; all of them where it is empty.
        limit: at most so many.
    """
    asked = select(Enterprise).where(*conditions).order_by(by_reading(col(Enterprise.name)), col(Enterprise.id))
    if search.strip():
        asked = asked.where(searched(Enterprise, search, []))
    columns = asked.with_only_columns(Enterprise.id, Enterprise.name, Enterprise.address, Enterprise.credit_code)  # type: ignore[call-overload]  # columns
    rows = session.execute(columns.limit(limit))
    return named((row_id, name, address or code) for row_id, name, address, code in rows)


def names(actor: Actor, ids: Sequence[int]) -> dict[int, str]:
    """Return id → name of those of some enterprises that the actor may see.

    Raises:
        NotAllowedError: the role may not see enterprises.
    """
    with use_case(actor, Action.ENTERPRISE_VIEW) as session:
        found = access.visible(actor, Action.ENTERPRISE_VIEW, Enterprise)
        return {row.pk: row.name for row in session.exec(found.where(col(Enterprise.id).in_(ids)))}
