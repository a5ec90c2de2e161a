"""The records of the teams an actor answers for, the newest first."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, select

from core import clock, text
from models.account import Account
from models.enterprise import Enterprise
from models.visit import Outcome, Visit, VisitState
from services import access
from services.actor import Actor
from services.permissions import Action
from services.use_case import use_case

LIMIT = 300


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to."""

    search: str = ""
    """Part of the enterprise's or the visitor's name."""
    state: VisitState | None = None
    outcome: Outcome | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class RecordLine:
    """A record in the list."""

    visit_id: int
    enterprise: str
    visitor: str
    state: VisitState
    outcome: Outcome | None
    recorded_at: datetime | None


def records(actor: Actor, wanted: Wanted) -> list[RecordLine]:
    """Return the recorded and returned visits `actor` may return for completion, the newest first."""
    with use_case(actor, Action.VISIT_RETURN) as session:
        statement = (
            select(Visit, Enterprise.name, Account.name)
            .join(Enterprise, col(Enterprise.id) == Visit.enterprise_id)
            .join(Account, col(Account.id) == Visit.assignee_id)
            .where(access.condition(actor, Action.VISIT_RETURN, Visit))
            .where(col(Visit.recorded_at).is_not(None), col(Visit.state) != VisitState.TAKEN_BACK)
        )
        if wanted.search.strip():
            like = text.like_pattern(wanted.search)
            name, visitor = col(Enterprise.search_text), col(Account.name)
            statement = statement.where(name.like(like, escape="\\") | visitor.ilike(like, escape="\\"))
        if wanted.state is not None:
            statement = statement.where(Visit.state == wanted.state)
        if wanted.outcome is not None:
            statement = statement.where(Visit.outcome == wanted.outcome)
        if wanted.first is not None:
            statement = statement.where(col(Visit.recorded_at) >= clock.midnight(wanted.first))
        if wanted.last is not None:
            statement = statement.where(col(Visit.recorded_at) < clock.midnight(wanted.last + timedelta(days=1)))
        rows = session.execute(statement.order_by(col(Visit.recorded_at).desc(), col(Visit.id).desc()).limit(LIMIT))
        return [
            RecordLine(visit.pk, enterprise, visitor, visit.state, visit.outcome, visit.recorded_at)
            for visit, enterprise, visitor in rows
        ]
