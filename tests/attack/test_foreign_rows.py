"""A row of others in an address tells no more than a row that does not exist, on every page that takes one."""

import pytest
from sqlmodel import Session, col, select

from core import db
from models.account import Account, Role
from models.base import Row
from models.enterprise import Enterprise
from models.importing import ImportRun
from models.issue import Issue
from models.team import Team
from models.visit import Visit
from pages.shell.navigation import PAGES, Entry
from services import access
from services.accounts.actors import actor_of
from services.actor import SYSTEM, Actor
from services.permissions import MATRIX, Action, Scope, scope
from tests.attack import addresses
from tests.attack.conftest import OpenTab
from tests.attack.shown import texts
from tests.browser.conftest import USERNAMES

_GUARDED: dict[str, tuple[type[Row], Action]] = {
    "issue": (Issue, Action.ISSUE_VIEW),
    "visit": (Visit, Action.VISIT_VIEW),
    "enterprise": (Enterprise, Action.ENTERPRISE_VIEW),
    "team": (Team, Action.TEAM_VIEW),
    "run": (ImportRun, Action.IMPORT),
}
"""Parameter of an address → the rows it names and what one must be allowed to see one; the others name rows that
everybody sees who may open the page."""
_NO_ROW = 99_999_999


@pytest.mark.parametrize("role", [Role.GRID_WORKER, Role.TEAM_LEAD, Role.DEPARTMENT_OFFICER])
@pytest.mark.usefixtures("hostile_settings")
def test_a_row_of_others_looks_like_none(open_tab: OpenTab, role: Role) -> None:
    tab, differing, asked = open_tab(USERNAMES[role]), [], 0

    for entry, name, foreign in _foreign(role):
        theirs, none = (set(texts(tab.ask(entry.url_path, f"{name}={each}"))) for each in (foreign, _NO_ROW))
        asked += 1
        if theirs - none:
            differing.append((f"{entry.file}?{name}={foreign}", sorted(theirs - none)[:6]))

    assert differing == []
    assert asked >= 2


def _foreign(role: Role) -> list[tuple[Entry, str, int]]:
    with db.transaction(actor=SYSTEM) as session:
        account = session.exec(select(Account).where(Account.username == USERNAMES[role])).one()
        actor = actor_of(session, account, session_id=None, ip="")
        found = []
        for entry in PAGES:
            name = addresses.ROWS.get(entry.file, ("",))[0]
            if role in MATRIX[entry.action] and name in _GUARDED and (row_id := _row_of_others(session, actor, name)):
                found.append((entry, name, row_id))
        return found


def _row_of_others(session: Session, actor: Actor, name: str) -> int | None:
    model, action = _GUARDED[name]
    if scope(actor, action) in (Scope.NONE, Scope.ZONE):
        return None
    own = select(model.id).where(access.condition(actor, action, model))
    return session.exec(select(model.id).where(col(model.id).not_in(own)).order_by(col(model.id))).first()
