"""The pages of monthly bulletins: built, looked into, issued, withdrawn; readers see issued ones only."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from core import clock
from core.db import transaction
from core.i18n import in_locale
from models.account import Account
from models.bulletin import Bulletin, BulletinState
from services.actor import SYSTEM
from services.bulletin import building, configuring, issuing
from tests import factories as given
from tests import issue_world
from tests.issue_world import IssueState, IssueWorld
from tests.pages.conftest import OpenApp

pytestmark = pytest.mark.usefixtures("frozen_clock")
LIST, ONE = "pages/bulletin/list.py", "pages/bulletin/bulletin.py"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """The test runner names options itself, in this thread, when it sends a page's inputs."""
    with in_locale("en"):
        yield


@pytest.fixture
def world(database: str, frozen_clock: datetime) -> IssueWorld:  # noqa: ARG001 - asked for their effect
    with clock.fixed(datetime(2023, 11, 20, 10, tzinfo=clock.zone())):
        found = issue_world.build()
        for state in (IssueState.REGISTERED, IssueState.CLOSED):
            clock.advance(timedelta(hours=1))
            found.issue(state)
    with transaction(actor=SYSTEM) as session:
        for account in session.exec(select(Account)):
            account.locale = "en"
    return found


def _press(app: AppTest, key: str) -> None:
    app.button(key=key).click().run()
    assert not app.exception, app.exception[0].stack_trace


def _texts(app: AppTest) -> str:
    return "\n".join(each.value for kind in (app.markdown, app.caption, app.title, app.subheader) for each in kind)


def test_a_month_is_built_looked_into_and_issued(world: IssueWorld, open_app: OpenApp) -> None:
    coordinator = world.people["coordinator"]
    app = open_app(coordinator, LIST)
    assert "There is no bulletin yet" in _texts(app)
    app.selectbox(key="build_month").set_value(date(2023, 11, 1)).run()
    _press(app, "build_yes")
    (bulletin,) = given.rows(Bulletin)

    app = open_app(coordinator, ONE, bulletin=bulletin.pk, language="en")
    assert "Bulletin of 11/2023" in _texts(app)
    assert "2 needs were registered" in _texts(app)
    _press(app, "figure_registered")
    assert app.query_params["rows"] == "registered"
    assert "2 rows as they stood" in _texts(app)

    app = open_app(coordinator, ONE, bulletin=bulletin.pk)
    _press(app, "issue_yes")
    assert given.rows(Bulletin)[0].state is BulletinState.ISSUED


def test_the_list_tells_of_the_running_month_once_the_one_before_is_issued(
    world: IssueWorld, open_app: OpenApp
) -> None:
    coordinator, manager = world.people["coordinator"], world.people["manager"]
    made = building.build(world.actor("coordinator"), date(2023, 11, 1))
    assert "The bulletin of 11/2023 is built on" in _texts(open_app(coordinator, LIST))

    issuing.issue(world.actor("coordinator"), made)

    assert "The bulletin of 12/2023 is built on" in _texts(open_app(coordinator, LIST))
    assert "The bulletin of 12/2023 is built on" in _texts(open_app(manager, LIST))


def test_a_reader_finds_issued_ones_by_month_and_no_buttons(world: IssueWorld, open_app: OpenApp) -> None:
    coordinator, manager = world.actor("coordinator"), world.people["manager"]
    bulletin_id = building.build(coordinator, date(2023, 11, 1))
    app = open_app(manager, ONE, month=202311)
    assert not [each for each in app.button if each.key and each.key.startswith("figure_")]

    issuing.issue(coordinator, bulletin_id, tell=False)

    app = open_app(manager, ONE, month=202311)
    keys = {each.key for each in app.button}
    assert "figure_registered" in keys
    assert not keys & {"issue_yes", "rebuild_yes", "withdraw_yes", "remark_save"}


def test_a_link_shows_the_rows_of_a_figure_as_they_stood_and_what_came_since(
    world: IssueWorld, open_app: OpenApp
) -> None:
    bulletin_id = building.build(world.actor("coordinator"), date(2023, 11, 1))
    registered = next(row for row in given.rows(Bulletin) if row.pk == bulletin_id)
    assert registered
    world.step(1, "accept")

    app = open_app(world.people["coordinator"], ONE, bulletin=bulletin_id, rows="registered", state="registered")

    assert not app.exception
    (table,) = [each.value for each in app.dataframe if "QY" in str(each.value.iloc[0, 0])]
    assert len(table) == 1

    app = open_app(world.people["coordinator"], ONE, bulletin=bulletin_id, rows="registered")

    (table,) = [each.value for each in app.dataframe if "QY" in str(each.value.iloc[0, 0])]
    then_and_now = set(zip(table["State then"], table["State now"], strict=True))
    assert then_and_now == {("Registered", "Accepted"), ("Closed", "Closed")}


def test_remark_withdrawal_and_settings(world: IssueWorld, open_app: OpenApp) -> None:
    coordinator = world.people["coordinator"]
    bulletin_id = building.build(world.actor("coordinator"), date(2023, 11, 1))
    app = open_app(coordinator, ONE, bulletin=bulletin_id)
    app.text_area(key=f"remark_{bulletin_id}_zh").set_value("请抓紧办理。")
    _press(app, "remark_save")
    assert given.rows(Bulletin)[0].remark == "请抓紧办理。"

    issuing.issue(world.actor("coordinator"), bulletin_id, tell=False)
    app = open_app(coordinator, ONE, bulletin=bulletin_id)
    app.text_input(key="withdraw_reason").set_value("数据有误")
    _press(app, "withdraw_yes")
    assert given.rows(Bulletin)[0].state is BulletinState.WITHDRAWN

    app = open_app(coordinator, LIST)
    _press(app, "settings")
    app.number_input(key="bulletin_settings_minimum_sample").set_value(4)
    _press(app, "bulletin_settings_save")
    assert configuring.in_force(world.actor("coordinator"))["minimum_sample"] == 4
