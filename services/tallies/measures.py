"""What is counted of issues: each measure is one condition, and the rates are pairs of measures.

The same condition counts the cells of `issue_tally`, proves them every night, and is the ledger's filter by which a
figure opens its rows. The three rates are those of 接诉即办 (Beijing 2019: 响应率, 解决率, 满意率).
"""

from sqlalchemy import ColumnElement, and_, or_, true
from sqlmodel import col

from core.i18n import N_
from models.base import LabelledEnum
from models.issue import Card, Issue, IssueState


class Measure(LabelledEnum):
    """What an issue counts as; its value is the column of `IssueTally`."""

    REGISTERED = "registered", N_("Registered")
    ANSWERABLE = "answerable", N_("To be responded to")
    RESPONDED = "responded", N_("Responded to")
    RESOLVED = "resolved", N_("Resolved so far")
    ON_TIME = "on_time", N_("Resolved on time")
    LATE = "late", N_("Handled late")
    ON_SITE = "on_site", N_("Resolved on site")
    CALLED_BACK = "called_back", N_("Enterprise asked")
    SOLVED = "solved", N_("Solved, says the enterprise")
    RATED = "rated", N_("Satisfaction given")
    SATISFIED = "satisfied", N_("Enterprise satisfied")
    VERIFIED = "verified", N_("Closed and verified")
    YELLOW = "yellow", N_("Yellow card of the department")
    RED = "red", N_("Red card of the department")


class Rate(LabelledEnum):
    """A share: of the issues that have one measure, those that have another too."""

    RESPONSE = "response", N_("Response rate")
    ON_TIME = "on_time", N_("On-time rate")
    RESOLUTION = "resolution", N_("Resolution rate")
    SATISFACTION = "satisfaction", N_("Satisfaction rate")


PAIRS: dict[Rate, tuple[Measure, Measure]] = {
    Rate.RESPONSE: (Measure.RESPONDED, Measure.ANSWERABLE),
    Rate.ON_TIME: (Measure.ON_TIME, Measure.RESOLVED),
    Rate.RESOLUTION: (Measure.SOLVED, Measure.CALLED_BACK),
    Rate.SATISFACTION: (Measure.SATISFIED, Measure.RATED),
}
"""Rate → what is counted, of what."""

_declined = col(Issue.state) == IssueState.DECLINED
_resolved = col(Issue.resolved_at).is_not(None)
_taken_up = or_(_resolved, col(Issue.acknowledged_at).is_not(None), col(Issue.round) > 1)
# Not what was shown for the delay of a review, an answer or a call-back, nor to the department that led it before.
_shown_to_department = col(Issue.card_department_id) == col(Issue.department_id)

CONDITIONS: dict[Measure, ColumnElement[bool]] = {
    Measure.REGISTERED: true(),
    Measure.ANSWERABLE: ~_declined,
    # A department has acknowledged it, or it was resolved without one; in a later round it has been responded to.
    Measure.RESPONDED: and_(~_declined, _taken_up),
    Measure.RESOLVED: _resolved,
    Measure.ON_TIME: and_(_resolved, col(Issue.late).is_(False)),
    Measure.LATE: col(Issue.late).is_(True),
    Measure.ON_SITE: and_(_resolved, col(Issue.dispatched_at).is_(None)),
    Measure.CALLED_BACK: col(Issue.solved).is_not(None),
    Measure.SOLVED: col(Issue.solved).is_(True),
    Measure.RATED: col(Issue.satisfied).is_not(None),
    Measure.SATISFIED: col(Issue.satisfied).is_(True),
    Measure.VERIFIED: and_(col(Issue.state) == IssueState.CLOSED, col(Issue.solved).is_(True)),
    Measure.YELLOW: and_(col(Issue.card) == Card.YELLOW, _shown_to_department),
    Measure.RED: and_(col(Issue.card) == Card.RED, _shown_to_department),
}
"""Measure → the condition an issue's row fulfils."""
