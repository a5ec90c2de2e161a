"""Departments, accounts, service teams, their members and days of leave."""

import random
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from datetime import date, timedelta

from core import clock
from models.account import Account, Department, Role
from models.area import Area
from models.team import Leave, Team, TeamMember
from services.demo.areas import ZONE_CODE, ZONE_STREETS, Tree, short_name
from services.demo.store import Store
from services.demo.words import words

TEAMS, MEMBERS = 39, 306
"""The article's 39 teams and 306 trained grid workers and public-welfare posts: all members, the leads included."""

HOME = "370303008016"
"""华侨城社区: the village whose team the demonstration's lead and worker belong to."""

NAMED = {
    Role.COORDINATOR: ("coordinator", "周敏"),
    Role.TEAM_LEAD: ("lead", "孙立国"),
    Role.GRID_WORKER: ("worker", "李娜"),
    Role.DEPARTMENT_OFFICER: ("officer", "王建华"),
    Role.MANAGER: ("manager", "张志远"),
    Role.ADMINISTRATOR: ("admin", "系统管理员"),
}
"""The sign-ins shown to whoever tries the demonstration."""

_TEAM_VILLAGES = {
    "370303008": (
        *("002", "003", "005", "008", "011", "016", "017", "018", "019", "022", "023", "024", "025", "026", "028"),
        *("029", "033", "040", "200", "204", "205", "206", "208", "211", "214", "215", "233", "234", "247", "252"),
    ),
    "370303105": ("001", "201", "202", "204", "206", "212"),
}
"""Villages with a team of their own; the others are served by their street's team."""

_LEAVE_REASONS = ("年休假", "病假", "外出培训", "婚假", "事假")


@dataclass
class People:
    """Who there is, by what they are needed for."""

    named: dict[str, Account] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    officers: list[Account] = field(default_factory=list)
    teams: dict[str, Team] = field(default_factory=dict)
    """Code of the area → its team."""
    members: dict[int, list[TeamMember]] = field(default_factory=dict)
    """Id of the team → its members, the lead first."""
    away: list[Leave] = field(default_factory=list)


def settle(store: Store, rng: random.Random, tree: Tree, password_hash: str) -> People:
    """Store everybody; all share one password, hashed once."""
    people = People()
    people.departments = {
        each.name: Department(name=each.name, short_name=each.short_name) for each in words().departments
    }
    store.put(list(people.departments.values()))
    register = _Register(_names(rng), password_hash)
    served = {each.department for each in words().categories}
    store.put([*_named(people, register), *_officers(people, register, served)])
    _form_teams(store, people, tree)
    _fill_teams(store, rng, people, tree, register)
    store.put(list(_officers(people, register, people.departments.keys() - served)))
    people.away = list(_leave(rng, people))
    store.put(people.away)
    return people


class _Register:
    """Makes accounts of people whose names are not taken yet."""

    def __init__(self, names: Iterator[str], password_hash: str) -> None:
        self._names = names
        self._password_hash = password_hash

    def account(self, username: str, role: Role, name: str = "") -> Account:
        return Account(
            username=username,
            name=name or next(self._names),
            role=role,
            email="" if role is Role.GRID_WORKER and not name else f"{username}@zone.example.com",
            password_hash=self._password_hash,
            must_change_password=False,
        )


def _named(people: People, register: _Register) -> Iterator[Account]:
    for role, (username, name) in NAMED.items():
        account = register.account(username, role, name)
        if role is Role.DEPARTMENT_OFFICER:
            _make_officer(people, account, "公用事业服务中心")
        account.weekly_digest = role is Role.MANAGER
        people.named[username] = account
        yield account


def _officers(people: People, register: _Register, departments: Set[str]) -> Iterator[Account]:
    """Yield an officer for each of some departments that have none yet."""
    manned = {each.department_id for each in people.officers}
    for name, department in people.departments.items():
        if name in departments and department.pk not in manned:
            account = register.account(f"bm{len(people.officers):02}", Role.DEPARTMENT_OFFICER)
            _make_officer(people, account, name)
            yield account


