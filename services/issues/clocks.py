"""The clocks of an issue's stages: started, paused and ended as the issue moves, and recomputed with the calendar.

`issue_clock` holds what a deadline is made of; the issue repeats the running clock's deadline for lists.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from core import clock
from models.issue import ENDED_STATES, Issue, IssueKind, IssueState, Urgency
from models.issue_log import IssueClock, IssueTask
from models.limits import Stage
from models.worktime import Calendar, Deadline, Limit, LimitUnit, Pause
from services import limits, working_time

_S = IssueState
_STAGES = {
    _S.REGISTERED: Stage.ACCEPT,
    _S.ACCEPTED: Stage.DISPATCH,
    _S.RETURNED: Stage.DISPATCH,
    _S.DISPATCHED: Stage.ACKNOWLEDGE,
    _S.HANDLING: Stage.HANDLE,
    _S.EXTENSION_REQUESTED: Stage.HANDLE,
    _S.SHELVING_REQUESTED: Stage.HANDLE,
    _S.SHELVED: Stage.HANDLE,
    _S.RESOLVED: Stage.REVIEW,
    _S.RESOLVED_ON_SITE: Stage.ANSWER,
    _S.ANSWERED: Stage.CALL_BACK,
    _S.CALL_BACK: Stage.CALL_BACK,
}
_Asked = tuple[Stage, IssueKind, Urgency, bool]
_JUDGED = (Stage.ACKNOWLEDGE, Stage.HANDLE)
"""Stages by which an issue is judged late: what those before and after take is not the department's."""
_PAUSED = frozenset({_S.EXTENSION_REQUESTED, _S.SHELVING_REQUESTED, _S.SHELVED})
_TASKS_WAIT = frozenset({_S.SHELVED, _S.RETURNED})
"""States in which assisting departments need not, or cannot, go on."""


@dataclass(frozen=True)
class Recomputed:
    """A running clock whose deadline moves, and the number of its issue."""

    clock: IssueClock
    number: str
    deadline: Deadline
    limit: Limit


def stage_of(issue: Issue) -> Stage | None:
    """Return what is to be done next within a time limit; `None` if nothing is."""
    if issue.state is _S.RESOLVED and issue.reviewed_by_id is not None:
        return Stage.ANSWER
    return _STAGES.get(issue.state)


def running(session: Session, issue_id: int) -> IssueClock | None:
    """Return the clock of the issue's present stage."""
    found = select(IssueClock).where(
        IssueClock.issue_id == issue_id, col(IssueClock.ended_at).is_(None), col(IssueClock.task_id).is_(None)
    )
    return session.exec(found).one_or_none()


def of_dispatch(session: Session, issues: Sequence[Issue]) -> dict[int, IssueClock]:
    """Return the clock by which the lead department of each issue handles it, running or not.

    It counts from the dispatch, so that of an issue not acknowledged yet is known: as the acknowledgement starts it.
    An issue that no department leads has none, whatever limit a department had before.
    """
    found = (
        select(IssueClock)
        .join(Issue, col(Issue.id) == IssueClock.issue_id)
        .where(col(Issue.id).in_([issue.pk for issue in issues]), col(Issue.department_id).is_not(None))
        .where(IssueClock.stage == Stage.HANDLE, IssueClock.started_at == Issue.dispatched_at)
        .order_by(col(IssueClock.id))
    )
    begun = {each.issue_id: each for each in session.exec(found)}
    finder, calendar = limits.finder(session), working_time.calendar(session)
    sent = (issue for issue in issues if issue.state is _S.DISPATCHED)
    return begun | {issue.pk: _made(issue, Stage.HANDLE, clock.now(), finder, calendar) for issue in sent}


def follow(session: Session, issue: Issue) -> None:
    """Let the clocks follow the issue after a step: end, start, pause or resume, and repeat the deadline on it.

    Those of its open tasks stand still while it is shelved, or no department leads it because one returned it.
    """
    before = present = running(session, issue.pk)
    wanted, now = stage_of(issue), clock.now()
    if present is not None and (wanted is not present.stage or _begins_anew(present, issue)):
        if present.late_at is None and _is_late(present, now):
            present.late_at = now
        _end(session, present, now)  # only one may run: the session updates rows of a table before it inserts others
        present = None
    if present is None and wanted is not None:
        present = _resumed(session, issue, wanted, now) or _started(session, issue, wanted, now)
        session.add(present)
    if present is not None:
        _pause(session, present, now, paused=issue.state in _PAUSED)
    if present is not before:
        issue.late = _was_late(session, issue)
    _repeat(issue, present, another=present is not before)
    if issue.cross_department:  # as all that ever had a task are
        _pause_tasks(session, issue, paused=issue.state in _TASKS_WAIT)


