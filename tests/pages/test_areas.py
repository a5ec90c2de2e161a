"""The page of areas: walk down and up, open the rows of a figure, table, bars and map."""

from collections.abc import Callable, Iterator

import pytest
from sqlmodel import Session, select
from streamlit.testing.v1 import AppTest

from core.db import engine
from core.i18n import in_locale
from models.account import Account, Role
from models.area import Area, Tier
from models.issue import Issue, IssueKind
from pages.overview.parts.area_figures import FIGURES
from services.territory import points
from tests import factories as given
from tests.pages.conftest import OpenApp

AREAS = "pages/overview/areas.py"
Open = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    """The test runner names options itself, in this thread, when it sends a page's inputs."""
    with in_locale("zh_CN"):
        yield


@pytest.fixture
def open_areas(open_app: OpenApp, demo_database: str) -> Open:
    """Return a function that opens the page for an account of the demonstration, asked for what else is given."""
    assert demo_database

    def open_for(username: str, **query: object) -> AppTest:
        with Session(engine()) as session:
            account = session.exec(select(Account).where(Account.username == username)).one()
        app = open_app(account, AREAS, **query)
        assert not app.exception
        return app

    return open_for


def _area(name: str) -> int:
    with Session(engine()) as session:
        return session.exec(select(Area).where(Area.name == name)).one().pk


def _names(app: AppTest) -> list[str]:
    return [str(name) for name in app.dataframe[0].value["片区"]]


def test_the_zone_shows_its_streets_and_a_card_goes_down_into_one(open_areas: Open) -> None:
    app = open_areas("manager")
    assert app.title[0].value == "淄博高新区"
    assert sorted(_names(app)) == ["中埠镇", "四宝山街道"]

    app.button(key=f"areas_open_{_area('四宝山街道')}").click().run()

    assert not app.exception
    assert app.title[0].value == "四宝山街道"
    assert app.query_params["area"] == str(_area("四宝山街道"))
    assert "金岭社区" in _names(app) or len(_names(app)) > 5

    with Session(engine()) as session:
        zone = session.exec(select(Area).where(Area.tier == Tier.ZONE, Area.name == "淄博高新区")).one().pk
    app.button(key=f"areas_up_{zone}").click().run()
    assert app.title[0].value == "淄博高新区"


def test_a_figure_opens_its_rows(open_areas: Open) -> None:
    app = open_areas("manager")
    place = list(FIGURES).index("overdue")
    tile = app.button(key=f"tile_areas_{place}")
    count = int(tile.label.split("**")[1])

    tile.click().run()

    assert not app.exception
    assert app.title[0].value == "问题台账"
    assert app.query_params["remaining"] == "overdue"
    assert any(f"{count}" in str(each.value) for each in app.caption)


@pytest.mark.parametrize("view", ["bars", "map"])
def test_each_view_is_in_the_address(open_areas: Open, view: str) -> None:
    app = open_areas("manager", view=view)

    assert not app.dataframe
    assert app.title[0].value == "淄博高新区"
    captions = " ".join(str(each.value) for each in app.caption)
    assert ("点柱条进入该片区" in captions) == (view == "bars")
    assert ("不是勘定界线" in captions) == (view == "map")


def test_more_enterprises_than_can_be_drawn_are_outlines_to_go_down_into(
    open_areas: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(points, "MOST", 100)
    app = open_areas("manager", view="map")

    assert "数量较多，不逐一标点" in " ".join(each.value for each in app.caption)


def test_a_grid_is_shown_on_the_map_at_once(open_areas: Open) -> None:
    with Session(engine()) as session:
        grid = session.exec(select(Area).where(Area.tier == Tier.GRID)).first()
    assert grid is not None

    app = open_areas("manager", area=grid.pk)

    assert app.title[0].value == grid.name
    assert not app.dataframe
    assert any("不是勘定界线" in str(each.value) for each in app.caption)


def test_a_lead_is_told_that_an_area_elsewhere_is_none_of_theirs(open_areas: Open) -> None:
    own = open_areas("lead")
    other = open_areas("lead", area=_area("中埠镇"))

    assert own.title[0].value != "淄博高新区"
    assert any("没有这个片区" in str(each.value) for each in other.markdown)
    other.button(key="areas_begin").click().run()
    assert other.title[0].value == own.title[0].value


def test_campaign_and_period_are_chosen_as_on_the_overview(open_areas: Open) -> None:
    app = open_areas("manager")
    visits = list(FIGURES).index("visits")
    now = app.button(key=f"tile_areas_{visits}").label

    app.selectbox(key="overview_period").set_value("last_month").run()

    assert not app.exception
    assert app.query_params["period"] == "last_month"
    assert app.button(key=f"tile_areas_{visits}").label != now
    assert app.download_button(key="areas_xlsx").label == "Excel"


def test_after_a_figure_the_way_back_leads_to_the_same_area(open_areas: Open) -> None:
    """Given a street whose figure was opened, when the browser goes back with the list's address, then it is there."""
    street = _area("四宝山街道")
    app = open_areas("manager", area=street, period="last_month")
    app.button(key=f"tile_areas_{list(FIGURES).index('overdue')}").click().run()
    assert app.title[0].value == "问题台账"
    assert "area_id" in app.query_params

    app.switch_page(AREAS.replace("pages/", "../", 1)).run()

    assert app.title[0].value == "四宝山街道"
    assert {**app.query_params} == {"area": str(street), "period": "last_month"}


def test_before_a_campaign_has_begun_no_figure_tells_of_its_enterprises(open_app: OpenApp, database: str) -> None:
    """Given enterprises and no campaign, when the page is opened, then it does not say that there are none."""
    assert database
    manager = given.account(Role.MANAGER, locale="zh_CN")
    village = given.area(Tier.VILLAGE, given.area(Tier.STREET, given.area(Tier.ZONE)))
    enterprise = given.enterprise(village)
    given.stored(
        Issue(number="QY-1", kind=IssueKind.ENQUIRY, text="咨询", enterprise_id=enterprise.pk, area_id=village.pk,
              registered_by_id=manager.pk, first_receiver_id=manager.pk)
    )  # fmt: skip

    app = open_app(manager, AREAS)

    assert not app.exception
    labels = [each.label for each in app.button if str(each.key).startswith("tile_areas_")]
    assert len(labels) == len([shown for shown in FIGURES.values() if not shown.of_campaign])
    assert not any("企业" in label or "走访率" in label for label in labels)
    assert list(app.dataframe[0].value.columns)[:3] == ["片区", "走访次数", "未销号问题"]
    assert any("尚无已启动的走访活动" in each.value for each in app.caption)
