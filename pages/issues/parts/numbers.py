"""Numbers of the ledger in words."""

from core.i18n import format_number
from core.i18n import gettext as _
from models.issue import IssueState
from services.issues.holders import WITH_DEPARTMENT, Holder
from services.issues.todo import CAP
from services.issues.todo_groups import Group

_WAITS_FOR = {
    IssueState.REGISTERED: Group.ACCEPT,
    IssueState.ACCEPTED: Group.DISPATCH,
    IssueState.RETURNED: Group.REDISPATCH,
    IssueState.RESOLVED: Group.REVIEW,
    IssueState.RESOLVED_ON_SITE: Group.ANSWER,
    IssueState.ANSWERED: Group.ARRANGE,
    IssueState.CALL_BACK: Group.CALL_BACK,
}


def counted(count: int) -> str:
    """Return a number that is capped as it is shown: 999+."""
    return f"{CAP - 1}+" if count >= CAP else format_number(count)


def with_whom(holder: Holder) -> tuple[str, dict[str, object]]:
    """Return who has overdue issues, in words, and the filters of the ledger that list them."""
    if holder.state is None:
        states = [each.value for each in WITH_DEPARTMENT]
        return holder.department, {"department_id": holder.department_id, "state": states}
    return _(_WAITS_FOR[holder.state].label), {"state": holder.state.value}
