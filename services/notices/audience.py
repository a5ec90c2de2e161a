"""Whom a notice goes to: what its choice finds, how each is reached, and why some cannot be."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, func, literal, null, or_, true
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from core import text
from core.i18n import N_
from models.account import Account
from models.addressees import Choice, EnterpriseChoice, StaffChoice
from models.area import Area
from models.base import LabelledEnum
from models.enterprise import Contact, Enterprise
from models.team import Team, TeamMember
from services.actor import Actor
from services.campaigns import targets


class Obstacle(LabelledEnum):
    """Why an enterprise cannot be reached."""

    NO_CONTACT = "no_contact", N_("No contact is entered")
    NO_EMAIL = "no_email", N_("No contact has an e-mail address")


@dataclass(frozen=True)
class Addressee:
    """One of the audience.

    Args:
        id: the enterprise, or the account of staff.
        enterprise: its name; empty for staff.
        person: the contact who gets it, or the person themselves; empty where there is none.
        contact_id: that contact.
        account_id: that account.
        obstacle: why they cannot be reached, if they cannot.
    """

    id: int
    enterprise: str
    person: str
    contact_id: int | None = None
    account_id: int | None = None
    obstacle: Obstacle | None = None

    @property
    def enterprise_id(self) -> int | None:
        """Which enterprise gets it by that contact; `None` for staff."""
        return self.id if self.contact_id else None

    @property
    def key(self) -> str:
        """How rows of reminders name them."""
        return f"a{self.account_id}" if self.account_id else f"c{self.contact_id}"

    @property
    def words(self) -> dict[str, str]:
        """What placeholders of the text mean for them."""
        return {"enterprise": self.enterprise, "person": self.person} if self.contact_id else {"person": self.person}


Statement = Select[Any]
"""Columns `id`, `enterprise`, `person`, `contact_id`, `account_id`, `obstacle`, one row for each of the audience."""


def statement(session: Session, actor: Actor, choice: Choice) -> Statement:
    """Return the statement of everybody a choice means, as far as the actor may see them."""
    if isinstance(choice, EnterpriseChoice):
        return _enterprises(session, actor, choice)
    return _staff(choice)


def chunk(session: Session, actor: Actor, choice: Choice, after: int, limit: int) -> list[Addressee]:
    """Return up to `limit` of the audience whose ids follow `after`, in order."""
    found = statement(session, actor, choice)
    row_id = found.selected_columns[0]
    return addressees(session, found.where(row_id > after).order_by(row_id).limit(limit))


def addressees(session: Session, found: Statement) -> list[Addressee]:
    """Return the rows of a statement of the audience."""
    return [
        Addressee(row_id, enterprise, person, contact_id, account_id, Obstacle.of(obstacle) if obstacle else None)
        for row_id, enterprise, person, contact_id, account_id, obstacle in session.execute(found)
    ]


@dataclass(frozen=True)
class Reach:
    """How many a choice means, and how many of them cannot be reached, by reason."""

    total: int
    obstacles: dict[Obstacle, int]

    @property
    def unreachable(self) -> int:
        """How many cannot be reached."""
        return sum(self.obstacles.values())

    @property
    def reachable(self) -> int:
        """How many can."""
        return self.total - self.unreachable


def reach(session: Session, actor: Actor, choice: Choice) -> Reach:
    """Count whom a choice means."""
    found = statement(session, actor, choice).subquery()
    rows = session.execute(select_columns(found.c.obstacle, func.count()).group_by(found.c.obstacle)).all()
    obstacles = {Obstacle.of(obstacle): count for obstacle, count in rows if obstacle}
    return Reach(sum(count for _obstacle, count in rows), obstacles)


def enterprise_ids(session: Session, actor: Actor, choice: EnterpriseChoice) -> Any:
    """Return the statement of the ids of the enterprises a choice means."""
    found = targets.found_by(session, actor, choice)
    if choice.only:
        found = found.where(col(Enterprise.id).in_(choice.only))
    return found.with_only_columns(col(Enterprise.id))


def is_lost(session: Session, choice: Choice) -> bool:
    """Return whether a choice filters by a field that is no more; it then means nobody."""
    return isinstance(choice, EnterpriseChoice) and targets.is_lost(session, choice)


def _enterprises(session: Session, actor: Actor, choice: EnterpriseChoice) -> Statement:
    contact = _best_contact()
    obstacle = case(
        (contact.c.id.is_(None), Obstacle.NO_CONTACT.value), (contact.c.email == "", Obstacle.NO_EMAIL.value)
    )
    return (
        select_columns(
            col(Enterprise.id).label("id"),
            col(Enterprise.name).label("enterprise"),
            func.coalesce(contact.c.name, "").label("person"),
            contact.c.id.label("contact_id"),
            null().label("account_id"),
            obstacle.label("obstacle"),
        )
        .outerjoin(contact, true())
        .where(col(Enterprise.id).in_(enterprise_ids(session, actor, choice)))
    )


def _best_contact() -> Any:
    """Return whom a notice to an enterprise goes to: its main contact, or another one if only they have an e-mail."""
    return (
        select_columns(col(Contact.id), col(Contact.name), func.trim(col(Contact.email)).label("email"))
        .where(col(Contact.enterprise_id) == col(Enterprise.id))
        .order_by(func.trim(col(Contact.email)) == "", col(Contact.is_primary).desc(), col(Contact.id))
        .limit(1)
        .correlate(Enterprise)
        .lateral("best_contact")
    )


def _staff(choice: StaffChoice) -> Statement:
    found: Any = select_columns(
        col(Account.id).label("id"),
        literal("").label("enterprise"),
        col(Account.name).label("person"),
        null().label("contact_id"),
        col(Account.id).label("account_id"),
        null().label("obstacle"),
    ).where(col(Account.active))
    for condition in _staff_conditions(choice):
        found = found.where(condition)
    return found  # type: ignore[no-any-return]  # its columns are those of a `Statement`


def _staff_conditions(choice: StaffChoice) -> Sequence[Any]:
    conditions: list[Any] = []
    if choice.search.strip():
        pattern = text.like_pattern(choice.search)
        names = (func.lower(Account.name), func.lower(Account.username))
        conditions.append(or_(*(name.like(pattern, escape="\\") for name in names)))
    if choice.roles:
        conditions.append(col(Account.role).in_(choice.roles))
    if choice.department_ids:
        conditions.append(col(Account.department_id).in_(choice.department_ids))
    if choice.team_ids:
        conditions.append(col(Account.id).in_(_members().where(col(TeamMember.team_id).in_(choice.team_ids))))
    if choice.area_ids:
        conditions.append(col(Account.id).in_(_members().where(_below(choice.area_ids))))
    return conditions


def _members() -> Any:
    return (
        select(TeamMember.account_id)
        .join(Team, col(Team.id) == TeamMember.team_id)
        .join(Area, col(Area.id) == func.coalesce(TeamMember.grid_id, Team.area_id))
        .where(col(TeamMember.left_on).is_(None))
    )


def _below(area_ids: Sequence[int]) -> Any:
    root = select(Area.path).where(col(Area.id).in_(area_ids)).subquery("root")
    return select(root.c.path).where(col(Area.path).startswith(root.c.path)).exists()
