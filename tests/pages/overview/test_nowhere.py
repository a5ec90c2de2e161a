"""Whoever answers for nothing is shown nothing: not on the overview, not in the lists its figures open."""

import pytest

from core.db import transaction
from models.account import Account, Role
from services.actor import SYSTEM, Actor
from services.tallies.scope import NOWHERE
from tests.pages.conftest import OpenApp
from tests.people import acting, hired


@pytest.fixture
def opened(open_app: OpenApp, demo_database: str) -> OpenApp:
    """Return the function that opens a page, of the demonstration."""
    assert demo_database
    return open_app


def _account(actor: Actor) -> Account:
    with transaction(actor=SYSTEM) as session:
        return session.get_one(Account, actor.account_id)


def test_a_lead_without_a_team_reads_of_no_issue(opened: OpenApp) -> None:
    app = opened(_account(hired("nobody", Role.TEAM_LEAD)), "pages/overview/overview.py")

    assert not app.exception
    assert "没有等待决策的问题。" in {each.value for each in app.caption}
    assert "政务服务进千企“回头看”" in {each.value for each in app.subheader}
    assert not [each for each in app.button if str(each.key).startswith("decide_")]


@pytest.mark.parametrize("page", ["pages/issues/ledger.py", "pages/enterprises/list.py", "pages/visits/list.py"])
def test_a_list_narrowed_to_nowhere_is_empty(opened: OpenApp, page: str) -> None:
    app = opened(_account(acting("manager")), page, _view="all", area_id=NOWHERE)

    assert not app.exception
    assert not app.dataframe
    assert "没有符合条件的记录" in "\n".join(str(each.value) for each in app.markdown)
