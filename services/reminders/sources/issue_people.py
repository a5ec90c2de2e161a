"""The people around an issue: whose turn it is, who leads them, who stands above."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from models.area import Tier
from models.issue import WITH_DEPARTMENT, Issue, IssueState
from models.lifecycle import Verb
from models.reminder import Relation
from models.worktime import Calendar
from services.issues.guards import verified
from services.issues.people import DEALING
from services.reminders.sources.people import Ids, People

_S = IssueState
AWAITING = (_S.EXTENSION_REQUESTED, _S.SHELVING_REQUESTED)
"""States in which a department waits for the coordinator's decision."""


@dataclass(frozen=True)
class Heard:
    """The last event of a kind on an issue."""

    seq: int
    at: datetime
    actor_id: int | None
    said: str
    by: str
    verb: Verb


@dataclass(frozen=True)
class Case:
    """An issue with all that its standings are made of."""

    issue: Issue
    path: str
    people: People
    calendar: Calendar
    contacts: Ids = ()
    heard: Mapping[str, Heard] = field(default_factory=dict)


def around(case: Case) -> dict[Relation, Ids]:
    """Return the people around an issue by what they are to it."""
    issue, who = case.issue, case.people
    found = who.of_zone() | {
        Relation.ASSIGNEE: assignees(case),
        Relation.FIRST_RECEIVER: _first_receiver(case),
        Relation.NEXT_TIER: who.above(case.path, issue.tier),
    }
    if issue.state in WITH_DEPARTMENT or (issue.state is _S.RESOLVED and issue.reviewed_by_id is not None):
        return found | {Relation.DEPARTMENT_HEAD: who.heads_of(issue.department_id)}
    return found | {Relation.LEAD: _leads(case)}


def assignees(case: Case) -> Ids:
    """Return who is to act next on an issue; on one that was declined, who tells the enterprise."""
    return _TURNS.get(case.issue.state, _coordinators)(case) or case.people.coordinators


def _coordinators(case: Case) -> Ids:
    return case.people.coordinators


def _first_receiver(case: Case) -> Ids:
    return case.people.only(case.issue.first_receiver_id, DEALING)


def _tier(case: Case) -> Ids:
    return () if case.issue.tier in {Tier.ZONE, Tier.CITY} else _leads(case)


def _department(case: Case) -> Ids:
    """Return the handler while they are an officer of the lead department, else all its officers."""
    officers = case.people.officers_of(case.issue.department_id)
    return tuple(each for each in officers if each == case.issue.handler_id) or officers


def _resolved(case: Case) -> Ids:
    return _department(case) if case.issue.reviewed_by_id is not None else ()


def _call_back(case: Case) -> Ids:
    caller = () if verified(case.issue) else case.people.only(case.issue.caller_id, DEALING)
    return caller or _leads(case)


def _leads(case: Case) -> Ids:
    """Return the leads of the tier the issue is with."""
    street = case.issue.tier is Tier.STREET
    return case.people.leads(case.path, at_least=Tier.STREET if street else Tier.GRID)


_TURNS: dict[IssueState, Callable[[Case], Ids]] = {
    _S.REGISTERED: _tier,
    _S.DISPATCHED: _department,
    _S.HANDLING: _department,
    _S.SHELVED: _department,
    _S.RESOLVED: _resolved,
    _S.DECLINED: lambda case: _first_receiver(case) or _leads(case),
    _S.RESOLVED_ON_SITE: _first_receiver,
    _S.ANSWERED: _leads,
    _S.CALL_BACK: _call_back,
}
"""Whose turn it is in which state; the coordinators' in all others, and where nobody else is left."""
