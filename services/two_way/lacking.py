"""What a need or a visit lacks: one condition each, by which gaps are counted and lists show exactly their rows."""

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlmodel import col

from core import clock
from core.i18n import N_
from models.base import LabelledEnum
from models.issue import UNRESOLVED_STATES, Issue, IssueState
from models.visit import Outcome, Promise, Visit, VisitState
from services.tallies.measures import CONDITIONS, Measure


class NeedLacks(LabelledEnum):
    """What a need may lack."""

    RESPONSE = "response", N_("Nobody has taken it up")
    ANSWER = "answer", N_("Enterprise not told the result")


class VisitLacks(LabelledEnum):
    """What a visit may lack."""

    RECORD = "record", N_("Its day is over and nothing recorded")
    RESULT = "result", N_("Recorded without a result")


def need(wanted: list[NeedLacks]) -> ColumnElement[bool]:
    """Return the condition that an issue lacks any of these."""
    conditions = {
        NeedLacks.RESPONSE: and_(col(Issue.state).in_(UNRESOLVED_STATES), ~CONDITIONS[Measure.RESPONDED]),
        NeedLacks.ANSWER: col(Issue.state).in_((IssueState.RESOLVED_ON_SITE, IssueState.RESOLVED)),
    }
    return or_(*(conditions[each] for each in wanted))


def visit(wanted: list[VisitLacks]) -> ColumnElement[bool]:
    """Return the condition that a visit lacks any of these.

    A result is anything that came of it: a summary, an answer to a question, a need or a promise.
    """
    conditions = {
        VisitLacks.RECORD: and_(col(Visit.state) == VisitState.PLANNED, col(Visit.planned_on) < clock.today()),
        VisitLacks.RESULT: and_(
            col(Visit.state) == VisitState.RECORDED,
            col(Visit.outcome) == Outcome.MET,
            col(Visit.summary) == "",
            col(Visit.answers) == {},
            ~exists().where(col(Issue.visit_id) == Visit.id),
            ~exists().where(col(Promise.visit_id) == Visit.id),
        ),
    }
    return or_(*(conditions[each] for each in wanted))