def _make_officer(people: People, account: Account, department: str) -> None:
    account.department_id = people.departments[department].pk
    account.heads_department = True  # each department has one officer here, who is told what its head is told
    people.officers.append(account)


def _form_teams(store: Store, people: People, tree: Tree) -> None:
    codes = [ZONE_CODE, *ZONE_STREETS]
    codes += [f"{street}{village}" for street, villages in _TEAM_VILLAGES.items() for village in villages]
    for code in codes:
        area = tree.by_code[code]
        people.teams[code] = Team(name=f"{short_name(area.name)}政务服务队", area_id=area.pk)
    store.put(list(people.teams.values()))


def _fill_teams(store: Store, rng: random.Random, people: People, tree: Tree, register: _Register) -> None:
    accounts: list[Account] = []
    members: list[TeamMember] = []
    for code, count in _sizes(people).items():
        for place in range(count):
            account = _member_account(people, register, code, place, len(accounts) + 1)
            accounts.append(account)
            member = TeamMember(
                team_id=people.teams[code].pk,
                account_id=0,
                is_lead=place == 0,
                grid_id=_grid(tree, code, place),
                joined_on=date(2023, 3, 1) + timedelta(days=rng.randint(0, 200)),
            )
            members.append(member)
            people.members.setdefault(member.team_id, []).append(member)
    new = [account for account in accounts if account.id is None]
    store.put(new)
    for account, member in zip(accounts, members, strict=True):
        member.account_id = account.pk
    store.put(members)


def _sizes(people: People) -> dict[str, int]:
    """Return how many members each team has: all of them together are 306."""
    sizes = dict.fromkeys(people.teams, 7)
    sizes |= {ZONE_CODE: 12, ZONE_STREETS[0]: 16, ZONE_STREETS[1]: 10, HOME: 10}
    rest = MEMBERS - sum(sizes.values())
    for code in list(people.teams)[-rest:]:
        sizes[code] += 1
    return sizes


def _member_account(people: People, register: _Register, code: str, place: int, number: int) -> Account:
    if code == HOME and place < 2:
        return people.named["lead" if place == 0 else "worker"]
    role = Role.TEAM_LEAD if place == 0 else Role.GRID_WORKER
    return register.account(f"{'gl' if place == 0 else 'gw'}{number:03}", role)


def _grid(tree: Tree, code: str, place: int) -> int | None:
    """Return a member's own grid; leads and the members of zone and street teams serve their whole area."""
    grids: list[Area] = tree.below[code]
    if place == 0 or code in (ZONE_CODE, *ZONE_STREETS):
        return None
    return grids[(place - 1) % len(grids)].pk


def _leave(rng: random.Random, people: People) -> Iterator[Leave]:
    """Yield past, present and coming leave; someone in the demonstration lead's own team is away today."""
    today = clock.today()
    home = people.members[people.teams[HOME].pk]
    yield Leave(account_id=home[4].account_id, starts_on=today - timedelta(days=2), ends_on=today + timedelta(days=4),
                reason="年休假")  # fmt: skip
    workers = [member for team in people.members.values() for member in team if not member.is_lead]
    workers = [member for member in workers if member not in home]
    for member in rng.sample(workers, 36):
        start = today + timedelta(days=rng.randint(-25, 20))
        yield Leave(
            account_id=member.account_id,
            starts_on=start,
            ends_on=start + timedelta(days=rng.randint(0, 7)),
            reason=rng.choice(_LEAVE_REASONS),
        )


def _names(rng: random.Random) -> Iterator[str]:
    """Yield invented names, each once."""
    every = [surname + given for surname in words().surnames for given in words().given_names.split()]
    taken = {name for _username, name in NAMED.values()}
    names = [name for name in every if name not in taken]
    rng.shuffle(names)
    yield from names
