"""Who visits enterprises, and whose visits and promises others see to."""

from sqlalchemy import ColumnElement, and_, not_
from sqlmodel import col, select

from models.account import Account
from services.permissions import MATRIX, Action

VISITORS = tuple(MATRIX[Action.VISIT_RECORD])
"""Roles that visit enterprises."""
VISITS: ColumnElement[bool] = and_(col(Account.active), col(Account.role).in_(VISITORS))
"""The condition of those who visit enterprises."""
GONE = select(Account.id).where(not_(VISITS))
"""The statement of those who visit no more: they have left, or work in another role."""
