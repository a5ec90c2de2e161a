"""Who deals with enterprises: receives their needs first, and calls them back."""

from sqlmodel import Session, and_, col, not_, select

from models.account import Account, Role

DEALING = (Role.COORDINATOR, Role.TEAM_LEAD, Role.GRID_WORKER)
"""Roles that deal with enterprises."""
DEALS = and_(col(Account.active), col(Account.role).in_(DEALING))
"""The condition of those who deal with enterprises."""
GONE = select(Account.id).where(not_(DEALS))
"""The statement of those who deal with enterprises no more: they have left, or work in another role."""


def deals(session: Session, account_id: int) -> bool:
    """Return whether somebody deals with enterprises and still works here."""
    found = session.exec(select(Account).where(Account.id == account_id)).first()
    return found is not None and found.active and found.role in DEALING
