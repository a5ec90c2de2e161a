"""Tables of figures: how many rows there are of each kind, kept by `services.tallies`; the rows are the truth.

A figure read here is the count of the rows it stands for. Triggers of the database note in `tally_due` which cells a
change touches, in the transaction that makes it; those cells are then counted anew from the rows.
"""

from datetime import date
from typing import Any

from sqlmodel import Field, Index

from models.base import Table, enum_type
from models.campaign import VisitMode
from models.issue import IssueKind, IssueState
from models.visit import Outcome

NOBODY = 0
"""Stands for no department, team or campaign: a key cannot be empty."""
NO_DAY = date(1970, 1, 1)
"""Stands for no day."""


def _key(**more: Any) -> Any:
    return Field(primary_key=True, **more)


class IssueTally(Table, table=True):
    """How many issues of one month, area, category, department, campaign, kind and state have each measure.

    The area is any of the tree, whatever its tier, and means everything below it too. The columns from `registered` on
    are named by `services.tallies.measures.Measure`.
    """

    __tablename__ = "issue_tally"
    __table_args__ = (Index("ix_issue_tally_key", "month", "category", "department_id"),)
    audited = False

    area_id: int = _key()
    month: date = _key()
    """The first day of the month it was registered in."""
    category: str = _key(max_length=64)
    department_id: int = _key()
    campaign_id: int = _key()
    """Of the visit it was raised in."""
    kind: IssueKind = _key(sa_type=enum_type(IssueKind))
    state: IssueState = _key(sa_type=enum_type(IssueState))
    registered: int = Field(default=0)
    answerable: int = Field(default=0)
    responded: int = Field(default=0)
    resolved: int = Field(default=0)
    on_time: int = Field(default=0)
    late: int = Field(default=0)
    on_site: int = Field(default=0)
    called_back: int = Field(default=0)
    solved: int = Field(default=0)
    rated: int = Field(default=0)
    satisfied: int = Field(default=0)
    verified: int = Field(default=0)
    yellow: int = Field(default=0)
    red: int = Field(default=0)


class TargetTally(Table, table=True):
    """How many target enterprises of a campaign stand where, by their own area and the team that was given them."""

    __tablename__ = "target_tally"
    audited = False

    campaign_id: int = _key()
    area_id: int = _key(index=True)
    team_id: int = _key(index=True)
    standing: str = _key(max_length=20)
    """A `services.campaigns.standing.Standing`, but never overdue: that depends on the day it is asked."""
    day: date = _key()
    """For what is open or returned, the day it is planned for; else when it was recorded."""
    targets: int = Field(default=0)


class VisitTally(Table, table=True):
    """How many visits were recorded in a month, by campaign, area of the visit, team, mode and outcome."""

    __tablename__ = "visit_tally"
    audited = False

    month: date = _key()
    campaign_id: int = _key(index=True)
    area_id: int = _key(index=True)
    team_id: int = _key(index=True)
    mode: VisitMode = _key(sa_type=enum_type(VisitMode))
    outcome: Outcome = _key(sa_type=enum_type(Outcome))
    visits: int = Field(default=0)


class TallyDue(Table, table=True):
    """A cell that must be counted anew; written by triggers, deleted by whoever counts."""

    __tablename__ = "tally_due"
    audited = False

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=10)
    """`issue`: a month, category and department; `campaign`: a campaign and area; `areas`: everything."""
    month: date | None = Field(default=None)
    category: str | None = Field(default=None, max_length=64)
    department_id: int | None = Field(default=None)
    campaign_id: int | None = Field(default=None)
    area_id: int | None = Field(default=None)
