"""Commitments (告知承诺制): what an enterprise undertook to hand in by a day when it was approved without it."""

from datetime import date, datetime

from sqlmodel import Field, Index

from core.i18n import N_
from models.base import Moment, Row, column


class Commitment(Row, table=True):
    """One approval on commitment: the matter, what is to be made good, by when, and whether it was."""

    __table_args__ = (Index("ix_commitment_due", "due_on", postgresql_where="fulfilled_at IS NULL"),)

    enterprise_id: int = column(
        N_("Enterprise"), foreign_key="enterprise.id", index=True, reference="any_enterprise", listed=True
    )
    matter: str = column(N_("Matter"), max_length=200, listed=True, searchable=True)
    text: str = column(N_("What was promised"), max_length=1000, searchable=True)
    department_id: int | None = column(
        N_("Approved by"), default=None, foreign_key="department.id", index=True, reference="department", listed=True,
        filterable=True,
    )  # fmt: skip
    approved_on: date = column(N_("Approved on"), filterable=True)
    due_on: date = column(N_("To be made good by"), listed=True, filterable=True)
    follower_id: int | None = column(
        N_("Followed by"), default=None, foreign_key="account.id", index=True, reference="account", listed=True,
        filterable=True,
    )  # fmt: skip
    fulfilled_at: datetime | None = column(
        N_("Made good at"), default=None, editable=False, filterable=True, sa_type=Moment
    )
    fulfilled_by_id: int | None = Field(default=None, foreign_key="account.id")
    fulfilled_note: str = column(N_("How it was made good"), default="", max_length=1000, editable=False)
    opens_enterprise: bool = Field(default=True)
    """Whether the department and the follower reach the enterprise by it: not where a department chose the enterprise,
    or it could open any to itself."""
