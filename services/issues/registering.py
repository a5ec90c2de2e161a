"""Registering a need: from a visit, by hand or from a file."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from core import text
from core.db import kept
from core.errors import InvalidError
from core.i18n import N_, gettext
from models.account import Role
from models.area import Area, Tier
from models.enterprise import Enterprise
from models.issue import Issue, IssueKind, IssueSource, IssueState, Urgency
from models.lifecycle import Verb
from models.visit import Visit
from services import access, numbers
from services.actor import Actor
from services.entities.fields import options_of
from services.issues import people
from services.issues.moving import Move, complete, required, within
from services.permissions import Action
from services.use_case import use_case

CATEGORIES = "issue_category"
TEXT_LENGTH = 4000
"""Roles that can be first receivers."""


@dataclass(frozen=True)
class Heard:
    """What an enterprise said.

    Args:
        kind: suggestion, difficult issue or enquiry.
        text: what was said.
        category: an item of the choice list `issue_category`; empty if nobody knows yet.
        urgency: how little it can wait.
        solution: how it was resolved on the spot; empty if it was not.
        first_receiver_id: the account that answers for it until it is closed (首接负责制); `None`: who registers it.
        extra: checked values of the administrator's own fields.
    """

    kind: IssueKind
    text: str
    category: str = ""
    urgency: Urgency = Urgency.NORMAL
    solution: str = ""
    first_receiver_id: int | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Old:
    """What an older ledger knew of a need.

    Args:
        number: what it was called there.
        registered_at: when it was registered there; `None` if nobody knows.
        department_id: the department that handled it there.
        told: what the log says of where it comes from.
    """

    number: str
    registered_at: datetime | None
    department_id: int | None
    told: str


def register(actor: Actor, enterprise_id: int, heard: Heard, *, source: IssueSource = IssueSource.PAGE) -> Issue:
    """Register a need and return it with its number.

    Args:
        actor: who registers it.
        enterprise_id: the enterprise that has it.
        heard: what it said.
        source: by hand, or from a file.

    Raises:
        InvalidError: the text is missing or too long, the category unknown, the first receiver cannot be it.
        NotFoundError: the enterprise is not the actor's to register needs of.
    """
    with use_case(actor, Action.ISSUE_REGISTER) as session:
        enterprise = access.load(session, actor, Action.ISSUE_REGISTER, Enterprise, enterprise_id)
        return register_in(session, actor, enterprise, heard, source=source)


def register_in(
    session: Session, actor: Actor, enterprise: Enterprise, heard: Heard, *, source: IssueSource,
    visit: Visit | None = None, old: Old | None = None,
) -> Issue:  # fmt: skip
    """Register a need as part of the caller's use case, which has checked the permission.

    Args:
        session: the use case's session.
        actor: who registers it.
        enterprise: the enterprise that has it.
        heard: what it said.
        source: where it was heard.
        visit: the visit it was heard on.
        old: what an older ledger knew of it.

    Raises:
        InvalidError: see `register`.
    """
    check(session, heard)
    issue = Issue(
        number=numbers.next_number(session, numbers.ISSUES if old is None else numbers.OLD_ISSUES),
        kind=heard.kind,
        urgency=heard.urgency,
        text=required(heard.text, "text", N_("Write what the enterprise said."), most=TEXT_LENGTH),
        category=heard.category,
        solution=within(text.prose(heard.solution), "solution", most=TEXT_LENGTH),
        enterprise_id=enterprise.pk,
        source=source,
        visit_id=visit.pk if visit else None,
        area_id=visit.area_id if visit else enterprise.area_id,
        tier=_tier(session, actor, enterprise),
        registered_by_id=actor.pk,
        first_receiver_id=heard.first_receiver_id or actor.pk,
        extra=heard.extra,
    )
    if old is not None:
        issue.old_number, issue.department_id = old.number, old.department_id
        issue.created_at = old.registered_at or issue.created_at
    if issue.solution:
        issue.state, issue.resolved_by_id = IssueState.RESOLVED_ON_SITE, actor.pk
        issue.resolved_at = issue.created_at
    session.add(issue)
    session.flush()
    complete(Move(session, actor, issue, Verb.REGISTER, old.told if old else ""), before={})
    return issue


def check(session: Session, heard: Heard) -> None:
    """Refuse a category or a first receiver that cannot be.

    Raises:
        InvalidError: with a message for each field.
    """
    problems: dict[str, str] = {}
    if heard.category and heard.category not in kept(session, CATEGORIES, lambda: _categories(session)):
        problems["category"] = gettext("This category does not exist.")
    if heard.first_receiver_id is not None and not people.deals(session, heard.first_receiver_id):
        problems["first_receiver_id"] = gettext("This person cannot be the first receiver.")
    if problems:
        raise InvalidError(problems)


def _categories(session: Session) -> set[str]:
    return {option.value for option in options_of(session, CATEGORIES)}


def _tier(session: Session, actor: Actor, enterprise: Enterprise) -> Tier:
    """Return the tier that takes a new issue first: the village, or higher where it was heard higher up."""
    if actor.role is Role.COORDINATOR:
        return Tier.ZONE
    tier = session.get_one(Area, enterprise.area_id).tier
    return Tier.VILLAGE if tier is Tier.GRID else tier
