"""Monthly bulletins (月通报): a month's figures, printed once, and the rows they were counted from, kept as they were.

A frozen row says by its `marks` in which figures it counts; a figure is the number of rows that have its mark. Frozen
rows point to nothing but their bulletin, so that nothing that changes later changes them.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, String
from sqlmodel import CheckConstraint, Field, Index

from core.i18n import N_
from models.base import LabelledEnum, Row, Table, column, enum_type, json_column, moment_column
from models.fields import FieldKind
from models.issue import Card, IssueKind, IssueState


class BulletinState(LabelledEnum):
    """Where a bulletin stands: draft → issued → withdrawn; a withdrawn one stays, and its month is built anew."""

    DRAFT = "draft", N_("Draft")
    ISSUED = "issued", N_("Issued")
    WITHDRAWN = "withdrawn", N_("Withdrawn")


class ItemKind(LabelledEnum):
    """What a frozen row that is no issue is."""

    VISIT = "visit", N_("Visit")
    PROMISE = "promise", N_("Promise")
    COMMITMENT = "commitment", N_("Commitment")


class Ranked(LabelledEnum):
    """By which share teams or departments are ranked; all but the last are rates of `services.tallies.measures`."""

    RESPONSE = "response", N_("Response rate")
    ON_TIME = "on_time", N_("On-time rate")
    RESOLUTION = "resolution", N_("Resolution rate")
    SATISFACTION = "satisfaction", N_("Satisfaction rate")
    VISITS = "visits", N_("Visits made as planned")


class DepartmentRate(LabelledEnum):
    """By which of them departments can be ranked: they make no visits."""

    RESPONSE = Ranked.RESPONSE.value, Ranked.RESPONSE.label
    ON_TIME = Ranked.ON_TIME.value, Ranked.ON_TIME.label
    RESOLUTION = Ranked.RESOLUTION.value, Ranked.RESOLUTION.label
    SATISFACTION = Ranked.SATISFACTION.value, Ranked.SATISFACTION.label


class Bulletin(Row, table=True):
    """The bulletin of one month; of those not withdrawn there is one a month."""

    __table_args__ = (
        Index("uq_bulletin_month", "month", unique=True, postgresql_where="state <> 'withdrawn'"),
        CheckConstraint("extract(day from month) = 1", name="month"),
        CheckConstraint("state = 'draft' OR issued_at IS NOT NULL", name="issued"),
    )

    month: date = column(N_("Month"), listed=True, editable=False)
    """The month's first day."""
    state: BulletinState = column(
        N_("State"), choices=BulletinState, default=BulletinState.DRAFT, listed=True, editable=False
    )
    until: datetime = moment_column()
    """The rows stand as they stood then: at the end of the month, or when it was built if that was earlier."""
    frozen_at: datetime = moment_column()
    issued_at: datetime | None = moment_column(default=None)
    issued_by_id: int | None = Field(default=None, foreign_key="account.id")
    withdrawn_at: datetime | None = moment_column(default=None)
    withdrawn_by_id: int | None = Field(default=None, foreign_key="account.id")
    withdrawn_reason: str = Field(default="", max_length=500)
    remark: str = column(N_("Remark"), kind=FieldKind.LONG_TEXT, default="", max_length=2000)
    remark_en: str = column(N_("English remark"), kind=FieldKind.LONG_TEXT, default="", max_length=2000)

    @property
    def number(self) -> int:
        """Its number within the year, which is that of the month: 月通报 2023 年第 12 期."""
        return self.month.month


class BulletinFigures(Table, table=True):
    """What a bulletin printed: its figures and the settings they were made by, as `services.bulletin.printed` reads."""

    __tablename__ = "bulletin_figures"
    audited = False  # the audit log tells that the bulletin was built, not each number

    bulletin_id: int = Field(primary_key=True, foreign_key="bulletin.id", ondelete="CASCADE")
    printed: dict[str, Any] = json_column()


