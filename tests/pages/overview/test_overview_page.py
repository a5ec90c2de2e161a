"""The overview as somebody sees it: where it leads, what its address restores, in both languages."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import Session, col, select
from streamlit.testing.v1 import AppTest

from core import clock
from core.db import engine, transaction
from core.errors import NotAllowedError, NotFoundError
from models.account import Account, Role
from models.area import Area, Tier
from models.campaign import Campaign
from models.issue import Issue
from models.team import Team
from services import progress_overview
from services.actor import SYSTEM
from services.progress_overview import Period, Question, choices
from services.progress_overview.advance import pace
from tests import factories as given
from tests.pages.conftest import OpenApp
from tests.people import acting

PAGE = "pages/overview/overview.py"


@pytest.fixture
def look(open_app: OpenApp, demo_database: str) -> Callable[..., AppTest]:
    """Return a function that opens the overview for an account of the demonstration."""
    assert demo_database

    def open_for(username: str, *, page: str = PAGE, locale: str = "zh_CN", **query: object) -> AppTest:
        with transaction(actor=SYSTEM) as session:
            account = session.exec(select(Account).where(Account.username == username)).one()
            account.locale = locale
        return open_app(account, page, **query)

    return open_for


def _told(app: AppTest) -> str:
    texts = [str(each.value) for each in [*app.title, *app.subheader, *app.markdown, *app.caption]]
    return "\n".join([*texts, *(each.label for each in app.button)])


def _labels(app: AppTest) -> dict[str, str]:
    return {str(each.key): each.label for each in app.button}


@pytest.mark.parametrize(("locale", "months"), [
    ("zh_CN", "活动月份（11月至1月）"), ("en", "Months of the campaign (Nov to Jan)"),
])  # fmt: skip
def test_figures_of_a_campaign_are_called_those_of_its_months(
    look: Callable[..., AppTest], locale: str, months: str
) -> None:
    """Given a campaign from 9 November to 8 January, when its figures are shown, then as those of whole months."""
    app = look("manager", locale=locale)

    assert app.selectbox(key="overview_period").options[0] == months
    assert months in _told(app)


@pytest.mark.parametrize(("locale", "words", "red"), [
    ("zh_CN", ["总览", "超前计划", "响应率"], "红牌 **"), ("en", ["ahead of plan"], "Red card **"),
])  # fmt: skip
def test_it_tells_how_far_what_presses_and_what_became_of_needs(
    look: Callable[..., AppTest], locale: str, words: list[str], red: str
) -> None:
    app = look("manager", locale=locale)

    assert not app.exception
    assert [word for word in words if word not in _told(app)] == []
    labels = _labels(app)
    assert {"late_all", "last_raised", "rate_response_part", "tile_standing_0"} <= set(labels)
    assert sum(key.startswith("decide_") and key[7:].isdigit() for key in labels) == 10
    assert labels["decide_red_card"].startswith(red), "those with a yellow card are not among them"


def test_a_link_restores_what_was_asked(look: Callable[..., AppTest]) -> None:
    with Session(engine()) as session:
        team = session.exec(select(Team).where(Team.name == "华侨城社区政务服务队")).one()

    app = look("manager", team=team.pk, period="last_month")

    assert not app.exception
    assert app.selectbox(key="overview_period").value == "last_month"
    assert "华侨城社区政务服务队" in _told(app)
    assert "overview_clear" in _labels(app)
    app.button(key="overview_clear").click().run()
    assert "overview_clear" not in _labels(app)


def test_a_figure_opens_the_ledger_with_its_rows(look: Callable[..., AppTest]) -> None:
    app = look("manager", period="all")
    label = _labels(app)["rate_on_time_part"]

    app.button(key="rate_on_time_part").click().run()

    assert not app.exception
    assert "on_time" in app.query_params["measure"]
    assert label.strip("*") in _told(app)


def test_a_tile_opens_the_enterprises_it_counts(look: Callable[..., AppTest]) -> None:
    app = look("manager")
    count = _labels(app)["tile_standing_4"].split("**")[1]

    app.button(key="tile_standing_4").click().run()

    assert not app.exception
    assert "unassigned" in app.query_params["standing"]
    assert f"{count} 家企业" in _told(app)


def test_a_team_opens_the_enterprises_it_is_behind_with(look: Callable[..., AppTest]) -> None:
    app = look("manager")
    key, label = next((key, label) for key, label in _labels(app).items() if key.endswith("_unassigned"))

    app.button(key=key).click().run()

    assert not app.exception
    assert label.split()[0] in _told(app)
    assert "targets_whole" in _labels(app)


def test_overdue_promises_open_as_a_list_of_their_own(look: Callable[..., AppTest]) -> None:
    app = look("manager")
    count = _labels(app)["promises_late"].split()[-2]

    app.button(key="promises_late").click().run()

    assert not app.exception
    assert "overdue" in app.query_params["show"]
    assert f"{count} 条" in _told(app)


@pytest.mark.parametrize("who", ["coordinator", "lead"])
def test_those_who_work_reach_it_from_their_start_page(look: Callable[..., AppTest], who: str) -> None:
    app = look(who, page="")

    app.button(key="overview").click().run()

    assert not app.exception
    assert "总览" in _told(app)


def test_without_a_campaign_it_says_so(open_app: OpenApp) -> None:
    app = open_app(given.account(Role.MANAGER), PAGE)

    assert not app.exception
    assert "尚无已开始的走访活动" in _told(app)


@pytest.mark.usefixtures("demo_database")
def test_nobody_sees_figures_of_a_place_that_is_not_theirs() -> None:
    lead = acting("lead")
    with Session(engine()) as session:
        elsewhere = session.exec(
            select(Area).where(Area.tier == Tier.STREET, ~Area.path.startswith(lead.area_paths[0]))  # type: ignore[attr-defined]
        ).first()
        other = session.exec(select(Team).where(Team.name == "中埠镇政务服务队")).one()

    assert elsewhere is not None
    with pytest.raises(NotFoundError):
        progress_overview.look(lead, Question(area_id=elsewhere.pk))
    with pytest.raises(NotFoundError):
        progress_overview.look(lead, Question(team_id=other.pk))
    with pytest.raises(NotAllowedError):
        progress_overview.look(acting("worker"), Question())
    assert list(choices(lead).teams.values()) == ["华侨城社区政务服务队"]
    assert len(choices(acting("manager")).teams) == 39


@pytest.mark.usefixtures("demo_database")
@pytest.mark.parametrize(
    ("period", "since", "until"),
    [
        (Period.MONTH, date(2023, 12, 1), date(2023, 12, 1)),
        (Period.LAST_MONTH, date(2023, 11, 1), date(2023, 11, 1)),
        (Period.QUARTER, date(2023, 10, 1), date(2023, 12, 1)),
        (Period.YEAR, date(2023, 1, 1), date(2023, 12, 1)),
        (Period.ALL, None, None),
        (Period.CAMPAIGN, date(2023, 11, 1), date(2024, 1, 1)),
    ],
)
def test_a_period_means_whole_months(period: Period, since: date | None, until: date | None) -> None:
    asked = progress_overview.look(acting("manager"), Question(period=period)).setting.asked

    assert (asked.since, asked.until) == (since, until)


def test_an_even_pace_ends_at_the_goal_on_the_last_day() -> None:
    campaign = Campaign(name="走访", starts_on=date(2023, 12, 1), ends_on=date(2023, 12, 10))

    assert pace(campaign, 200, date(2023, 11, 30)) == 0
    assert pace(campaign, 200, date(2023, 12, 1)) == 20
    assert pace(campaign, 200, date(2023, 12, 10)) == 200
    assert pace(campaign, 200, date(2024, 3, 1)) == 200


@pytest.mark.usefixtures("demo_database")
def test_figures_are_kept_for_all_who_may_see_them_and_given_to_nobody_else() -> None:
    manager, coordinator, lead = (acting(each) for each in ("manager", "coordinator", "lead"))
    before = progress_overview.look(manager, Question())
    with transaction(actor=SYSTEM) as session:
        late = session.exec(select(Issue).where(col(Issue.due_at) < clock.now(), col(Issue.paused_since).is_(None)))
        for issue in late:
            issue.due_at = None

    assert progress_overview.look(coordinator, Question()).holders == before.holders
    assert progress_overview.look(lead, Question()).holders == []
    progress_overview.forget()
    assert progress_overview.look(manager, Question()).holders == []
