"""Who is at work and what they look at: the pages of each role, with rows that are theirs."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice

from sqlmodel import Session, col, select

from core.db import transaction
from models.account import Account, Role
from models.campaign import Campaign, CampaignState
from models.visit import Visit, VisitState
from services.accounts.actors import actor_of
from services.actor import SYSTEM, Actor
from services.issues import ledger
from services.issues.ledger import Query

Step = tuple[str, str]
"""A page's address and the query of its address."""

_MIX = (
    (Role.GRID_WORKER, 60),
    (Role.TEAM_LEAD, 16),
    (Role.DEPARTMENT_OFFICER, 14),
    (Role.COORDINATOR, 6),
    (Role.MANAGER, 4),
)
"""How many of a hundred people at work belong to each role."""
_ROWS = 8  # issues and visits a person opens, one after the other


@dataclass(frozen=True)
class Journey:
    """One person at work.

    Args:
        username: who signs in.
        steps: what they open, one after the other, then from the beginning.
    """

    username: str
    steps: tuple[Step, ...]


def journeys(count: int) -> list[Journey]:
    """Return so many people of all roles, mixed; where a role has fewer accounts, somebody sits at two machines."""
    with transaction(actor=SYSTEM) as session:
        people = {role: cycle([_journey(session, row) for row in _people(session, role)]) for role, _share in _MIX}
        return [next(people[role]) for role in islice(_roles(), count)]


def _roles() -> Iterator[Role]:
    """Yield roles for ever, in their shares and well mixed."""
    owed = dict.fromkeys((role for role, _share in _MIX), 0)
    while True:
        for role, share in _MIX:
            owed[role] += share
        most = max(owed, key=lambda role: owed[role])
        owed[most] -= 100
        yield most


def _people(session: Session, role: Role) -> list[Account]:
    found = select(Account).where(Account.role == role).order_by(col(Account.id)).limit(60)
    return list(session.exec(found))


def _journey(session: Session, account: Account) -> Journey:
    actor = actor_of(session, account, session_id=None, ip="")
    return Journey(account.username, tuple(_steps(session, actor, account.role)))


def _steps(session: Session, actor: Actor, role: Role) -> Iterator[Step]:
    own, opened = _PAGES[role], _issues(actor)
    if role is Role.GRID_WORKER:
        opened = [*_visits(session, actor), *opened]
    for place, step in enumerate([*own, *own]):
        yield step
        if place < len(opened):
            yield opened[place]


def _issues(actor: Actor) -> list[Step]:
    rows = ledger.find(actor, Query(), size=_ROWS, counted=False).rows
    return [("issues-issue", f"issue={row['id']}") for row in rows]


def _visits(session: Session, actor: Actor) -> list[Step]:
    running = select(Campaign.id).where(Campaign.state == CampaignState.RUNNING)
    planned = (Visit.assignee_id == actor.account_id, Visit.state == VisitState.PLANNED)
    found = select(Visit.id).where(*planned, col(Visit.campaign_id).in_(running)).order_by(col(Visit.id)).limit(_ROWS)
    return [("visits-record", f"visit={visit_id}") for visit_id in session.exec(found)]


_PAGES: dict[Role, tuple[Step, ...]] = {
    Role.GRID_WORKER: (
        ("home-start", ""), ("visits-today", ""), ("enterprises-list", ""), ("issues-todo", ""), ("inbox-messages", ""),
        ("visits-promises", ""),
    ),
    Role.TEAM_LEAD: (
        ("home-start", ""), ("assignment-assign", ""), ("visits-review", ""), ("issues-todo", ""),
        ("issues-ledger", ""), ("teams-teams", ""), ("overview-overview", ""), ("enterprises-list", ""),
    ),
    Role.DEPARTMENT_OFFICER: (
        ("home-start", ""), ("issues-todo", ""), ("issues-ledger", ""), ("issues-ledger", "state=handling"),
        ("issues-board", ""), ("inbox-messages", ""),
    ),
    Role.COORDINATOR: (
        ("home-start", ""), ("issues-todo", ""), ("issues-ledger", ""), ("issues-ledger", "_q=%E7%94%B5"),
        ("overview-overview", ""), ("campaigns-list", ""), ("enterprises-list", ""), ("issues-board", ""),
        ("overview-classes", ""),
    ),
    Role.MANAGER: (
        ("overview-overview", ""), ("overview-areas", ""), ("overview-two-way", ""), ("bulletin-list", ""),
        ("issues-ledger", ""),
    ),
}  # fmt: skip
"""What each role opens in turn; between these pages it opens rows of its own."""