class BulletinSettings(Row, table=True):
    """When bulletins are built, and by what they rank, praise, blame and wonder: the one row of this table."""

    __tablename__ = "bulletin_settings"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("build_day <= issue_day", name="days"),
    )

    id: int | None = Field(default=1, primary_key=True)
    organ: str = column(
        N_("Issued in the name of"),
        default="",
        max_length=60,
        help=N_("Stands at the head of the document and below it"),
    )
    build_day: int = column(
        N_("Built on working day"), default=3, ge=1, le=15, help=N_("Of the month after, counted in working days")
    )
    issue_day: int = column(
        N_("To be issued by working day"), default=5, ge=1, le=20,
        help=N_("Reminders of the bulletin count from this day"),
    )  # fmt: skip
    window_months: int = column(
        N_("Ranked over months"), default=3, ge=1, le=6,
        help=N_("The month and those before it: a longer time ranks more units and is less a matter of luck"),
    )  # fmt: skip
    minimum_sample: int = column(
        N_("Least number of cases"), default=10, ge=1, le=1000, help=N_("Whoever has fewer is not ranked")
    )
    department_rate: DepartmentRate = column(
        N_("Departments are ranked by"), choices=DepartmentRate, default=DepartmentRate.ON_TIME
    )
    team_rate: Ranked = column(N_("Teams are ranked by"), choices=Ranked, default=Ranked.SATISFACTION)
    honour_percent: int = column(
        N_("Honour list from, %"), default=80, ge=1, le=100,
        help=N_("Even the lower end of the interval reaches this share"),
    )  # fmt: skip
    shame_percent: int = column(
        N_("Shame list below, %"), default=60, ge=1, le=100,
        help=N_("Even the upper end of the interval stays below this share"),
    )  # fmt: skip
    bunched_percent: int = column(
        N_("Closures in the last two working days from, %"), default=40, ge=1, le=100,
        help=N_("And more than the days of the month would let expect"),
    )  # fmt: skip
    copied_times: int = column(
        N_("The same text so many times"), default=3, ge=2, le=100,
        help=N_("By one person, as result or as answer"),
    )  # fmt: skip
    quick_minutes: int = column(
        N_("Call-back within minutes of the answer"), default=10, ge=1, le=240,
        help=N_("An enterprise hardly tries a solution in so short a time"),
    )  # fmt: skip
    burst_visits: int = column(
        N_("So many visits on site within an hour"), default=4, ge=2, le=50, help=N_("Recorded by one person")
    )
    burst_km: int = column(
        N_("That lie apart, km"), default=3, ge=0, le=100, help=N_("The two enterprises farthest from each other")
    )


class BulletinIssue(Table, table=True):
    """An issue as it stood when a bulletin was frozen."""

    __tablename__ = "bulletin_issue"
    __table_args__ = (Index("ix_bulletin_issue_of", "bulletin_id", "id"),)
    audited = False  # nobody changes it

    id: int = Field(default=None, primary_key=True)
    bulletin_id: int = Field(foreign_key="bulletin.id", ondelete="CASCADE")
    issue_id: int
    month: date
    """The first day of the month it was registered in."""
    number: str = Field(max_length=20)
    enterprise_id: int
    enterprise: str = Field(max_length=200)
    text: str = Field(max_length=200)
    solution: str = Field(max_length=200)
    answer: str = Field(max_length=200)
    """The beginnings of what was said."""
    solution_hash: str = Field(max_length=64)
    answer_hash: str = Field(max_length=64)
    """SHA-256 of the whole text without spaces and punctuation, by which equal texts are found."""
    kind: IssueKind = Field(sa_type=enum_type(IssueKind))
    category: str = Field(max_length=64)
    state: IssueState = Field(sa_type=enum_type(IssueState))
    area_id: int
    area_path: str = Field(max_length=200)
    street: str = Field(max_length=100)
    village: str = Field(max_length=100)
    team_id: int | None
    team: str = Field(max_length=100)
    """The team that serves the area."""
    department_id: int | None
    department: str = Field(max_length=100)
    registered_at: datetime = moment_column()
    acknowledged_at: datetime | None = moment_column()
    resolved_at: datetime | None = moment_column()
    resolved_by_id: int | None
    answered_at: datetime | None = moment_column()
    answered_by_id: int | None
    asked_at: datetime | None = moment_column()
    """When the enterprise gave its latest answer at a call-back."""
    closed_at: datetime | None = moment_column()
    due_at: datetime | None = moment_column()
    late: bool
    solved: bool | None
    satisfied: bool | None
    call_backs: int
    card: Card = Field(sa_type=enum_type(Card))
    marks: list[str] = Field(sa_type=ARRAY(String(32)))


class BulletinItem(Table, table=True):
    """A visit, a promise or a commitment as it stood when a bulletin was frozen."""

    __tablename__ = "bulletin_item"
    __table_args__ = (Index("ix_bulletin_item_of", "bulletin_id", "kind", "id"),)
    audited = False  # nobody changes it

    id: int = Field(default=None, primary_key=True)
    bulletin_id: int = Field(foreign_key="bulletin.id", ondelete="CASCADE")
    kind: ItemKind = Field(sa_type=enum_type(ItemKind))
    subject_id: int
    enterprise_id: int
    enterprise: str = Field(max_length=200)
    longitude: float | None
    latitude: float | None
    text: str = Field(max_length=200)
    """What was promised; of a visit, its outcome."""
    mode: str = Field(max_length=32)
    """Of a visit, how it was made."""
    area_id: int
    street: str = Field(max_length=100)
    village: str = Field(max_length=100)
    team_id: int | None
    team: str = Field(max_length=100)
    department_id: int | None
    person_id: int | None
    person: str = Field(max_length=50)
    due_on: date
    done_at: datetime | None = moment_column()
    marks: list[str] = Field(sa_type=ARRAY(String(32)))
