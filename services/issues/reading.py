"""Everything the page of one issue shows, read in one use case."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from models.account import Account, Department, Role
from models.enterprise import Enterprise
from models.fields import Option
from models.issue import Issue
from models.issue_log import IssueClock, IssueEvent, IssueTask, LinkKind, TaskState
from models.lifecycle import Verb
from models.limits import Stage
from models.visit import Visit
from models.worktime import Deadline
from services import access, working_time
from services.actor import Actor
from services.enterprises import contacts, places
from services.enterprises.contacts import Known
from services.issues import allowing, choosing, clocks, correcting, events
from services.issues.acting import Names, who_acts
from services.issues.choosing import Choices
from services.issues.people import DEALING, STAFFED
from services.issues.remaining import Remaining, moments_of, remaining
from services.issues.saying import own_fields
from services.issues.tiers import without_lead
from services.permissions import Action
from services.use_case import use_case

_PEOPLE = ("caller_id", "first_receiver_id")


@dataclass(frozen=True)
class Running:
    """The clock that runs: its stage, deadline and how it was counted."""

    stage: Stage
    clock: IssueClock
    deadline: Deadline
    left: Remaining


@dataclass(frozen=True)
class Lap:
    """One stage that has ended: how long it was given, and whether that was met."""

    stage: Stage
    round: int
    started_at: datetime
    due_at: datetime
    ended_at: datetime
    department: str = ""

    @property
    def met(self) -> bool:
        """Whether it ended in time."""
        return self.ended_at <= self.due_at


@dataclass(frozen=True)
class TaskLine:
    """A task of an assisting department."""

    task: IssueTask
    department: str
    own: bool
    """Whether it is the actor's department's."""


@dataclass(frozen=True)
class LinkLine:
    """An issue that belongs to this one."""

    id: int
    number: str
    text: str
    state: str
    kind: LinkKind
    visible: bool
    """Whether the actor may open it."""


@dataclass(frozen=True)
class Shown:
    """An issue as its page shows it to one person.

    Args:
        issue: the row.
        enterprise: whose need it is.
        place: the names of its area and all above it, from the street down.
        contacts: whom one talks to; phone numbers as far as the person may see them.
        profile: whether the person may open the enterprise's profile.
        visit_id: the visit it was raised at, if the person may open it.
        names: what people and departments of the issue and its log are called.
        category: the category with those above it.
        who: who acts next, in words; empty if nobody has to.
        running: the running clock; `None` once nothing is due.
        laps: the stages that have ended, oldest first.
        tasks: tasks of assisting departments.
        links: issues that belong to it.
        events: its log, oldest first.
        allowed: step → `None`, or why it is refused now; see `services.issues.allowed`.
        choices: what forms offer; `None` for somebody who can take no step.
        extension: the deadline an approved extension would give.
        leads: whether the person belongs to the lead department.
    """

    issue: Issue
    enterprise: Enterprise
    place: list[str]
    contacts: list[Known]
    profile: bool
    visit_id: int | None
    names: Names
    category: str
    who: str
    running: Running | None
    laps: list[Lap]
    tasks: list[TaskLine]
    links: list[LinkLine]
    events: list[IssueEvent]
    allowed: Mapping[Verb, str | None]
    choices: Choices | None
    extension: Deadline | None
    leads: bool

    @property
    def id(self) -> int:
        """The issue's id."""
        return self.issue.pk

    @property
    def conversation(self) -> list[IssueEvent]:
        """What people said, oldest first."""
        return [event for event in self.events if event.verb is Verb.COMMENT]


def read(actor: Actor, issue_id: int) -> Shown:
    """Return everything about one issue that its page shows to the actor.

    Raises:
        NotFoundError: there is no such issue or the actor may not see it.
    """
    with use_case(actor, Action.ISSUE_VIEW) as session:
        issue = access.load(session, actor, Action.ISSUE_VIEW, Issue, issue_id)
        log = list(events.of(session, issue.pk))
        rows = _clocks(session, issue.pk)
        tasks = list(session.exec(select(IssueTask).where(IssueTask.issue_id == issue.pk).order_by(col(IssueTask.id))))
        running = _running(session, issue, rows)
        allowed = allowing.of(session, actor, issue)
        offered = choosing.choices(session, actor, issue)
        names = _names(session, issue, log, tasks, offered.categories)
        asked = running is not None and issue.extension_days > 0
        return Shown(
            issue=issue,
            enterprise=session.get_one(Enterprise, issue.enterprise_id),
            place=places.way(session, issue.area_id),
            contacts=contacts.known(session, actor, issue.enterprise_id),
            profile=access.reaches(session, actor, Action.ENTERPRISE_VIEW, Enterprise, issue.enterprise_id),
            visit_id=_visit(session, actor, issue),
            names=names,
            category=next((each.label for each in offered.categories if each.value == issue.category), ""),
            who=who_acts(issue, names),
            running=running,
            laps=_laps(rows, tasks, names),
            tasks=[TaskLine(each, names.department(each.department_id), _own(actor, each)) for each in tasks],
            links=_links(session, actor, issue.pk),
            events=log,
            allowed=allowed,
            choices=offered if allowed else None,
            extension=choosing.longer(session, running.clock, issue.extension_days) if asked and running else None,
            leads=actor.department_id is not None and actor.department_id == issue.department_id,
        )


