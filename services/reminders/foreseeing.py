"""What a rule would send in the days to come: the preview beside its form."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from core import clock
from models.reminder import Occasion, Relation, ReminderRule, Subject
from services.reminders.planning import Wanted, wanted_by
from services.reminders.sources import SOURCES

_AT_ONCE = 500


@dataclass(frozen=True)
class Foreseen:
    """One reminder a rule would send."""

    subject: Subject
    subject_id: int
    due_at: datetime
    moment: datetime
    relation: Relation | None
    account_id: int | None
    contact_id: int | None


@dataclass(frozen=True)
class Preview:
    """What a rule would send: how many in all, and the first of them in order of time."""

    total: int
    first: list[Foreseen]


def preview(session: Session, rule: ReminderRule, until: datetime, limit: int) -> Preview:
    """Return what a rule, saved or not, would send from now on.

    Args:
        session: a transaction; nothing is written or held.
        rule: the rule as it would be.
        until: the end of the time looked ahead.
        limit: how many to name.
    """
    now = clock.now()
    found = [each for each in _all(session, rule) if now < each.due_at <= until]
    found.sort(key=lambda each: (each.due_at, each.subject_id))
    return Preview(len(found), found[:limit])


def _all(session: Session, rule: ReminderRule) -> Iterator[Foreseen]:
    for subject in SUBJECTS.get(rule.occasion, ()):
        source, after = SOURCES[subject], 0
        while ids := source.live(session, after, _AT_ONCE):
            after = ids[-1]
            standings = source.standings(session, ids, lock=False)
            yield from (_foreseen(each) for each in wanted_by(session, standings, [rule]) if each.relation is not None)


def _foreseen(wanted: Wanted) -> Foreseen:
    return Foreseen(
        wanted.standing.subject, wanted.standing.subject_id, wanted.due_at, wanted.moment, wanted.relation,
        wanted.account_id, wanted.contact_id,
    )  # fmt: skip


SUBJECTS: dict[Occasion, tuple[Subject, ...]] = {
    Occasion.VISIT_ASSIGNED: (Subject.VISIT,),
    Occasion.VISIT_PLANNED: (Subject.VISIT,),
    Occasion.VISIT_OVERDUE: (Subject.VISIT,),
    Occasion.VISIT_RETURNED: (Subject.VISIT,),
    Occasion.ISSUE_ARRIVED: (Subject.ISSUE, Subject.ISSUE_TASK),
    Occasion.ISSUE_DEADLINE: (Subject.ISSUE, Subject.ISSUE_TASK),
    Occasion.ISSUE_URGED: (Subject.ISSUE,),
    Occasion.ISSUE_CARDED: (Subject.ISSUE,),
    Occasion.ISSUE_DECLINED: (Subject.ISSUE,),
    Occasion.EXTENSION_AWAITING: (Subject.ISSUE,),
    Occasion.CALL_BACK_DUE: (Subject.ISSUE,),
    Occasion.SHELVED_REVIEW: (Subject.ISSUE,),
    Occasion.PROMISE_DUE: (Subject.PROMISE,),
    Occasion.COMMITMENT_DUE: (Subject.COMMITMENT,),
    Occasion.BULLETIN_DUE: (Subject.BULLETIN,),
    Occasion.WEEKLY_DIGEST: (Subject.DIGEST,),
    Occasion.BACKUP_MISSING: (Subject.BACKUP,),
}
"""Which kinds of subjects an occasion can be about."""
