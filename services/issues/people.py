"""Who deals with enterprises: receives their needs first, and calls them back."""

from sqlalchemy import ColumnElement, true
from sqlmodel import Session, and_, col, not_, select

from core.collation import by_reading
from core.text import named
from models.account import Account, Role
from models.issue import Issue

DEALING = (Role.COORDINATOR, Role.TEAM_LEAD, Role.GRID_WORKER)
"""Roles that deal with enterprises."""
DEALS = and_(col(Account.active), col(Account.role).in_(DEALING))
"""The condition of those who deal with enterprises."""
GONE = select(Account.id).where(not_(DEALS))
"""The statement of those who deal with enterprises no more: they have left, or work in another role."""

STAFFED = select(Account.department_id).where(
    Account.role == Role.DEPARTMENT_OFFICER, col(Account.active), col(Account.department_id).is_not(None)
)
"""The statement of the departments in which somebody can take up what is dispatched to them."""


def choices(session: Session, *conditions: ColumnElement[bool] | bool, first: int | None = None) -> dict[int, str]:
    """Return id → name of accounts to choose from, in the order of their reading; part of a use case.

    Args:
        session: the use case's session.
        conditions: what they must meet, such as `DEALS`.
        first: who stands before all others, if they meet them.
    """
    order = col(Account.id) != (first or 0), by_reading(col(Account.name)), col(Account.id)
    return named(session.exec(select(Account.id, Account.name, Account.username).where(*conditions).order_by(*order)))


def unconcerned(issue: Issue) -> ColumnElement[bool]:
    """Return the condition of those who had no part in handling an issue, nor did their department: they confirm it."""
    handled = [each for each in (issue.handler_id, issue.resolved_by_id) if each]
    others = true() if issue.department_id is None else col(Account.department_id).is_distinct_from(issue.department_id)
    return and_(others, col(Account.id).not_in(handled))


def verifies(session: Session, account_id: int, issue: Issue) -> bool:
    """Return whether somebody deals with enterprises, still works here and had no part in handling an issue."""
    found = session.exec(select(Account.id).where(Account.id == account_id, DEALS, unconcerned(issue)))
    return found.first() is not None


def deals(session: Session, account_id: int) -> bool:
    """Return whether somebody deals with enterprises and still works here."""
    return session.exec(select(Account.id).where(Account.id == account_id, DEALS)).first() is not None