def extend(session: Session, issue: Issue, days: int) -> None:
    """Give the running clock so many working days more; the step that grants them lets the clocks follow."""
    present = running(session, issue.pk)
    assert present is not None  # noqa: S101 - an issue that waits for an extension is being handled
    calendar = working_time.calendar(session)
    more = in_unit(days, present.unit, calendar)
    present.amount += more
    present.extended += more
    _compute(present, calendar)


def in_unit(days: int, unit: LimitUnit, calendar: Calendar) -> int:
    """Return so many working days in the unit a limit is counted in."""
    return days if unit is LimitUnit.WORKING_DAYS else days * calendar.minutes_a_day


def start_task(session: Session, issue: Issue, task: IssueTask) -> None:
    """Start the clock of an assisting department's task; the step that gives it lets the clocks follow."""
    session.add(_started(session, issue, Stage.ASSIST, clock.now(), task))


def end_task(session: Session, task: IssueTask) -> None:
    """End the clock of a task."""
    found = session.exec(
        select(IssueClock).where(IssueClock.task_id == task.pk, col(IssueClock.ended_at).is_(None))
    ).one_or_none()
    if found is not None:
        _end(session, found, clock.now())


def deadline(each: IssueClock, calendar: Calendar) -> Deadline:
    """Return the deadline of a clock and its explanation; a pause that goes on counts until now."""
    pauses = _pauses(each)
    if each.paused_since is not None:
        pauses.append(Pause(each.paused_since, max(clock.now(), each.paused_since)))
    return calendar.deadline(each.started_at, Limit(each.amount, each.unit), pauses)


def recomputed(session: Session, calendar: Calendar, before: limits.Finder) -> Sequence[Recomputed]:
    """Return the running clocks whose deadline differs under a calendar and the limits as they are in `session`.

    What an extension granted stays granted. A paused clock is computed with the pauses that have ended.

    Args:
        session: the use case's session.
        calendar: the calendar from now on.
        before: the limits before the change. A clock takes a new limit only where the limits have changed: one whose
            issue was corrected meanwhile keeps the limit it began with.
    """
    about = col(Issue.number), col(Issue.kind), col(Issue.urgency), col(Issue.cross_department)
    found = session.execute(
        select_columns(IssueClock, *about)  # not whole issues: they are as many as are open
        .join(Issue, col(Issue.id) == IssueClock.issue_id)
        .where(col(IssueClock.ended_at).is_(None), col(Issue.state).not_in(ENDED_STATES))
        .order_by(col(IssueClock.due_at), col(IssueClock.id))
    ).all()
    moved = []
    finder = limits.finder(session)
    for each, number, kind, urgency, across in found:
        limit = _limit_again(each, (each.stage, kind, urgency, across), before, finder, calendar)
        computed = _computed_with(each, limit, calendar)
        if computed.at != each.due_at or computed.provisional != each.provisional:
            moved.append(Recomputed(each, number, computed, limit))
    return moved


def apply(session: Session, issue: Issue, moved: Recomputed) -> None:
    """Set a clock to its recomputed deadline; the issue repeats it if it is that of its stage."""
    each = moved.clock
    each.amount, each.unit = moved.limit.amount, moved.limit.unit
    each.due_at, each.provisional = moved.deadline.at, moved.deadline.provisional
    if each.task_id is not None:
        _repeat_on_task(session.get_one(IssueTask, each.task_id), each)
        return
    _repeat(issue, each)


def _limit_again(
    each: IssueClock, asked: _Asked, before: limits.Finder, finder: limits.Finder, calendar: Calendar
) -> Limit:
    limit = finder(*asked)
    if limit == before(*asked):
        return Limit(each.amount, each.unit)
    if limit.unit is each.unit:
        return Limit(limit.amount + each.extended, limit.unit)
    days = each.extended // calendar.minutes_a_day if each.unit is LimitUnit.WORKING_MINUTES else each.extended
    more = in_unit(days, limit.unit, calendar)
    return Limit(limit.amount + more, limit.unit)


def _computed_with(each: IssueClock, limit: Limit, calendar: Calendar) -> Deadline:
    return calendar.deadline(each.started_at, limit, _pauses(each))


def _pauses(each: IssueClock) -> list[Pause]:
    """Return the pauses of a clock that have ended."""
    return [Pause(datetime.fromisoformat(since), datetime.fromisoformat(until)) for since, until in each.pauses]


def _started(session: Session, issue: Issue, stage: Stage, now: datetime, task: IssueTask | None = None) -> IssueClock:
    made = _made(issue, stage, now, limits.finder(session), working_time.calendar(session))
    if task is not None:
        made.task_id, task.due_at = task.pk, made.due_at
    return made


