"""What deadlines are counted by: office hours, published years, and how receipt is treated."""

from datetime import date, time
from typing import Self

from sqlmodel import CheckConstraint, Field

from core.i18n import N_
from models.base import Row, column
from models.fields import FieldKind
from models.worktime import Convention, LateReceipt


class OfficeHours(Row, table=True):
    """A part of every working day during which the office is open; no two overlap."""

    __tablename__ = "office_hours"
    __table_args__ = (
        CheckConstraint("opens < closes", name="order"),
        CheckConstraint("extract(second from opens) = 0 AND extract(second from closes) = 0", name="minutes"),
    )

    opens: time = column(N_("Opens"), kind=FieldKind.TEXT)
    closes: time = column(N_("Closes"), kind=FieldKind.TEXT)


class HolidayNotice(Row, table=True):
    """A year whose holiday notice an administrator has entered as days of the calendar."""

    __tablename__ = "holiday_notice"
    __table_args__ = (CheckConstraint("year BETWEEN 2001 AND 2100", name="year"),)

    year: int = column(N_("Year"), unique=True)
    published_on: date | None = column(N_("Published on"), default=None)
    source: str = column(N_("Source"), default="", max_length=300)


class CountingRule(Row, table=True):
    """How receipt is treated: the one row of this table."""

    __tablename__ = "counting_rule"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: int | None = Field(default=1, primary_key=True)
    receipt_counts: bool = column(N_("The day of receipt counts"), default=False)
    late: LateReceipt = column(
        N_("Received after office hours or on a day off"), choices=LateReceipt, default=LateReceipt.SAME_DAY
    )

    def convention(self) -> Convention:
        """Return the rule as counting takes it."""
        return Convention(receipt_counts=self.receipt_counts, late=self.late)

    @classmethod
    def of(cls, convention: Convention) -> Self:
        """Return the row that says `convention`."""
        return cls(id=1, receipt_counts=convention.receipt_counts, late=convention.late)
