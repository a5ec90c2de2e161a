"""Every page of the product: who uses it most, and its address with a row in it."""

from collections.abc import Mapping
from dataclasses import dataclass

import psycopg

from models.account import Role
from pages.shell.navigation import PAGES, PROGRESS, SETUP, Entry
from services.permissions import MATRIX
from tests.attack.addresses import ROWS

_USERS: Mapping[str, tuple[Role, ...]] = {PROGRESS: (Role.MANAGER,), SETUP: (Role.ADMINISTRATOR,)}
_ELSE = (Role.COORDINATOR, Role.GRID_WORKER, Role.TEAM_LEAD, Role.ADMINISTRATOR, Role.MANAGER)
_OWN = {"visits/today.py": Role.GRID_WORKER, "visits/record.py": Role.GRID_WORKER, "visits/review.py": Role.TEAM_LEAD,
        "issues/todo.py": Role.DEPARTMENT_OFFICER, "issues/issue.py": Role.DEPARTMENT_OFFICER}  # fmt: skip

_MINE = {
    "issues/issue.py": "SELECT min(i.id) FROM issue i JOIN account a USING (department_id)"
                       " WHERE a.username = 'officer' AND i.state = 'handling'",
    "visits/record.py": "SELECT min(v.id) FROM visit v JOIN account a ON a.id = v.assignee_id"
                        " WHERE a.username = 'worker' AND v.state = 'planned'",
    "notices/new.py": "SELECT 0",
}  # fmt: skip
"""Pages whose row in `ROWS` shows nothing to whoever looks → the statement for one that does; 0: without a row."""


@dataclass(frozen=True)
class Place:
    """A page and who looks at it.

    Args:
        name: its file without the ending, for findings and pictures.
        path: its address.
        role: who uses it most; nobody for pages outside the menu.
    """

    name: str
    path: str
    role: Role | None


def places(database_url: str) -> list[Place]:
    """Return all pages of the menu, then sign-in, a link that leads nowhere, and an address with no page."""
    with psycopg.connect(database_url) as connection:
        found = [_place(each, connection) for each in PAGES]
    return [
        *found,
        Place("no-such-page", "/no-such-page", Role.COORDINATOR),
        Place("no-such-row", "/issues-issue?issue=999999999", Role.COORDINATOR),
        Place("refused", "/admin-accounts", Role.GRID_WORKER),
        Place("sign-in", "/sign-in", None),
        Place("message-link", "/m/cut-short", None),
    ]


def _place(entry: Entry, connection: psycopg.Connection) -> Place:
    query = ""
    if entry.file in ROWS:
        name, statement = ROWS[entry.file]
        row = connection.execute(_MINE.get(entry.file, statement).encode()).fetchone()
        query = f"?{name}={row[0]}" if row and row[0] else ""
    return Place(entry.file.removesuffix(".py").replace("/", "-"), f"/{entry.url_path}{query}", _user(entry))


def _user(entry: Entry) -> Role:
    if entry.file in _OWN:
        return _OWN[entry.file]
    return next(each for each in (*_USERS.get(entry.section, ()), *_ELSE) if each in MATRIX[entry.action])
