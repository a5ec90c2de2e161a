"""Enterprises and whom one talks to there."""

from datetime import datetime
from typing import Any

from sqlmodel import CheckConstraint, Field, Index

from core import clock
from core.i18n import N_
from models.base import LabelledEnum, Row, Table, column, json_column, moment_column, search_column, search_index
from models.fields import FieldKind


class EnterpriseStatus(LabelledEnum):
    """Whether an enterprise can be visited."""

    ACTIVE = "active", N_("Operating")
    MOVED_AWAY = "moved_away", N_("Moved away")
    CLOSED = "closed", N_("Closed down")


class Scale(LabelledEnum):
    """Size class of an enterprise (统计上大中小微型企业划分办法 2017)."""

    LARGE = "large", N_("Large")
    MEDIUM = "medium", N_("Medium")
    SMALL = "small", N_("Small")
    MICRO = "micro", N_("Micro")


class Enterprise(Row, table=True):
    """An enterprise of the zone; its profile is 一企一档."""

    __table_args__ = (
        search_index("enterprise"),
        Index("ix_enterprise_name_key", "name_key"),
    )

    name: str = column(N_("Enterprise name"), max_length=200, listed=True, searchable=True)
    credit_code: str | None = column(
        N_("Credit code"), default=None, unique=True, max_length=18, listed=True, searchable=True,
        help=N_("Unified social credit code, 18 characters"),
    )  # fmt: skip
    area_id: int = column(N_("Area"), foreign_key="area.id", index=True, reference="area", listed=True, filterable=True)
    address: str = column(N_("Address"), default="", max_length=300, listed=True, searchable=True)
    industry: str = column(
        N_("Industry"), default="", max_length=64, choice_list="industry", listed=True, filterable=True
    )
    scale: Scale | None = column(N_("Scale"), choices=Scale, default=None, listed=True, filterable=True)
    status: EnterpriseStatus = column(
        N_("Status"), choices=EnterpriseStatus, default=EnterpriseStatus.ACTIVE, listed=True, filterable=True
    )
    legal_representative: str = column(N_("Legal representative"), default="", max_length=50)
    founded_year: int | None = column(N_("Founded in"), default=None, ge=1900, le=2100)
    employees: int | None = column(N_("Employees"), default=None, ge=0)
    longitude: float | None = column(N_("Longitude (GCJ-02)"), default=None, ge=-180, le=180)
    latitude: float | None = column(N_("Latitude (GCJ-02)"), default=None, ge=-90, le=90)
    note: str = column(N_("Note"), default="", max_length=2000)
    extra: dict[str, Any] = json_column()
    name_key: str = Field(default="", max_length=200)
    """The name without what similar names differ in; see `models.naming`."""
    search_text: str = search_column("name", "credit_code", "address")


class Contact(Row, table=True):
    """A person of an enterprise."""

    enterprise_id: int = column(N_("Enterprise"), foreign_key="enterprise.id", index=True, reference="enterprise")
    name: str = column(N_("Name"), max_length=50, listed=True, searchable=True)
    title: str = column(N_("Job title"), default="", max_length=50, listed=True)
    phone: str = column(N_("Phone number"), kind=FieldKind.PHONE, default="", max_length=30, listed=True)
    wechat: str = column(N_("WeChat"), default="", max_length=50)
    email: str = column(N_("E-mail"), default="", max_length=200)
    is_primary: bool = column(N_("Main contact"), default=False, listed=True)


class DistinctPair(Table, table=True):
    """Two enterprises with similar names that somebody found to be two: they are not shown as duplicates again."""

    __tablename__ = "distinct_pair"
    __table_args__ = (CheckConstraint("enterprise_id < other_id", name="order"),)

    enterprise_id: int = Field(foreign_key="enterprise.id", primary_key=True, ondelete="CASCADE")
    other_id: int = Field(foreign_key="enterprise.id", primary_key=True, ondelete="CASCADE", index=True)
    decided_by_id: int | None = Field(default=None, foreign_key="account.id")
    decided_at: datetime = moment_column(default_factory=clock.now)
