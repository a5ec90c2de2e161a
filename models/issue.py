"""Issues: what enterprises need, and where each need stands. `models.lifecycle` says how one moves."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import text as sql
from sqlmodel import CheckConstraint, Field, Index

from core.i18n import N_
from models.area import Tier
from models.base import LabelledEnum, Row, Table, column, json_column, moment_column, search_column, search_index


class IssueKind(LabelledEnum):
    """What kind of need an issue is."""

    SUGGESTION = "suggestion", N_("Suggestion")
    DIFFICULT_ISSUE = "difficult_issue", N_("Difficult issue")
    ENQUIRY = "enquiry", N_("Enquiry")


class IssueState(LabelledEnum):
    """Where an issue stands."""

    REGISTERED = "registered", N_("Registered")
    RESOLVED_ON_SITE = "resolved_on_site", N_("Resolved on site")
    ACCEPTED = "accepted", N_("Accepted")
    DECLINED = "declined", N_("Declined")
    DISPATCHED = "dispatched", N_("Dispatched")
    HANDLING = "handling", N_("Being handled")
    RETURNED = "returned", N_("Returned")
    EXTENSION_REQUESTED = "extension_requested", N_("Extension requested")
    SHELVING_REQUESTED = "shelving_requested", N_("Shelving requested")
    SHELVED = "shelved", N_("Shelved")
    RESOLVED = "resolved", N_("Resolved")
    ANSWERED = "answered", N_("Answered")
    CALL_BACK = "call_back", N_("Call-back")
    CLOSED = "closed", N_("Closed")


ENDED_STATES = (IssueState.CLOSED, IssueState.DECLINED)
UNRESOLVED_STATES = tuple(
    state
    for state in IssueState
    if state
    not in {*ENDED_STATES, IssueState.RESOLVED_ON_SITE, IssueState.RESOLVED, IssueState.ANSWERED, IssueState.CALL_BACK}
)
"""States in which the enterprise still waits for an answer to its need."""
WITH_DEPARTMENT = (
    IssueState.DISPATCHED, IssueState.HANDLING, IssueState.EXTENSION_REQUESTED, IssueState.SHELVING_REQUESTED,
    IssueState.SHELVED,
)  # fmt: skip
"""States in which the lead department is to act, or waits for a decision it has asked for."""


class Urgency(LabelledEnum):
    """How little an issue can wait."""

    NORMAL = "normal", N_("Normal")
    URGENT = "urgent", N_("Urgent")
    EMERGENCY = "emergency", N_("Emergency")


class IssueSource(LabelledEnum):
    """How an issue came into the ledger."""

    VISIT = "visit", N_("Visit")
    PAGE = "page", N_("Registered by hand")
    FILE = "file", N_("Import")


class Card(LabelledEnum):
    """A warning shown to whoever let an issue run over its time; the latest on the issue."""

    NONE = "none", N_("No card")
    YELLOW = "yellow", N_("Yellow card")
    RED = "red", N_("Red card")


# The ledger's order: what runs out first; paused clocks and what has no deadline come last. Written line for line as
# the database gives it back, so that the two can be compared.
_DUE_KEY = """COALESCE(
CASE
    WHEN paused_since IS NULL THEN due_at
    ELSE NULL::timestamp with time zone
END, 'infinity'::timestamp with time zone)"""
# The place of the urgency in this text ranks it; a CASE could not be compared with what the database gives back.
_URGENCY_KEY = "strpos('emergency urgent normal', urgency)"


class Issue(Row, table=True):
    """A need an enterprise raised, as it stands now; its events tell how it came there.

    `stage`, `due_at` (none while the clock is paused), `due_provisional`, `due_version` and `paused_since` repeat the
    running `IssueClock`, so that the ledger can be filtered and ordered by them; `services.issues.clocks` alone writes
    them, and `late`.
    """

    __table_args__ = (
        search_index("issue"),
        Index("ix_issue_state_due", "state", "due_at", "id"),
        Index("ix_issue_due", "due_at", "id"),
        Index("ix_issue_department_state", "department_id", "state", "due_at"),
        Index("ix_issue_department_closed", "department_id", "closed_at", "id", postgresql_where="state = 'closed'"),
        Index("ix_issue_created", "created_at", "id"),
        Index("uq_issue_old_number", "old_number", unique=True, postgresql_where="old_number <> ''"),
        Index("ix_issue_due_key", sql(_DUE_KEY), "id"),
        Index("ix_issue_urgency_key", sql(_URGENCY_KEY), sql(_DUE_KEY), "id"),
        Index("ix_issue_state_due_key", "state", sql(_DUE_KEY), "id"),
        Index("ix_issue_state_created", "state", "created_at", "id"),
        Index("ix_issue_department_due_key", "department_id", sql(_DUE_KEY), "id"),
        Index("ix_issue_area_due_key", "area_id", sql(_DUE_KEY), "id"),
        Index("ix_issue_category", "category", "created_at", "id"),
        Index(
            "ix_issue_open",
            "area_id",
            "created_at",
            postgresql_include=["due_at", "paused_since", "category", "department_id", "state"],
            postgresql_where="state NOT IN ('closed', 'declined')",
        ),
        Index(
            "ix_issue_running",
            "due_at",
            postgresql_include=[
                "state",
                "department_id",
                "created_at",
                "area_id",
                "category",
                "reviewed_by_id",
                "caller_id",
                "call_backs",
                "solved",
                "satisfied",
            ],
            postgresql_where="paused_since IS NULL AND due_at IS NOT NULL",
        ),
        Index("ix_issue_open_card", "card", "due_at", "id", postgresql_where="state NOT IN ('closed', 'declined')"),
        Index("ix_issue_supervised", "id", postgresql_where="supervision <> ''"),
        Index("ix_issue_card", "card", "id", postgresql_where="card <> 'none'"),
        Index("ix_issue_extra", "extra", postgresql_using="gin", postgresql_ops={"extra": "jsonb_path_ops"}),
        CheckConstraint("state NOT IN ('dispatched', 'handling') OR department_id IS NOT NULL", name="department"),
        CheckConstraint("state <> 'closed' OR closed_by_id IS DISTINCT FROM resolved_by_id", name="closed_by_another"),
    )

    number: str = column(N_("Entry no."), unique=True, max_length=20, listed=True, editable=False)
    kind: IssueKind = column(N_("Kind"), choices=IssueKind, listed=True, filterable=True)
    urgency: Urgency = column(N_("Urgency"), choices=Urgency, default=Urgency.NORMAL, listed=True, filterable=True)
    state: IssueState = column(
        N_("State"), choices=IssueState, default=IssueState.REGISTERED, listed=True, filterable=True
    )
    text: str = column(N_("What the enterprise said"), max_length=4000, listed=True, searchable=True)
    category: str = column(
        N_("Category"), default="", max_length=64, choice_list="issue_category", listed=True, filterable=True
    )
    solution: str = column(N_("How it was resolved"), default="", max_length=4000)
    enterprise_id: int = column(N_("Enterprise"), foreign_key="enterprise.id", index=True, reference="enterprise")
    source: IssueSource = column(
        N_("Source"), choices=IssueSource, default=IssueSource.VISIT, editable=False, filterable=True
    )
    old_number: str = column(N_("No. in the old ledger"), default="", max_length=60)
    """What a file it was imported from calls it; the same file again finds it by this."""
    visit_id: int | None = Field(default=None, foreign_key="visit.id", index=True)
    area_id: int = column(
        N_("Area"), foreign_key="area.id", index=True, reference="area", editable=False, filterable=True
    )
    tier: Tier = column(N_("Tier in charge"), choices=Tier, default=Tier.VILLAGE, editable=False, filterable=True)
    registered_by_id: int = Field(foreign_key="account.id", index=True)
    first_receiver_id: int = column(N_("First receiver"), foreign_key="account.id", index=True, reference="account")
    department_id: int | None = column(
        N_("Lead department"), default=None, foreign_key="department.id", reference="department", filterable=True
    )
    cross_department: bool = column(N_("Across departments"), default=False, editable=False, filterable=True)
    handler_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    instruction: str = Field(default="", max_length=1000)
    """What the coordinator asks of the lead department."""
    dispatched_at: datetime | None = moment_column(default=None)
    dispatched_by_id: int | None = Field(default=None, foreign_key="account.id")
    acknowledged_at: datetime | None = moment_column(default=None)
    returns: int = Field(default=0, ge=0)
    ruled: bool = Field(default=False)
    """Whether the coordinator has ruled which department handles it; it cannot be returned any more."""
    round: int = column(N_("Round"), default=1, ge=1, editable=False)
    extension_days: int = Field(default=0, ge=0)
    """Working days asked for by the open request for an extension."""
    review_on: date | None = column(N_("Review on"), default=None, editable=False)
    """When a shelved issue is taken up again, or would be by the open request."""
    resolved_at: datetime | None = moment_column(default=None)
    resolved_by_id: int | None = Field(default=None, foreign_key="account.id")
    reviewed_by_id: int | None = Field(default=None, foreign_key="account.id")
    answer: str = Field(default="", max_length=4000)
    answered_at: datetime | None = moment_column(default=None)
    answered_by_id: int | None = Field(default=None, foreign_key="account.id")
    caller_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    call_backs: int = Field(default=0, ge=0)
    """Attempts at the call-back of this round."""
    solved: bool | None = column(N_("Solved"), default=None, editable=False, filterable=True)
    satisfied: bool | None = column(N_("Satisfied"), default=None, editable=False, filterable=True)
    closed_at: datetime | None = moment_column(default=None)
    closed_by_id: int | None = Field(default=None, foreign_key="account.id")
    card: Card = column(N_("Card"), choices=Card, default=Card.NONE, editable=False, filterable=True)
    card_department_id: int | None = Field(default=None, foreign_key="department.id")
    """The department the card was shown to; none where it was shown while somebody else was to act."""
    supervision: str = column(N_("Supervision no."), default="", max_length=20, editable=False)
    urges: int = Field(default=0, ge=0)
    late: bool = column(N_("Late"), default=False, editable=False)
    """Whether a stage in which its lead department acknowledges or handles it has ended after its time, in any round:
    not what another department took that led it before."""
    stage: str = Field(default="", max_length=32)
    due_at: datetime | None = moment_column(default=None)
    due_provisional: bool = Field(default=False)
    due_version: int = Field(default=0)
    paused_since: datetime | None = moment_column(default=None)
    version: int = Field(default=0)
    """The sequence number of its last event; a step that names an older one is told what happened since."""
    extra: dict[str, Any] = json_column()
    search_text: str = search_column("number", "text", "solution")

    @property
    def result(self) -> str:
        """How it was resolved; empty while it is not, though what was found not good enough is kept to be redone."""
        return self.solution if self.resolved_at else ""


class NumberSeries(Table, table=True):
    """The last number given out in a series; its row lock keeps the series without gaps."""

    __tablename__ = "number_series"
    audited = False

    name: str = Field(primary_key=True, max_length=30)
    """Prefix and year, for example `QY-2026`."""
    last: int = Field(default=0)