def _made(issue: Issue, stage: Stage, now: datetime, finder: limits.Finder, calendar: Calendar) -> IssueClock:
    limit = finder(stage, issue.kind, issue.urgency, issue.cross_department)
    # The time to handle counts from the dispatch: whoever acknowledges late gains nothing by it.
    since = issue.dispatched_at or now if stage is Stage.HANDLE else now
    made = IssueClock(
        issue_id=issue.pk, stage=stage, round=issue.round, started_at=since, amount=limit.amount, unit=limit.unit,
        due_at=now, department_id=issue.department_id,
    )  # fmt: skip
    _compute(made, calendar)
    return made


def _begins_anew(present: IssueClock, issue: Issue) -> bool:
    """Return whether a stage begins anew: in the next round, or with another department to acknowledge."""
    if present.round != issue.round:
        return True
    sent = issue.dispatched_at
    return present.stage is Stage.ACKNOWLEDGE and sent is not None and present.started_at < sent


def _pause_tasks(session: Session, issue: Issue, *, paused: bool) -> None:
    found = session.exec(
        select(IssueClock, IssueTask)
        .join(IssueTask, col(IssueTask.id) == IssueClock.task_id)
        .where(IssueClock.issue_id == issue.pk, col(IssueClock.ended_at).is_(None))
    ).all()
    for each, task in found:
        _pause(session, each, clock.now(), paused=paused)
        _repeat_on_task(task, each)


def _resumed(session: Session, issue: Issue, stage: Stage, now: datetime) -> IssueClock | None:
    """Let the handling of this round go on after a failed review: the time of the review does not count."""
    if stage is not Stage.HANDLE:
        return None
    before = session.exec(
        select(IssueClock)
        .where(IssueClock.issue_id == issue.pk, IssueClock.stage == stage, IssueClock.round == issue.round)
        .where(IssueClock.started_at == issue.dispatched_at)
        .order_by(col(IssueClock.id).desc())
        .limit(1)
    ).first()
    if before is None or before.ended_at is None:
        return None
    session.flush()  # only one may run: the review's ends before this one goes on
    before.pauses = [*before.pauses, [before.ended_at.isoformat(), now.isoformat()]]
    before.ended_at = None
    _compute(before, working_time.calendar(session))
    return before


def _pause(session: Session, each: IssueClock, now: datetime, *, paused: bool) -> None:
    if paused and each.paused_since is None:
        each.paused_since = now
    if not paused and each.paused_since is not None:
        _close_pause(each, now)
        _compute(each, working_time.calendar(session))


def _is_late(ending: IssueClock, now: datetime) -> bool:
    """Return whether a stage that ends now has run over its time; a clock that stands still runs over no more."""
    return ending.stage in _JUDGED and ending.due_at < (ending.paused_since or now)


def _was_late(session: Session, issue: Issue) -> bool:
    """Return whether the department that leads the issue now has been late with it; another's delay is not its own."""
    late = select(IssueClock.id).where(
        IssueClock.issue_id == issue.pk,
        col(IssueClock.late_at).is_not(None),
        col(IssueClock.department_id) == issue.department_id,
    )
    return session.exec(late.limit(1)).first() is not None


def _end(session: Session, each: IssueClock, now: datetime) -> None:
    """End a clock; for one that stands still the deadline is later by the pause, which is over with it."""
    if each.paused_since is not None:
        _close_pause(each, now)
        _compute(each, working_time.calendar(session))
    each.ended_at = now


def _close_pause(each: IssueClock, now: datetime) -> None:
    assert each.paused_since is not None  # noqa: S101 - asked by the callers
    each.pauses = [*each.pauses, [each.paused_since.isoformat(), now.isoformat()]]
    each.paused_since = None


def _compute(each: IssueClock, calendar: Calendar) -> None:
    computed = _computed_with(each, Limit(each.amount, each.unit), calendar)
    each.due_at, each.provisional = computed.at, computed.provisional


def _repeat(issue: Issue, present: IssueClock | None, *, another: bool = False) -> None:
    """Repeat a clock on its issue; another clock is another deadline, though it may end at the same minute."""
    # A clock that stands still has no deadline: it moves with every hour of the pause.
    due_at = present.due_at if present and present.paused_since is None else None
    issue.stage = present.stage.value if present else ""
    issue.due_provisional = present.provisional if present else False
    issue.paused_since = present.paused_since if present else None
    if another or due_at != issue.due_at:
        issue.due_at = due_at
        issue.due_version += 1


def _repeat_on_task(task: IssueTask, each: IssueClock) -> None:
    task.due_at = None if each.paused_since else each.due_at
