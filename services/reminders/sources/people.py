"""Who stands around subjects: looked up once for a batch of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from models.account import Account, Role
from models.area import Tier
from models.reminder import Relation
from services.teams.leading import LEADS

Ids = tuple[int, ...]


@dataclass(frozen=True)
class _Team:
    path: str
    tier: Tier
    leads: Ids


@dataclass(frozen=True)
class People:
    """Active accounts by what they are responsible for.

    Args:
        active: everybody who may be told anything, and the role they have.
        coordinators: all campaign coordinators.
        managers: all managers.
        administrators: all administrators.
        officers: department → its officers.
        heads: department → who heads it; all its officers where nobody is named.
    """

    active: Mapping[int, Role]
    coordinators: Ids
    managers: Ids
    administrators: Ids
    officers: Mapping[int, Ids]
    heads: Mapping[int, Ids]
    _teams: tuple[_Team, ...]

    def only(self, account_id: int | None, roles: Collection[Role] = tuple(Role)) -> Ids:
        """Return an account while it is active and has one of some roles; nobody otherwise."""
        return (account_id,) if account_id is not None and self.active.get(account_id) in roles else ()

    def officers_of(self, department_id: int | None) -> Ids:
        """Return the officers of a department."""
        return self.officers.get(department_id or 0, ())

    def heads_of(self, department_id: int | None) -> Ids:
        """Return who heads a department."""
        return self.heads.get(department_id or 0, ())

    def leads(self, path: str, *, at_least: Tier = Tier.GRID) -> Ids:
        """Return the leads of the nearest team that serves an area, of a tier or above; nobody's absence stops it.

        Args:
            path: the area's path.
            at_least: the lowest tier whose team is asked.
        """
        order = tuple(Tier)
        for team in self._teams:
            if path.startswith(team.path) and order.index(team.tier) <= order.index(at_least) and team.leads:
                return team.leads
        return ()

    def instead(self, path: str) -> Ids:
        """Return who sees to what those left behind in an area who visit no more: its leads, or the coordinators."""
        return self.leads(path) or self.coordinators

    def above(self, path: str, tier: Tier) -> Ids:
        """Return who leads the tier above one: leads of the street or zone; the coordinators above all."""
        return self.leads(path, at_least=_ABOVE.get(tier, Tier.CITY)) or self.coordinators

    def of_zone(self) -> dict[Relation, Ids]:
        """Return those who are the same for every subject."""
        return {Relation.COORDINATOR: self.coordinators, Relation.MANAGER: self.managers}


_ABOVE = {Tier.GRID: Tier.STREET, Tier.VILLAGE: Tier.STREET, Tier.STREET: Tier.ZONE}


def people(session: Session) -> People:
    """Return everybody who can be responsible for something, as they are now: two short queries."""
    roles: dict[Role, list[int]] = defaultdict(list)
    officers: dict[int, list[int]] = defaultdict(list)
    heads: dict[int, list[int]] = defaultdict(list)
    for account_id, role, department_id, is_head in session.execute(_ACCOUNTS):
        roles[role].append(account_id)
        if role is Role.DEPARTMENT_OFFICER and department_id is not None:
            officers[department_id].append(account_id)
            if is_head:
                heads[department_id].append(account_id)
    return People(
        active={each: role for role, ids in roles.items() for each in ids},
        coordinators=tuple(roles[Role.COORDINATOR]),
        managers=tuple(roles[Role.MANAGER]),
        administrators=tuple(roles[Role.ADMINISTRATOR]),
        officers=_tuples(officers),
        heads=_tuples(officers) | _tuples(heads),
        _teams=_teams(session),
    )


_ACCOUNTS = (
    select_columns(col(Account.id), col(Account.role), col(Account.department_id), col(Account.heads_department))
    .where(col(Account.active))
    .order_by(col(Account.id))
)


def _teams(session: Session) -> tuple[_Team, ...]:
    """Return the teams that have leads, those of the smallest areas first."""
    leads: dict[tuple[str, Tier], list[int]] = defaultdict(list)
    for path, tier, account_id in session.execute(LEADS):
        leads[path, tier].append(account_id)
    found = (_Team(path, tier, tuple(ids)) for (path, tier), ids in leads.items())
    return tuple(sorted(found, key=lambda team: len(team.path), reverse=True))


def _tuples(given: Mapping[int, Iterable[int]]) -> dict[int, Ids]:
    return {key: tuple(ids) for key, ids in given.items()}
