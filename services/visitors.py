"""Who visits enterprises, and whose visits and promises others see to."""

from sqlalchemy import ColumnElement, and_, not_
from sqlmodel import col, select

from models.account import Account
from models.campaign import Campaign, CampaignState
from models.visit import OPEN_VISIT_STATES, Visit
from services.permissions import MATRIX, Action

VISITORS = tuple(MATRIX[Action.VISIT_RECORD])
"""Roles that visit enterprises."""
VISITS: ColumnElement[bool] = and_(col(Account.active), col(Account.role).in_(VISITORS))
"""The condition of those who visit enterprises."""
GONE = select(Account.id).where(not_(VISITS))
"""The statement of those who visit no more: they have left, or work in another role."""
_FINISHED = select(Campaign.id).where(Campaign.state == CampaignState.FINISHED)
TO_MAKE: ColumnElement[bool] = and_(col(Visit.state).in_(OPEN_VISIT_STATES), col(Visit.campaign_id).not_in(_FINISHED))
"""The condition of visits somebody still has to make: what a finished campaign left open is nobody's work any more."""
