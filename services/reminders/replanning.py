"""Plans all reminders anew after rules, hours, the calendar or responsibilities changed: work of the outbox."""

from typing import Any

from core.db import transaction
from models.reminder import Subject
from services import outbox
from services.actor import SYSTEM
from services.reminders.noticing import REPLAN, replan
from services.reminders.planning import reconcile
from services.reminders.sources import SOURCES

__all__ = ["all_subjects", "run"]
_AT_ONCE = 500
_ORDER = tuple(SOURCES)

all_subjects = replan


def run(payload: dict[str, Any]) -> None:
    """Plan one portion of subjects anew and owe the next, until none is left.

    Args:
        payload: `subject` and `after`, where the portion begins; empty at first.
    """
    subject = Subject.of(payload["subject"]) if payload else _ORDER[0]
    with transaction(actor=SYSTEM, action=REPLAN) as session:
        ids = SOURCES[subject].live(session, payload.get("after", 0), _AT_ONCE)
        reconcile(session, subject, ids)
        if following := _following(subject, ids):
            outbox.put(session, REPLAN, following)


def _following(subject: Subject, ids: list[int]) -> dict[str, Any] | None:
    if len(ids) == _AT_ONCE:
        return {"subject": subject.value, "after": ids[-1]}
    place = _ORDER.index(subject) + 1
    return {"subject": _ORDER[place].value, "after": 0} if place < len(_ORDER) else None
