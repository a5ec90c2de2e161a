"""What belongs to an issue: its event log, the clocks of its stages, tasks of joint handling, links, saved views."""

from datetime import datetime
from typing import Any

from sqlmodel import CheckConstraint, Field, Index, UniqueConstraint

from core.i18n import N_
from models.account import Role
from models.base import LabelledEnum, Row, Table, column, enum_type, json_column, moment_column
from models.issue import Issue
from models.lifecycle import Verb
from models.limits import Stage
from models.worktime import LimitUnit


class IssueEvent(Table, table=True):
    """One thing that happened to an issue; never changed. Its `after` parts, folded in order, are the issue's row."""

    __tablename__ = "issue_event"
    __table_args__ = (UniqueConstraint("issue_id", "seq"), Index("ix_issue_event_actor", "actor_id", "at"))
    audited = False  # it is a log itself

    id: int | None = Field(default=None, primary_key=True)
    issue_id: int = Field(foreign_key="issue.id")
    seq: int = Field(ge=1)
    at: datetime = moment_column()
    actor_id: int | None = Field(default=None, foreign_key="account.id")
    """Who did it; empty: the product itself."""
    actor_name: str = Field(max_length=50)
    actor_role: Role | None = Field(default=None, sa_type=enum_type(Role))
    department_id: int | None = Field(default=None, foreign_key="department.id")
    """The actor's department."""
    verb: Verb = Field(sa_type=enum_type(Verb))
    reason: str = Field(default="", max_length=4000)
    """What the actor wrote: a reason, an instruction, a comment."""
    task_id: int | None = Field(default=None, foreign_key="issue_task.id")
    round: int = Field(default=1)
    before: dict[str, Any] = json_column()
    after: dict[str, Any] = json_column()


class IssueClock(Row, table=True):
    """How long one stage of an issue (or one of its tasks) may take, and took.

    The deadline is a pure function of `started_at`, `amount`, `unit`, `pauses` and the calendar.
    """

    __tablename__ = "issue_clock"
    __table_args__ = (
        Index("ix_issue_clock_running", "due_at", postgresql_where="ended_at IS NULL"),
        Index("uq_issue_clock_stage", "issue_id", unique=True, postgresql_where="ended_at IS NULL AND task_id IS NULL"),
        Index("uq_issue_clock_task", "task_id", unique=True, postgresql_where="ended_at IS NULL"),
    )
    audited = False  # the issue's events tell it

    issue_id: int = Field(foreign_key="issue.id", index=True)
    task_id: int | None = Field(default=None, foreign_key="issue_task.id")
    stage: Stage = Field(sa_type=enum_type(Stage))
    department_id: int | None = Field(default=None, foreign_key="department.id")
    """The lead department when it began, whose the delay is."""
    round: int = Field(default=1)
    started_at: datetime = moment_column()
    amount: int = Field(ge=0)
    extended: int = Field(default=0, ge=0)
    """How much of the amount was granted by extensions."""
    unit: LimitUnit = Field(sa_type=enum_type(LimitUnit))
    pauses: list[list[str]] = json_column(list)
    """Ended pauses, each as two ISO 8601 moments."""
    paused_since: datetime | None = moment_column(default=None)
    due_at: datetime = moment_column()
    provisional: bool = Field(default=False)
    ended_at: datetime | None = moment_column(default=None)
    late_at: datetime | None = moment_column(default=None)
    """When a department's stage first ended after its time; it may have gone on since, after a review it failed."""


class TaskState(LabelledEnum):
    """Where a task of joint handling stands."""

    OPEN = "open", N_("Task open")
    DONE = "done", N_("Done")
    RETURNED = "returned", N_("Returned")
    CANCELLED = "cancelled", N_("Cancelled")


TASKS_IN_SIGHT = (TaskState.OPEN, TaskState.DONE)
"""Tasks that make their department one that assists, which sees the issue; who returned its task has no part in it."""


class IssueTask(Row, table=True):
    """What an assisting department contributes to an issue."""

    __tablename__ = "issue_task"
    __table_args__ = (Index("ix_issue_task_department", "department_id", "state"),)
    audited = False  # the issue's events tell it

    issue_id: int = Field(foreign_key="issue.id", index=True)
    department_id: int = column(N_("Assisting department"), foreign_key="department.id", reference="department")
    text: str = column(N_("Task"), max_length=1000)
    mandatory: bool = column(N_("Must be done before the issue is resolved"), default=True)
    state: TaskState = column(N_("State"), choices=TaskState, default=TaskState.OPEN)
    answer: str = column(N_("Answer"), default="", max_length=4000)
    added_by_id: int | None = Field(default=None, foreign_key="account.id")
    finished_by_id: int | None = Field(default=None, foreign_key="account.id")
    finished_at: datetime | None = moment_column(default=None)
    due_at: datetime | None = moment_column(default=None)


class LinkKind(LabelledEnum):
    """How two issues belong together."""

    DUPLICATE = "duplicate", N_("The same matter raised again")
    RELATED = "related", N_("Related")


class IssueLink(Table, table=True):
    """Two issues that belong together; the smaller id stands first."""

    __tablename__ = "issue_link"
    __table_args__ = (CheckConstraint("issue_id < other_id", name="order"),)
    audited = False  # the issues' events tell it

    issue_id: int = Field(foreign_key="issue.id", primary_key=True)
    other_id: int = Field(foreign_key="issue.id", primary_key=True, index=True)
    kind: LinkKind = Field(sa_type=enum_type(LinkKind))
    linked_by_id: int | None = Field(default=None, foreign_key="account.id")
    linked_at: datetime = moment_column()


class LedgerView(Row, table=True):
    """A person's saved filters of the ledger."""

    __tablename__ = "ledger_view"
    __table_args__ = (UniqueConstraint("account_id", "name"),)
    audited = False  # nobody else sees it

    account_id: int = Field(foreign_key="account.id", index=True)
    name: str = Field(max_length=60)
    query: dict[str, Any] = json_column()


UNTOLD = frozenset({"id", "created_at", "updated_at", "old_number", "search_text", "version", "late"})
TOLD_COLUMNS = tuple(name for name in Issue.model_fields if name not in UNTOLD)
"""Columns of an issue that its events tell."""
