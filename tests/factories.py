"""Rows that tests need, stored by one call each, and the actors of tests."""

from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any, TypeVar

from sqlmodel import col, select

from core.db import transaction
from models.account import Account, Role
from models.area import Area, AreaPlacement, Tier
from models.base import Row
from models.enterprise import Enterprise
from models.team import Team, TeamMember
from services.actor import SYSTEM, Actor

R = TypeVar("R", bound=Row)
_numbers = count(1)


def stored(row: R) -> R:
    """Store a row and return it."""
    with transaction(actor=SYSTEM) as session:
        session.add(row)
        session.flush()
    return row


def area(tier: Tier, parent: Area | None = None, name: str = "") -> Area:
    """Store an area below `parent`, with its path and its present place in the tree."""
    number = next(_numbers)
    row = Area(code=f"{number:09d}", name=name or f"{tier.name} {number}", tier=tier, parent_id=parent and parent.id)
    with transaction(actor=SYSTEM) as session:
        session.add(row)
        session.flush()
        row.path = f"{parent.path if parent else ''}{row.pk}."
        session.add(AreaPlacement(area_id=row.pk, parent_id=row.parent_id, path=row.path, valid_from=row.created_at))
    return row


def account(role: Role, name: str = "", **more: Any) -> Account:
    """Store an account whose first password has been changed."""
    number = next(_numbers)
    more = {"username": f"user{number}", "must_change_password": False} | more
    return stored(Account(name=name or f"Person {number}", role=role, **more))


def team(where: Area, name: str = "") -> Team:
    """Store a team that serves an area."""
    return stored(Team(name=name or f"Team {next(_numbers)}", area_id=where.pk))


def member(
    of: Team, person: Account, *, lead: bool = False, grid: Area | None = None, joined: str = "2023-01-01"
) -> TeamMember:
    """Make a person a member of a team."""
    return stored(
        TeamMember(
            team_id=of.pk,
            account_id=person.pk,
            is_lead=lead,
            grid_id=grid and grid.id,
            joined_on=date.fromisoformat(joined),
        )
    )


def enterprise(where: Area, name: str = "", **more: Any) -> Enterprise:
    """Store an enterprise in an area."""
    return stored(Enterprise(name=name or f"Enterprise {next(_numbers)}", area_id=where.pk, **more))


def actor(role: Role, *, locale: str = "en") -> Actor:
    """Return an actor with a new account of the role, responsible for no area."""
    return acting(account(role), locale=locale)


def acting(person: Account, *, locale: str = "en") -> Actor:
    """Return the actor a person is when signed in: teams and areas as the product finds them."""
    with transaction(actor=SYSTEM) as session:
        memberships = session.exec(
            select(TeamMember).where(TeamMember.account_id == person.id, col(TeamMember.left_on).is_(None))
        ).all()
        paths = tuple(
            session.get_one(Area, m.grid_id or session.get_one(Team, m.team_id).area_id).path for m in memberships
        )
    return Actor(
        account_id=person.pk,
        name=person.name,
        role=person.role,
        area_paths=paths,
        team_ids=tuple(m.team_id for m in memberships),
        department_id=person.department_id,
        locale=locale,
    )


def rows(model: type[R], keep: Callable[[R], bool] = lambda _row: True) -> list[R]:
    """Return the stored rows of a table, oldest first."""
    with transaction(actor=SYSTEM) as session:
        return [row for row in session.exec(select(model).order_by(col(model.id))).all() if keep(row)]
