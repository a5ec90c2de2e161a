"""Tasks of assisting departments as a source of reminders."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from core.i18n import gettext
from core.text import excerpt
from models.account import Department
from models.enterprise import Enterprise
from models.issue import Issue
from models.issue_log import IssueTask, TaskState
from models.limits import Stage
from models.reminder import Occasion, Relation, Subject
from services import working_time
from services.reminders.sources.issue import Issues
from services.reminders.sources.people import Ids, people
from services.reminders.sources.words import due_words
from services.reminders.standing import Standing, Words

_TITLE = 40


class IssueTasks:
    """The source."""

    def standings(self, session: Session, ids: Sequence[int], *, lock: bool = True) -> list[Standing]:
        """Return how these tasks stand; see `Source`."""
        found = select(IssueTask).where(col(IssueTask.id).in_(ids), IssueTask.state == TaskState.OPEN)
        found = found.order_by(col(IssueTask.id))
        tasks = session.exec(found.with_for_update(read=True) if lock else found).all()
        if not tasks:
            return []
        who = people(session)
        return [
            standing
            for task in tasks
            for standing in _standings(
                task,
                who.of_zone()
                | {
                    Relation.ASSIGNEE: who.officers_of(task.department_id),
                    Relation.DEPARTMENT_HEAD: who.heads_of(task.department_id),
                },
            )
        ]

    def live(self, session: Session, after: int, limit: int) -> list[int]:
        """Return the ids of open tasks; see `Source`."""
        found = select(IssueTask.id).where(col(IssueTask.id) > after, IssueTask.state == TaskState.OPEN)
        return [each for each in session.exec(found.order_by(col(IssueTask.id)).limit(limit)) if each is not None]

    def words(self, session: Session, ids: Iterable[int]) -> dict[int, Words]:
        """Return what templates may say about these tasks; see `Source`."""
        calendar = working_time.calendar(session)
        found = (
            select_columns(
                col(IssueTask.id), col(Issue.number), col(IssueTask.text), col(Issue.kind), col(IssueTask.due_at),
                col(Enterprise.name), col(Department.name),
            )
            .join(Issue, col(Issue.id) == IssueTask.issue_id)
            .join(Enterprise, col(Enterprise.id) == Issue.enterprise_id)
            .join(Department, col(Department.id) == IssueTask.department_id)
            .where(col(IssueTask.id).in_(list(ids)))
        )  # fmt: skip
        return {
            task_id: {
                **Issues().sample(),
                "number": number,
                "title": excerpt(text, _TITLE),
                "enterprise": enterprise,
                "department": department,
                "stage": gettext(Stage.ASSIST.label),
                "kind": gettext(kind.label),
                "person": "",
                "said": "",
                "by": "",
                "review_on": "",
                **due_words(calendar, due_at),
            }
            for task_id, number, text, kind, due_at, enterprise, department in session.execute(found)
        }

    def link(self, subject_id: int) -> str:
        """Return the address of the task's issue; see `Source`."""
        return f"/issues-issue?task={subject_id}"

    def sample(self) -> Words:
        """Return words of an invented task; see `Source`."""
        return {**Issues().sample(), "stage": gettext(Stage.ASSIST.label)}


def _standings(task: IssueTask, around: dict[Relation, Ids]) -> Iterable[Standing]:
    told = {relation: tuple(each for each in ids if each != task.added_by_id) for relation, ids in around.items()}
    yield Standing(Subject.ISSUE_TASK, task.pk, Occasion.ISSUE_ARRIVED, task.created_at, 1, Stage.ASSIST, told)
    if task.due_at is not None:
        yield Standing(
            Subject.ISSUE_TASK, task.pk, Occasion.ISSUE_DEADLINE, task.due_at, _version(task.due_at), Stage.ASSIST,
            around,
        )  # fmt: skip


def _version(due_at: datetime) -> int:
    """Return a number that is another for another deadline: its minute."""
    return int(due_at.timestamp() // 60)
