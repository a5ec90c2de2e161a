"""Takes shelved issues up again on their review date: work of the outbox."""

from datetime import date
from typing import Any

from sqlmodel import select

from core.i18n import gettext
from models.issue import Issue, IssueState
from services.actor import SYSTEM
from services.issues.guards import StepRefusedError
from services.issues.pausing import resume
from services.permissions import Action
from services.use_case import use_case


def take_up(payload: dict[str, Any]) -> None:
    """Resume a shelved issue if it is still shelved until the day the message was made for.

    Args:
        payload: `issue`, its id, and `review_on`, the day.
    """
    if not _still_shelved(payload):
        return
    try:
        resume(SYSTEM, payload["issue"], note=gettext("The review date has come."))
    except StepRefusedError:  # somebody was quicker, which is what was wanted
        return


def _still_shelved(payload: dict[str, Any]) -> bool:
    with use_case(SYSTEM, Action.ISSUE_VIEW) as session:
        issue = session.exec(select(Issue).where(Issue.id == payload["issue"])).first()
        if issue is None or issue.state is not IssueState.SHELVED or issue.review_on is None:
            return False
        return issue.review_on == date.fromisoformat(payload["review_on"])
