"""What an administrator is told of somebody's work before deactivating the account."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core import clock
from core.errors import NotFoundError
from models.commitment import Commitment
from models.issue import IssueState
from models.visit import Promise, Visit
from services import accounts
from services.accounts import OpenWork
from tests import factories as given
from tests import issue_world, visit_world

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")


def _shown(admin_id: int, account_id: int) -> None:
    from core.db import transaction
    from models.account import Account
    from pages.admin.account_work import work_in_hand
    from services.actor import SYSTEM
    from tests import factories

    with transaction(actor=SYSTEM) as session:
        admin = session.get_one(Account, admin_id)
    work_in_hand(factories.acting(admin), account_id)


def test_visits_promises_and_the_team_are_counted_and_shown() -> None:
    world = visit_world.build()
    visit = world.visit("one", "lead_a")
    given.stored(
        Promise(
            enterprise_id=visit.enterprise_id, visit_id=visit.pk, promised_by_id=visit.assignee_id, text="协调用电",
            due_on=clock.today() + timedelta(days=9),
        )
    )  # fmt: skip
    given.stored(
        Commitment(
            enterprise_id=visit.enterprise_id, matter="食品经营许可", text="补齐材料", approved_on=clock.today(),
            due_on=clock.today() + timedelta(days=30), follower_id=visit.assignee_id,
        )
    )  # fmt: skip
    admin = world.people["admin"]

    found = accounts.open_work(given.acting(admin), visit.assignee_id)

    assert found == OpenWork(visits=1, promises=1, issues=0, commitments=1, leads="team A")
    app = AppTest.from_function(_shown, args=(admin.pk, visit.assignee_id)).run()
    assert [each.value for each in app.markdown] == [
        "手头工作：待走访 1 次 · 未兑现承诺 1 项 · 跟进告知承诺 1 项 · 任“team A”队长"
    ]
    assert "另设队长" in app.caption[0].value


def test_who_has_nothing_in_hand_is_told_nothing_of() -> None:
    world = visit_world.build()
    admin, worker = world.people["admin"], world.people["worker_1a"]

    assert not accounts.open_work(given.acting(admin), worker.pk)
    assert not AppTest.from_function(_shown, args=(admin.pk, worker.pk)).run().markdown
    with pytest.raises(NotFoundError):
        accounts.open_work(given.acting(admin), 999)
    assert not given.rows(Visit)


def test_issues_that_wait_for_one_person_are_counted() -> None:
    world = issue_world.build()
    for state in (IssueState.HANDLING, IssueState.CALL_BACK, IssueState.RESOLVED_ON_SITE, IssueState.CLOSED):
        world.issue(state)
    admin = world.actor("admin")

    assert accounts.open_work(admin, world.people["officer_x"].pk).issues == 1
    assert accounts.open_work(admin, world.people["worker_a"].pk).issues == 2
