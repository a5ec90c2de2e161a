"""The page of both directions, the lists its figures open, and the subscription to the digest, for a manager."""

import pytest
from sqlmodel import Session, select

from core.db import engine
from models.account import Account
from models.team import Team
from pages.overview.parts import figure
from services.two_way import picture
from services.two_way.figures import Gap, Key
from services.two_way.place import Whose
from tests.pages.conftest import OpenApp
from tests.people import acting

PAGE = "pages/overview/two_way.py"


@pytest.fixture
def open_page(open_app: OpenApp, demo_database: str) -> OpenApp:
    """Open pages on the demonstration data."""
    assert demo_database
    return open_app


def _account(username: str) -> Account:
    with Session(engine()) as session:
        return session.exec(select(Account).where(Account.username == username)).one()


def _texts(app: object) -> str:
    return " ".join(each.value for kind in ("markdown", "caption") for each in getattr(app, kind))


def test_a_manager_chooses_whose_and_when(open_page: OpenApp) -> None:
    app = open_page(_account("manager"), PAGE)
    assert not app.exception
    assert "的诉求已办结" in _texts(app)

    app.segmented_control(key="two_way_level").set_value(app.segmented_control(key="two_way_level").options[1]).run()
    with Session(engine()) as session:
        team = session.exec(select(Team).where(Team.active)).first()
    assert team is not None
    app = open_page(_account("manager"), PAGE, team=team.pk, period="month")

    assert not app.exception
    assert [each.value for each in app.subheader] == [team.name]
    assert app.segmented_control(key="two_way_period").value == "month"


def test_a_lead_sees_their_area_and_nothing_of_others(open_page: OpenApp) -> None:
    app = open_page(_account("lead"), PAGE, enterprise=10**8)

    assert not app.exception
    assert "该条目不存在" in _texts(app)


def test_lists_show_the_rows_a_figure_counts(open_page: OpenApp) -> None:
    found = picture.picture(acting("manager"), Whose())

    for shown, page in (
        (found.gaps[Gap.BROKEN], "pages/visits/promises.py"),
        (found.figures[Key.UNREAD], "pages/overview/notices.py"),
        (found.gaps[Gap.UNSHARED], "pages/overview/untold.py"),
        (found.gaps[Gap.UNRECORDED], "pages/visits/list.py"),
        (found.figures[Key.OWED_LATE], "pages/commitments/list.py"),
        (found.gaps[Gap.UNTAKEN], "pages/issues/ledger.py"),
    ):
        asked = {
            name: value[0] if isinstance(value, list) else value for name, value in figure.address_of(shown).items()
        }
        app = open_page(_account("manager"), page, **asked)
        assert not app.exception, page
        said = _texts(app)
        assert shown.count == 0 or f"共 {shown.count} 条" in said or len(app.dataframe[0].value) <= shown.count, page


def test_a_manager_subscribes_on_the_own_account(open_page: OpenApp) -> None:
    app = open_page(_account("coordinator"), "pages/account/profile.py")
    app.toggle(key="weekly_digest").set_value(True).run()
    assert not app.exception
    assert _account("coordinator").weekly_digest is True

    app.toggle(key="weekly_digest").set_value(False).run()
    assert _account("coordinator").weekly_digest is False
    keys = [each.key for each in open_page(_account("lead"), "pages/account/profile.py").toggle]
    assert "weekly_digest" not in keys
