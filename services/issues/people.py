"""Who deals with enterprises: receives their needs first, and calls them back."""

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, not_, select

from core.collation import by_reading
from core.text import named
from models.account import Account, Role

DEALING = (Role.COORDINATOR, Role.TEAM_LEAD, Role.GRID_WORKER)
"""Roles that deal with enterprises."""
DEALS = and_(col(Account.active), col(Account.role).in_(DEALING))
"""The condition of those who deal with enterprises."""
GONE = select(Account.id).where(not_(DEALS))
"""The statement of those who deal with enterprises no more: they have left, or work in another role."""


def choices(session: Session, *conditions: ColumnElement[bool] | bool, first: int | None = None) -> dict[int, str]:
    """Return id → name of accounts to choose from, in the order of their reading; part of a use case.

    Args:
        session: the use case's session.
        conditions: what they must meet, such as `DEALS`.
        first: who stands before all others, if they meet them.
    """
    order = col(Account.id) != (first or 0), by_reading(col(Account.name)), col(Account.id)
    return named(session.exec(select(Account.id, Account.name, Account.username).where(*conditions).order_by(*order)))


def deals(session: Session, account_id: int) -> bool:
    """Return whether somebody deals with enterprises and still works here."""
    found = session.exec(select(Account).where(Account.id == account_id)).first()
    return found is not None and found.active and found.role in DEALING
