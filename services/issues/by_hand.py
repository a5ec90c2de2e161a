"""Registering a need on the page of the ledger: what can be chosen there, and the check of all that was entered."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session, col, func, or_, select, true

from core.errors import InvalidError
from core.i18n import gettext
from models.account import Account, Role
from models.enterprise import Enterprise, EnterpriseStatus
from models.fields import FieldSpec, Option
from models.issue import Issue, IssueSource
from models.team import TeamMember
from services import access
from services.actor import Actor
from services.enterprises import naming
from services.issues import people
from services.issues.registering import Heard, register_in
from services.issues.saying import Said, categories, examine, own_fields
from services.permissions import Action, Scope, scope
from services.use_case import use_case

FEW = 1000
"""How many enterprises can be chosen from one list; more are searched."""
_FOUND = 20


class Entered(Said):
    """Everything entered on the page, checked or not."""

    enterprise_id: int | None = None
    first_receiver_id: int | None = None


@dataclass(frozen=True)
class Sheet:
    """What the page offers.

    Args:
        enterprises: id → name of all whose needs the actor may register; `None` if they are too many for a list.
        receivers: id → name of who can be the first receiver, the actor first; only the actor where there is no choice.
        categories: the tree of categories.
        extra: the administrator's own fields.
        last_id: the last issue the actor registered, 0 for none: it changes when another one is.
    """

    enterprises: dict[int, str] | None
    receivers: dict[int, str]
    categories: tuple[Option, ...]
    extra: list[FieldSpec]
    last_id: int


def sheet(actor: Actor) -> Sheet:
    """Return what can be chosen when a need is registered."""
    with use_case(actor, Action.ISSUE_REGISTER) as session:
        found = _enterprises(session, actor, limit=FEW + 1)
        last = select(func.max(Issue.id)).where(Issue.registered_by_id == actor.pk)
        return Sheet(
            enterprises=found if len(found) <= FEW else None,
            receivers=_receivers(session, actor),
            categories=categories(session),
            extra=own_fields(session),
            last_id=session.exec(last).one() or 0,
        )


def search_enterprises(actor: Actor, wanted: str) -> dict[int, str]:
    """Return id → name of enterprises whose needs the actor may register, by a part of name, code or address."""
    with use_case(actor, Action.ISSUE_REGISTER) as session:
        return _enterprises(session, actor, wanted, limit=_FOUND)


def enterprise_name(actor: Actor, enterprise_id: int) -> str | None:
    """Return the name of an enterprise whose needs the actor may register, `None` if there is no such enterprise."""
    with use_case(actor, Action.ISSUE_REGISTER) as session:
        own = access.condition(actor, Action.ISSUE_REGISTER, Enterprise)
        return session.exec(select(Enterprise.name).where(own, Enterprise.id == enterprise_id)).first()


def find_problems(sheet: Sheet, entered: Entered) -> dict[str, str]:
    """Return what is still missing or wrong, field key → message, as `register_by_hand` would tell it."""
    return _examined(sheet.receivers, sheet.categories, sheet.extra, entered)[1]


def register_by_hand(actor: Actor, entered: Entered) -> Issue:
    """Register what was entered on the page and return the issue with its number.

    Raises:
        InvalidError: something is missing or wrong: field key → message.
        NotFoundError: the enterprise is not the actor's to register needs of.
    """
    with use_case(actor, Action.ISSUE_REGISTER) as session:
        offered = _receivers(session, actor), categories(session), own_fields(session)
        heard, problems = _examined(*offered, entered)
        if problems or entered.enterprise_id is None:
            raise InvalidError(problems)
        enterprise = access.load(session, actor, Action.ISSUE_REGISTER, Enterprise, entered.enterprise_id)
        return register_in(session, actor, enterprise, heard, source=IssueSource.PAGE)


def _examined(
    receivers: Container[int | None], tree: Sequence[Option], extra: Sequence[FieldSpec], entered: Entered
) -> tuple[Heard, dict[str, str]]:
    active = frozenset(option.value for option in tree if option.active)
    heard, problems = examine(entered, active, extra)
    if entered.enterprise_id is None:
        problems["enterprise_id"] = gettext("Choose the enterprise.")
    if entered.first_receiver_id is not None and entered.first_receiver_id not in receivers:
        problems["first_receiver_id"] = gettext("This person cannot be the first receiver.")
    return replace(heard, first_receiver_id=entered.first_receiver_id), problems


def _enterprises(session: Session, actor: Actor, wanted: str = "", *, limit: int) -> dict[int, str]:
    mine = access.condition(actor, Action.ISSUE_REGISTER, Enterprise), Enterprise.status != EnterpriseStatus.CLOSED
    return naming.choices(session, *mine, search=wanted, limit=limit)


def _receivers(session: Session, actor: Actor) -> dict[int, str]:
    """Return who can be the first receiver: for a coordinator anybody, for a lead the own teams, else only oneself."""
    reach = scope(actor, Action.ISSUE_REGISTER)
    if reach is not Scope.ZONE and actor.role is not Role.TEAM_LEAD:
        return {actor.pk: actor.name}
    colleagues = select(TeamMember.account_id).where(
        col(TeamMember.team_id).in_(actor.team_ids), col(TeamMember.left_on).is_(None)
    )
    near = true() if reach is Scope.ZONE else or_(col(Account.id) == actor.pk, col(Account.id).in_(colleagues))
    return people.choices(session, people.DEALS, near, first=actor.pk)
