"""Visits from assignment to record, with drafts, promises and attachments."""

from datetime import date, datetime
from typing import Any

from sqlmodel import CheckConstraint, Field, Index

from core import clock
from core.i18n import N_
from models.base import LabelledEnum, Moment, Row, Table, column, json_column, moment_column
from models.campaign import VisitMode
from models.fields import FieldKind


class VisitState(LabelledEnum):
    """Where a visit stands.

    planned → recorded; recorded → returned → recorded; planned | returned → taken_back.
    """

    PLANNED = "planned", N_("Planned")
    RECORDED = "recorded", N_("Recorded")
    RETURNED = "returned", N_("Returned for completion")
    TAKEN_BACK = "taken_back", N_("Taken back")


OPEN_VISIT_STATES = (VisitState.PLANNED, VisitState.RETURNED)


class Outcome(LabelledEnum):
    """What came of a visit; only the first counts as visited."""

    MET = "met", N_("Met")
    REFUSED = "refused", N_("Refused")
    NOT_FOUND = "not_found", N_("Not found")
    MOVED_AWAY = "moved_away", N_("Moved away")


class Visit(Row, table=True):
    """One enterprise to be visited by one person within one campaign, and the record of it.

    The partial unique index lets only one open visit of an enterprise exist in a campaign, so that of two team
    leads assigning at once one wins.
    """

    __table_args__ = (
        Index(
            "uq_visit_open",
            "campaign_id",
            "enterprise_id",
            unique=True,
            postgresql_where="state IN ('planned', 'returned')",
        ),
        Index("ix_visit_assignee_open", "assignee_id", "state", "planned_on"),
        Index("ix_visit_enterprise_recorded", "enterprise_id", "recorded_at"),
        Index("ix_visit_campaign_area", "campaign_id", "area_id"),
        Index("ix_visit_campaign_enterprise", "campaign_id", "enterprise_id"),
        Index(
            "ix_visit_met",
            "campaign_id",
            "enterprise_id",
            postgresql_where="state = 'recorded' AND outcome = 'met'",
        ),
        Index(
            "ix_visit_planned",
            "campaign_id",
            "planned_on",
            postgresql_include=["enterprise_id", "assignee_id"],
            postgresql_where="state = 'planned'",
        ),
        Index("ix_visit_recorded", "recorded_at", "id", postgresql_where="recorded_at IS NOT NULL"),
        Index("ix_visit_bare", "id", postgresql_where="outcome = 'met' AND summary = '' AND answers = '{}'::jsonb"),
        CheckConstraint("state NOT IN ('recorded', 'returned') OR recorded_at IS NOT NULL", name="recorded"),
    )

    campaign_id: int = column(N_("Campaign"), foreign_key="campaign.id", reference="campaign", filterable=True)
    enterprise_id: int = column(N_("Enterprise"), foreign_key="enterprise.id", reference="enterprise", listed=True)
    area_id: int = column(
        N_("Area"), foreign_key="area.id", index=True, reference="area", editable=False, filterable=True
    )
    team_id: int = column(N_("Team"), foreign_key="team.id", index=True, reference="team", listed=True, filterable=True)
    assignee_id: int = column(N_("Assigned to"), foreign_key="account.id", reference="account", listed=True)
    assigned_by_id: int = column(N_("Assigned by"), foreign_key="account.id", reference="account")
    assigned_at: datetime = moment_column(default_factory=clock.now)
    assignment: int = Field(default=1)
    """Which time it was given to somebody, or back to them: each is news to them, also if they had it before."""
    planned_on: date = column(N_("Planned for"), listed=True, filterable=True)
    state: VisitState = column(
        N_("State"), choices=VisitState, default=VisitState.PLANNED, listed=True, filterable=True
    )
    mode: VisitMode | None = column(N_("Mode"), choices=VisitMode, default=None, listed=True, filterable=True)
    outcome: Outcome | None = column(N_("Outcome"), choices=Outcome, default=None, listed=True, filterable=True)
    met_person: str = column(N_("Who was met"), default="", max_length=100)
    met_phone: str = column(N_("Their phone number"), kind=FieldKind.PHONE, default="", max_length=30)
    summary: str = column(N_("Summary"), default="", max_length=4000)
    recorded_at: datetime | None = column(
        N_("Recorded on"), default=None, sa_type=Moment, editable=False, filterable=True
    )
    recorded_by_id: int | None = Field(default=None, foreign_key="account.id")
    form_version_id: int | None = Field(default=None, foreign_key="form_version.id")
    answers: dict[str, Any] = json_column()
    extra: dict[str, Any] = json_column()
    return_reason: str = Field(default="", max_length=500)
    version: int = Field(default=1)
    """Raised by each save; a save that names an older one is told who was quicker."""

    def hand_over(self) -> None:
        """Note that it comes to somebody now: they are told, and what was acknowledged before counts no more."""
        self.assigned_at, self.assignment = clock.now(), self.assignment + 1


RECORD_STATES = (VisitState.RECORDED, VisitState.RETURNED)
"""States in which a record counts: not that of a visit that was taken back after it had been returned."""


class VisitDraft(Table, table=True):
    """What a grid worker has entered so far and not yet handed in."""

    __tablename__ = "visit_draft"
    audited = False

    visit_id: int = Field(foreign_key="visit.id", primary_key=True, ondelete="CASCADE")
    account_id: int = Field(foreign_key="account.id", primary_key=True)
    content: dict[str, Any] = json_column()
    saved_at: datetime = moment_column()


class Promise(Row, table=True):
    """Something a visitor told an enterprise they would do by a day."""

    __table_args__ = (
        Index("ix_promise_open", "due_on", "id", postgresql_where="kept_at IS NULL"),
        Index("ix_promise_made", "created_at"),
    )

    enterprise_id: int = Field(foreign_key="enterprise.id", index=True)
    visit_id: int = Field(foreign_key="visit.id", index=True)
    promised_by_id: int = Field(foreign_key="account.id", index=True)
    text: str = column(N_("Promise"), max_length=1000, listed=True)
    due_on: date = column(N_("Promised for"), listed=True)
    kept_at: datetime | None = moment_column(default=None)
    kept_note: str = column(N_("How it was kept"), default="", max_length=1000)


class Attachment(Row, table=True):
    """A file that belongs to a visit, an issue or another row; its content lies in the file store under its hash."""

    __table_args__ = (Index("ix_attachment_subject", "subject", "subject_id"),)

    subject: str = Field(max_length=30)
    subject_id: int
    field: str = Field(default="", max_length=48)
    """Key of the form question it answers; empty for a photo of the visit itself."""
    file_name: str = Field(max_length=200)
    media_type: str = Field(max_length=100)
    size: int = Field(ge=0)
    sha256: str = Field(index=True, max_length=64)
    uploaded_by_id: int = Field(foreign_key="account.id")
    withdrawn_at: datetime | None = moment_column(default=None)
    """Evidence is kept: what was attached by mistake is struck through with a reason, not removed."""
    withdrawn_by_id: int | None = Field(default=None, foreign_key="account.id")
    withdrawn_reason: str = Field(default="", max_length=500)
