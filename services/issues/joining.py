"""Joint handling: tasks of assisting departments, which the lead department waits for."""

from sqlmodel import col, select

from core import clock
from core.errors import InvalidError, NotFoundError
from core.i18n import N_, gettext
from models.account import Department, Role
from models.issue import Issue
from models.issue_log import IssueTask, TaskState
from models.lifecycle import Verb
from services import access
from services.actor import Actor
from services.issues import clocks
from services.issues.moving import Move, moving, required
from services.permissions import Action
from services.use_case import use_case


def issue_of(actor: Actor, task_id: int) -> int:
    """Return the id of the issue a task belongs to, for links that name the task.

    Raises:
        NotFoundError: there is no such task, or the actor may not see its issue.
    """
    with use_case(actor, Action.ISSUE_VIEW) as session:
        found = select(IssueTask.issue_id).join(Issue, col(Issue.id) == IssueTask.issue_id)
        found = found.where(IssueTask.id == task_id, access.condition(actor, Action.ISSUE_VIEW, Issue))
        issue_id = session.exec(found).one_or_none()
    if issue_id is None:
        raise NotFoundError
    return issue_id


def add_task(
    actor: Actor, issue_id: int, department_id: int, text: str, *, mandatory: bool = True, seen: int | None = None
) -> None:
    """Ask a department to assist.

    Args:
        actor: the coordinator, or an officer of the lead department.
        issue_id: the issue.
        department_id: the assisting department.
        text: what it is asked for.
        mandatory: whether the issue cannot be resolved before it is done.
        seen: the version the person looked at.

    Raises:
        InvalidError: the task is not described, or the department cannot assist.
        NotFoundError, StaleError, StepRefusedError: see `moving`.
    """
    with moving(actor, issue_id, Verb.ADD_TASK, seen=seen, reason=text) as move:
        department = move.session.get(Department, department_id)
        if department is None or not department.active or department_id == move.issue.department_id:
            raise InvalidError({"department_id": gettext("Choose another department that is active.")})
        put(move, department_id, text, mandatory=mandatory)


def finish_task(actor: Actor, issue_id: int, task_id: int, answer: str, *, seen: int | None = None) -> None:
    """Finish a task of one's own department with its answer.

    Raises:
        InvalidError: the answer is missing.
        NotFoundError: there is no such open task of the department, or see `moving`.
        StaleError, StepRefusedError: see `moving`.
    """
    tidy = required(answer, "answer", N_("Write what your department has done."), most=4000)
    with moving(actor, issue_id, Verb.FINISH_TASK, seen=seen, reason=tidy) as move:
        task = _own(move, task_id)
        task.answer = tidy
        _end(move, task, TaskState.DONE)


def return_task(actor: Actor, issue_id: int, task_id: int, reason: str, *, seen: int | None = None) -> None:
    """Return a task that is not one's department's.

    Raises:
        InvalidError: the reason is missing.
        NotFoundError: there is no such open task of the department, or see `moving`.
        StaleError, StepRefusedError: see `moving`.
    """
    tidy = required(reason, "reason", N_("Write why it is not your department's, and whose it is."))
    with moving(actor, issue_id, Verb.RETURN_TASK, seen=seen, reason=tidy) as move:
        _end(move, _own(move, task_id), TaskState.RETURNED)


def cancel_task(actor: Actor, issue_id: int, task_id: int, reason: str, *, seen: int | None = None) -> None:
    """Cancel a task that is open or was returned.

    Raises:
        InvalidError: the reason is missing.
        NotFoundError: there is no such task, or see `moving`.
        StaleError, StepRefusedError: see `moving`.
    """
    tidy = required(reason, "reason", N_("Write why the task is cancelled."))
    with moving(actor, issue_id, Verb.CANCEL_TASK, seen=seen, reason=tidy) as move:
        _end(move, _task(move, task_id, TaskState.OPEN, TaskState.RETURNED), TaskState.CANCELLED)


def put(move: Move, department_id: int, text: str, *, mandatory: bool) -> IssueTask:
    """Make a task and start its clock; part of the step `move`.

    Raises:
        InvalidError: it is not described, or the department has an open task already.
    """
    tidy = required(text, "text", N_("Write what the department is asked for."))
    same = select(IssueTask.id).where(
        IssueTask.issue_id == move.issue.pk, IssueTask.department_id == department_id,
        IssueTask.state == TaskState.OPEN,
    )  # fmt: skip
    if move.session.exec(same).first() is not None:
        raise InvalidError({"department_id": gettext("This department has an open task in the issue already.")})
    task = IssueTask(
        issue_id=move.issue.pk, department_id=department_id, text=tidy, mandatory=mandatory,
        added_by_id=move.actor.account_id,
    )  # fmt: skip
    move.session.add(task)
    move.session.flush()
    move.issue.cross_department = True
    move.task_id = task.pk
    clocks.start_task(move.session, move.issue, task)
    return task


def end_all(move: Move) -> None:
    """Cancel what is still open of an issue's tasks; part of the step `move`, which is not about any one of them."""
    still = select(IssueTask).where(IssueTask.issue_id == move.issue.pk, IssueTask.state == TaskState.OPEN)
    for task in move.session.exec(still).all():
        _end(move, task, TaskState.CANCELLED)
    move.task_id = None


def _own(move: Move, task_id: int) -> IssueTask:
    task = _task(move, task_id, TaskState.OPEN)
    if move.actor.role is Role.DEPARTMENT_OFFICER and task.department_id == move.actor.department_id:
        return task
    raise NotFoundError


def _task(move: Move, task_id: int, *states: TaskState) -> IssueTask:
    task = move.session.get(IssueTask, task_id)
    if task is None or task.issue_id != move.issue.pk or task.state not in states:
        raise NotFoundError
    return task


def _end(move: Move, task: IssueTask, state: TaskState) -> None:
    task.state, task.finished_at, task.finished_by_id = state, clock.now(), move.actor.account_id
    move.task_id = task.pk
    clocks.end_task(move.session, task)
    move.session.add(task)