def _own(actor: Actor, task: IssueTask) -> bool:
    return actor.department_id == task.department_id and task.state is TaskState.OPEN


def _clocks(session: Session, issue_id: int) -> Sequence[IssueClock]:
    found = select(IssueClock).where(IssueClock.issue_id == issue_id)
    return session.exec(found.order_by(col(IssueClock.started_at), col(IssueClock.id))).all()


def _running(session: Session, issue: Issue, rows: Iterable[IssueClock]) -> Running | None:
    found = next((each for each in rows if each.ended_at is None and each.task_id is None), None)
    if found is None:
        return None
    calendar = working_time.calendar(session)
    left = remaining(issue, moments_of(calendar))
    due = clocks.deadline(found, calendar)
    return Running(found.stage, found, due, left)


def _laps(rows: Iterable[IssueClock], tasks: Iterable[IssueTask], names: Names) -> list[Lap]:
    by_id = {task.pk: names.department(task.department_id) for task in tasks}
    ended = (each for each in rows if each.ended_at is not None)
    return [
        Lap(each.stage, each.round, each.started_at, each.due_at, each.ended_at, by_id.get(each.task_id or 0, ""))
        for each in ended
        if each.ended_at is not None
    ]


def _names(
    session: Session, issue: Issue, log: Iterable[IssueEvent], tasks: Iterable[IssueTask], categories: Iterable[Option]
) -> Names:
    """Return the names of everybody and every department that the issue, its log or its tasks point to."""
    people = {value for name, value in issue.model_dump().items() if name.endswith("_by_id")}
    people |= {issue.first_receiver_id, issue.handler_id, issue.caller_id}
    departments = {issue.department_id, *(task.department_id for task in tasks)}
    for event in log:
        told = [part.get(name) for part in (event.before, event.after) for name in _PEOPLE]
        people |= set(told)
        departments |= {event.department_id, event.before.get("department_id"), event.after.get("department_id")}
    named = session.exec(select(Account).where(col(Account.id).in_([each for each in people if each]))).all()
    here = [row for row in named if row.active]
    officers = [row for row in here if row.role is Role.DEPARTMENT_OFFICER]
    is_staffed, without = session.execute(
        select_columns(access.among(Issue.department_id, STAFFED), without_lead()).where(col(Issue.id) == issue.pk)
    ).one()
    offices = select(Department.id, Department.name).where(
        col(Department.id).in_([each for each in departments if each])
    )
    return Names(
        {row.pk: row.name for row in named},
        {row_id or 0: name for row_id, name in session.exec(offices)},
        {each.value: each.label for each in categories},
        frozenset(row.pk for row in here if row.role in DEALING),
        frozenset(row.pk for row in officers if row.department_id == issue.department_id),
        is_staffed=bool(is_staffed),
        is_led=not without,
        own_fields=own_fields(session),
    )


def _visit(session: Session, actor: Actor, issue: Issue) -> int | None:
    found = issue.visit_id
    return found if found and access.reaches(session, actor, Action.VISIT_VIEW, Visit, found) else None


def _links(session: Session, actor: Actor, issue_id: int) -> list[LinkLine]:
    kinds = correcting.links_of(session, issue_id)
    in_sight = access.condition(actor, Action.ISSUE_VIEW, Issue)
    own = set(session.exec(select(Issue.id).where(col(Issue.id).in_(kinds), in_sight)).all())
    found = session.exec(select(Issue).where(col(Issue.id).in_(kinds)).order_by(col(Issue.id))).all()
    return [
        LinkLine(row.pk, row.number, row.text if row.pk in own else "", row.state.label, kinds[row.pk], row.pk in own)
        for row in found
    ]


def since(shown: Shown, version: int, actor: Actor) -> list[IssueEvent]:
    """Return what others did to an issue after a version, oldest first."""
    return [event for event in shown.events if event.seq > version and event.actor_id != actor.account_id]
