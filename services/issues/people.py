"""Who deals with enterprises: receives their needs first, and calls them back."""

from sqlmodel import Session, select

from models.account import Account, Role

DEALING = (Role.COORDINATOR, Role.TEAM_LEAD, Role.GRID_WORKER)
"""Roles that deal with enterprises."""


def deals(session: Session, account_id: int) -> bool:
    """Return whether somebody deals with enterprises and still works here."""
    found = session.exec(select(Account).where(Account.id == account_id)).first()
    return found is not None and found.active and found.role in DEALING
