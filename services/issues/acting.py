"""Who has to act next on an issue, in words for its page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from core.i18n import N_, gettext
from models.area import Tier
from models.fields import FieldSpec
from models.issue import Issue, IssueState
from services.issues.guards import verified

_S = IssueState
_BELOW = {
    Tier.GRID: N_("the team lead of the village"),
    Tier.VILLAGE: N_("the team lead of the village"),
    Tier.STREET: N_("the team lead of the street"),
}


@dataclass(frozen=True)
class Names:
    """What the rows an issue points to are called: id → name; and its categories: value → label.

    Args:
        people: everybody it or its log names.
        departments: likewise.
        categories: of the category tree.
        dealing: those of the people who deal with enterprises, as they are now.
        leading: those who are officers of the lead department, likewise.
        is_staffed: whether the lead department has any officer.
        is_led: whether a team lead decides on it at its tier.
        own_fields: the fields the administrator added to issues.
    """

    people: Mapping[int, str]
    departments: Mapping[int, str]
    categories: Mapping[str, str]
    dealing: frozenset[int] = frozenset()
    leading: frozenset[int] = frozenset()
    is_staffed: bool = True
    is_led: bool = True
    own_fields: Sequence[FieldSpec] = ()

    def person(self, account_id: int | None) -> str:
        """Return somebody's name; empty for nobody."""
        return self.people.get(account_id or 0, "")

    def who_deals(self, account_id: int | None) -> str:
        """Return somebody's name; empty for nobody and for whoever deals with enterprises no more."""
        return self.person(account_id) if account_id in self.dealing else ""

    def who_leads(self, account_id: int | None) -> str:
        """Return somebody's name; empty for nobody and for whoever is no officer of the lead department any more."""
        return self.person(account_id) if account_id in self.leading else ""

    def department(self, department_id: int | None) -> str:
        """Return a department's name; empty for none."""
        return self.departments.get(department_id or 0, "")

    def category(self, value: str) -> str:
        """Return what a category is called; a dash for none."""
        return self.categories.get(value, value) or "—"


def who_acts(issue: Issue, names: Names) -> str:
    """Return who has to act next, in the present language; empty when nobody has to."""
    found = _WHO.get(issue.state)
    return found(issue, names) if found else ""


def _coordinator(_issue: Issue, _names: Names) -> str:
    return gettext("the coordinator")


def _tier(issue: Issue, names: Names) -> str:
    below = _BELOW.get(issue.tier) if names.is_led else None
    return gettext(below) if below else _coordinator(issue, names)


def _with_department(issue: Issue, names: Names) -> str:
    return _department(issue, names) if names.is_staffed else _coordinator(issue, names)


def _department(issue: Issue, names: Names) -> str:
    parts = (names.department(issue.department_id), names.who_leads(issue.handler_id))
    return " ".join(part for part in parts if part)


def _result(issue: Issue, names: Names) -> str:
    if issue.reviewed_by_id is None:
        return _coordinator(issue, names)
    return _department(issue, names)


def _told(issue: Issue, names: Names) -> str:
    return names.who_deals(issue.first_receiver_id) or _coordinator(issue, names)


def _of_area(_issue: Issue, _names: Names) -> str:
    return gettext("the coordinator or the team lead")


def _call_back(issue: Issue, names: Names) -> str:
    caller = "" if verified(issue) else names.who_deals(issue.caller_id)
    return caller or _of_area(issue, names)


_WHO: dict[IssueState, Callable[[Issue, Names], str]] = {
    _S.REGISTERED: _tier,
    _S.RESOLVED_ON_SITE: _told,
    _S.ACCEPTED: _coordinator,
    _S.RETURNED: _coordinator,
    _S.DISPATCHED: _with_department,
    _S.HANDLING: _with_department,
    _S.EXTENSION_REQUESTED: _coordinator,
    _S.SHELVING_REQUESTED: _coordinator,
    _S.RESOLVED: _result,
    _S.ANSWERED: _of_area,
    _S.CALL_BACK: _call_back,
}
