"""How long each stage of an issue may take: rows an administrator edits, the most specific of which counts."""

from sqlmodel import CheckConstraint, UniqueConstraint

from core.i18n import N_
from models.base import LabelledEnum, Row, column
from models.issue import IssueKind, Urgency
from models.worktime import LimitUnit


class Stage(LabelledEnum):
    """What is to be done within a time limit."""

    ACCEPT = "accept", N_("Accept or decline")
    DISPATCH = "dispatch", N_("Dispatch to a department")
    ACKNOWLEDGE = "acknowledge", N_("Acknowledge")
    HANDLE = "handle", N_("Handle")
    ASSIST = "assist", N_("Assist")
    RETURN = "return", N_("Return a wrongly dispatched issue")
    EXTENSION_NOTICE = "extension_notice", N_("Ask for an extension before expiry")
    REVIEW = "review", N_("Review the result")
    ANSWER = "answer", N_("Answer the enterprise")
    CALL_BACK = "call_back", N_("Call back and close")


class TimeLimit(Row, table=True):
    """The limit of a stage, for all issues or those of a kind, an urgency, or handled across departments."""

    __tablename__ = "time_limit"
    __table_args__ = (
        UniqueConstraint("stage", "kind", "urgency", "cross_department", postgresql_nulls_not_distinct=True),
        CheckConstraint("amount > 0", name="amount"),
    )

    stage: Stage = column(N_("Stage"), choices=Stage, listed=True, filterable=True)
    kind: IssueKind | None = column(N_("Kind"), choices=IssueKind, default=None, listed=True, filterable=True)
    urgency: Urgency | None = column(N_("Urgency"), choices=Urgency, default=None, listed=True, filterable=True)
    cross_department: bool | None = column(N_("Across departments"), default=None, listed=True)
    amount: int = column(N_("Limit"), gt=0, listed=True)
    unit: LimitUnit = column(N_("Unit"), choices=LimitUnit, default=LimitUnit.WORKING_DAYS, listed=True)
