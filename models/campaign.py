"""Campaigns, the enterprises they mean to visit and the forms their visits are recorded on."""

from datetime import date, datetime
from typing import Any

from sqlmodel import CheckConstraint, Field, UniqueConstraint

from core.i18n import N_
from models.base import LabelledEnum, Row, Table, column, enum_list, json_column, moment_column
from models.fields import FieldSpec


class CampaignState(LabelledEnum):
    """Where a campaign stands; visits are assigned and recorded only while it runs."""

    DRAFT = "draft", N_("Draft")
    RUNNING = "running", N_("Running")
    PAUSED = "paused", N_("Paused")
    FINISHED = "finished", N_("Finished")


class VisitMode(LabelledEnum):
    """How a visit is made."""

    ON_SITE = "on_site", N_("On site")
    PHONE = "phone", N_("Phone")
    WECHAT = "wechat", N_("WeChat")


class Campaign(Row, table=True):
    """A visiting campaign, from its first draft to its end."""

    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="period"),)

    name: str = column(N_("Campaign name"), unique=True, max_length=100, listed=True, searchable=True)
    starts_on: date = column(N_("First day"), listed=True)
    ends_on: date = column(N_("Last day"), listed=True)
    purpose: str = column(N_("Purpose"), default="", max_length=2000)
    goal: int = column(
        N_("Goal (enterprises visited)"), default=0, ge=0, listed=True, help=N_("0 means every chosen enterprise")
    )
    modes: list[VisitMode] = column(
        N_("Visit modes"), required=True, default_factory=lambda: list(VisitMode), sa_type=enum_list(VisitMode)
    )
    state: CampaignState = column(
        N_("State"), choices=CampaignState, default=CampaignState.DRAFT, editable=False, listed=True, filterable=True
    )
    revisit_days: int = column(
        N_("Days before the same enterprise is disturbed again"), default=14, ge=0, le=365,
        help=N_("A visit within this many days of the last one is warned about"),
    )  # fmt: skip
    target_rules: list[dict[str, Any]] = json_column(list)
    """The filters its targets were found by, each a `models.targets.TargetRule`: kept to find what fits later."""
    owner_id: int | None = Field(default=None, foreign_key="account.id")


class CampaignTarget(Table, table=True):
    """An enterprise that a campaign means to visit."""

    __tablename__ = "campaign_target"
    audited = False

    campaign_id: int = Field(foreign_key="campaign.id", primary_key=True, ondelete="CASCADE")
    enterprise_id: int = Field(foreign_key="enterprise.id", primary_key=True, index=True)


class FormVersion(Row, table=True):
    """One version of a campaign's visit form; a visit keeps the version it was recorded on.

    A version that no visit uses yet is changed in place; one in use is followed by the next.
    """

    __tablename__ = "form_version"
    __table_args__ = (UniqueConstraint("campaign_id", "version"),)

    campaign_id: int = Field(foreign_key="campaign.id", index=True, ondelete="CASCADE")
    version: int = Field(ge=1)
    questions: list[dict[str, Any]] = json_column(list)

    def specs(self) -> list[FieldSpec]:
        """Return the questions as field specifications, in order."""
        return [FieldSpec.model_validate(question) for question in self.questions]


class FormDraft(Table, table=True):
    """A campaign's form as one person is editing it, not yet saved: typing is never lost."""

    __tablename__ = "form_draft"
    audited = False

    campaign_id: int = Field(foreign_key="campaign.id", primary_key=True, ondelete="CASCADE")
    account_id: int = Field(foreign_key="account.id", primary_key=True)
    questions: list[dict[str, Any]] = json_column(list)
    base: str = Field(max_length=64)
    """Fingerprint of the form the editing began with: another one means that somebody saved in between."""
    saved_at: datetime = moment_column()
