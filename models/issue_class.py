"""Classes of issues (一类事): needs with one cause, the measure taken against it, and who answers for that."""

from datetime import date, datetime

from sqlmodel import CheckConstraint, Field, Index

from core.i18n import N_
from models.base import LabelledEnum, Moment, Row, column, moment_column


class ClassState(LabelledEnum):
    """Where a class stands."""

    SUGGESTED = "suggested", N_("Suggested")
    CONFIRMED = "confirmed", N_("Confirmed")
    IN_FORCE = "in_force", N_("Measure in force")
    CLOSED = "closed", N_("Class closed")
    DISMISSED = "dismissed", N_("Not a class")


RULED_STATES = (ClassState.CONFIRMED, ClassState.IN_FORCE, ClassState.CLOSED)
"""States of what a person has confirmed to be a class."""
EFFECTIVE_STATES = (ClassState.IN_FORCE, ClassState.CLOSED)
"""States in which the measure has taken effect."""


class Standing(LabelledEnum):
    """How an issue stands to a class."""

    MEMBER = "member", N_("Belongs to it")
    OFFERED = "offered", N_("Offered")
    LEFT_OUT = "left_out", N_("Left out")


COUNTED_STANDINGS = (Standing.MEMBER, Standing.OFFERED)
"""Issues of a class's kind: those that belong to it, and those as like them that nobody has ruled on yet."""


class IssueClass(Row, table=True):
    """One class: what its issues have in common, the measure against it, by when, and since when it works."""

    __tablename__ = "issue_class"
    __table_args__ = (
        Index("ix_issue_class_state", "state", "id"),
        CheckConstraint("state NOT IN ('in_force', 'closed') OR in_force_on IS NOT NULL", name="in_force"),
    )

    title: str = column(N_("What they have in common"), max_length=80, listed=True, searchable=True)
    category: str = column(
        N_("Category"), max_length=64, choice_list="issue_category", listed=True, filterable=True, editable=False
    )
    state: ClassState = column(
        N_("State"), choices=ClassState, default=ClassState.SUGGESTED, listed=True, filterable=True, editable=False
    )
    department_id: int | None = column(
        N_("Department in charge"), default=None, foreign_key="department.id", index=True, reference="department",
        listed=True, filterable=True,
    )  # fmt: skip
    owner_id: int | None = column(
        N_("Person in charge"), default=None, foreign_key="account.id", index=True, reference="account", listed=True
    )
    measure: str = column(
        N_("Reform measure"), default="", max_length=1000, searchable=True,
        help=N_("What is changed so that enterprises do not have this need any more"),
    )  # fmt: skip
    due_on: date | None = column(N_("To take effect by"), default=None, listed=True)
    in_force_on: date | None = column(N_("In force since"), default=None, listed=True, editable=False)
    confirmed_at: datetime | None = column(N_("Confirmed at"), default=None, editable=False, sa_type=Moment)
    confirmed_by_id: int | None = Field(default=None, foreign_key="account.id")
    closed_at: datetime | None = moment_column(default=None)
    closed_by_id: int | None = Field(default=None, foreign_key="account.id")
    conclusion: str = column(N_("Conclusion"), default="", max_length=1000, editable=False)
    looked_from: datetime = moment_column()
    """Since when the ledger was looked through for issues of this kind; earlier ones were not counted."""
    looked_at: datetime = moment_column()
    """Up to which change of an issue the ledger was looked through."""


class IssueClassMember(Row, table=True):
    """How one issue stands to one class, who said so and when, and how its enterprise was told of the measure."""

    __tablename__ = "issue_class_member"
    __table_args__ = (
        Index("uq_issue_class_member", "class_id", "issue_id", unique=True),
        Index("uq_issue_class_member_issue", "issue_id", unique=True, postgresql_where="standing <> 'left_out'"),
    )
    audited = False  # looked for by the thousand; what a person decided is told by these columns

    class_id: int = Field(foreign_key="issue_class.id")
    issue_id: int = Field(foreign_key="issue.id", index=True)
    standing: Standing = column(N_("How it belongs"), choices=Standing)
    share: float = Field(default=1.0, ge=0, le=1)
    """How like the class its text was when it was found."""
    placed_at: datetime = moment_column()
    placed_by_id: int | None = Field(default=None, foreign_key="account.id")
    """Who put it there; `None`: it was found by its text."""
    notice_id: int | None = Field(default=None, foreign_key="notice_batch.id", index=True)
    """The notice by which its enterprise is told of the measure."""
    told_at: datetime | None = moment_column(default=None)
    """When its enterprise was told by word of mouth, or by a notice whose addressee has been deleted since."""
    told_by_id: int | None = Field(default=None, foreign_key="account.id")
