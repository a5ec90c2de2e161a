"""What people call the subject of a reminder, and the way to its page."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import Session, col, select

from core.i18n import gettext
from models.commitment import Commitment
from models.enterprise import Enterprise
from models.issue import Issue
from models.issue_log import IssueTask
from models.reminder import NoticeBatch, Subject
from models.visit import Promise, Visit
from services.actor import Actor
from services.permissions import Action, allows
from services.reminders.sources import SOURCES

_OPENED_BY: Mapping[Subject, Action] = {
    Subject.VISIT: Action.VISIT_RECORD,
    Subject.ISSUE: Action.ISSUE_VIEW,
    Subject.ISSUE_TASK: Action.ISSUE_VIEW,
    Subject.PROMISE: Action.VISIT_VIEW,
    Subject.COMMITMENT: Action.COMMITMENT_VIEW,
    Subject.BULLETIN: Action.BULLETIN_VIEW,
    Subject.NOTICE: Action.NOTICE_VIEW,
}
"""What one must be allowed to see the page; everybody may see a start page or their own week."""
_NAMED: dict[Subject, Any] = {
    Subject.VISIT: select(Visit.id, Enterprise.name).join(Enterprise, col(Enterprise.id) == Visit.enterprise_id),
    Subject.ISSUE: select(Issue.id, Issue.number),
    Subject.ISSUE_TASK: select(IssueTask.id, Issue.number).join(Issue, col(Issue.id) == IssueTask.issue_id),
    Subject.PROMISE: select(Promise.id, Enterprise.name).join(Enterprise, col(Enterprise.id) == Promise.enterprise_id),
    Subject.COMMITMENT: select(Commitment.id, Enterprise.name).join(
        Enterprise, col(Enterprise.id) == Commitment.enterprise_id
    ),
    Subject.NOTICE: select(NoticeBatch.id, NoticeBatch.number),
}


def names(session: Session, wanted: Iterable[tuple[Subject, int]]) -> dict[tuple[Subject, int], str]:
    """Return what people call these subjects, such as "Issue QY-2023-000012": one query for each kind."""
    by_kind: dict[Subject, set[int]] = defaultdict(set)
    for subject, subject_id in wanted:
        by_kind[subject].add(subject_id)
    found: dict[tuple[Subject, int], str] = {}
    for subject, ids in by_kind.items():
        named = dict(_read(session, subject, ids))
        kind = gettext(subject.label)
        found |= {(subject, each): f"{kind} {named.get(each) or f'#{each}'}" for each in ids}
    return found


def link(actor: Actor, subject: Subject, subject_id: int) -> str:
    """Return the path of a subject's page; empty for somebody who may not open such pages."""
    opened_by = _OPENED_BY.get(subject)
    if subject not in SOURCES or (opened_by and not allows(actor, opened_by)):
        return ""
    return SOURCES[subject].link(subject_id)


def _read(session: Session, subject: Subject, ids: set[int]) -> Iterable[tuple[int, str]]:
    if subject not in _NAMED:
        return []
    statement = _NAMED[subject]
    rows = session.execute(statement.where(statement.selected_columns[0].in_(ids))).all()
    return [(row[0], row[1]) for row in rows]
