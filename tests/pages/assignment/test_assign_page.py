"""The page of assignment as Streamlit runs it."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core import clock
from core.db import transaction
from models.account import Account
from models.campaign import Campaign, CampaignState, CampaignTarget
from models.visit import Outcome, Visit, VisitState
from services import assignment
from services.actor import SYSTEM
from services.assignment import suggesting
from tests.pages.conftest import OpenApp
from tests.pages.visits.test_record_page import texts
from tests.visit_world import World, everything, one, put, recorded, refreshed

ASSIGN = "pages/assignment/assign.py"


def choose(app: AppTest, table: str, *ids: int | None) -> AppTest:
    """Choose rows of a table, which the test runner has no gesture for; `tests/browser/test_choosing.py` has."""
    app.session_state[f"{table}_chosen"] = list(ids)
    return app.run()


def another_campaign(world: World) -> Campaign:
    """Let a second campaign run, which ends later and wants one enterprise of the first one's."""
    values = {"starts_on": clock.today(), "ends_on": clock.today() + timedelta(days=60), "state": CampaignState.RUNNING}
    later = one(Campaign(name="回头看", **values))
    put(CampaignTarget(campaign_id=later.pk, enterprise_id=world.enterprises["one"].pk))
    return later


def test_the_page_shows_enterprises_and_members(world: World, open_app: OpenApp) -> None:
    app = open_app(world.people["lead_a"], ASSIGN)
    assert not app.exception
    assert len(app.dataframe[0].value) == 4
    assert set(app.dataframe[1].value["name"]) == {"lead_a", "second_lead_a", "worker_1a", "worker_2a"}
    assert app.button(key="assign").disabled


def test_a_suggestion_is_edited_and_confirmed(world: World, open_app: OpenApp) -> None:
    app = open_app(world.people["lead_a"], ASSIGN)
    app.button(key="suggest").click().run()
    assert not app.exception
    app.button(key="plan_confirm").click().run()
    visits = everything(Visit)
    assert len(visits) == 4
    by_member = {visit.enterprise_id: visit.assignee_id for visit in visits}
    assert by_member[world.enterprises["one"].pk] == world.people["worker_1a"].pk
    assert by_member[world.enterprises["three"].pk] == world.people["worker_2a"].pk
    assert "已分派 4 家" in app.toast[0].value


def test_a_plan_says_what_goes_beyond_a_day(world: World, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (suggesting, assignment):
        monkeypatch.setattr(module, "PER_DAY", 1)
    with transaction(actor=SYSTEM) as session:
        session.get_one(Campaign, world.campaign.pk).ends_on = clock.today() + timedelta(days=1)
    app = open_app(world.people["lead_a"], ASSIGN)

    app.button(key="suggest").click().run()

    assert not app.exception
    assert "其中 2 次超出每人每天 1 次" in texts(app)


def test_without_anybody_to_send_the_page_says_why_there_is_no_plan(world: World, open_app: OpenApp) -> None:
    for name in ("worker_1a", "worker_2a"):
        world.leave(name, clock.today(), clock.today() + timedelta(days=60))
    app = open_app(world.people["lead_a"], ASSIGN)

    app.button(key="suggest").click().run()

    assert not app.exception
    assert "所选人员均不在岗" in texts(app)


def test_whoever_assigns_the_last_enterprise_stays_at_its_campaign(world: World, open_app: OpenApp) -> None:
    """Given another campaign with work left, when the first one's last visit is assigned, the page says so."""
    later = another_campaign(world)
    app = open_app(world.people["lead_a"], ASSIGN)
    app.button(key="suggest").click().run()

    app.button(key="plan_confirm").click().run()

    assert app.selectbox(key="assign_campaign").value == world.campaign.pk
    assert "没有待分派的企业" in texts(app)
    assert open_app(world.people["lead_a"], ASSIGN).selectbox(key="assign_campaign").value == later.pk


def test_a_plan_whose_campaign_is_paused_is_not_carried_out_in_another(world: World, open_app: OpenApp) -> None:
    """Given a plan, when its campaign is paused before it is confirmed, the lead is told so and nobody is sent."""
    another_campaign(world)
    app = open_app(world.people["lead_a"], ASSIGN)
    app.button(key="suggest").click().run()
    world.set_state(CampaignState.PAUSED)  # the coordinator, meanwhile

    app.button(key="plan_confirm").click().run()

    assert not app.exception
    assert not everything(Visit)
    assert any("政务服务进千企" in each.value and "未在进行" in each.value for each in app.warning)
    app.button(key="plan_discard").click().run()
    assert app.button(key="suggest")


def test_a_plan_is_not_confirmed_while_another_campaign_is_chosen(world: World, open_app: OpenApp) -> None:
    """Given a plan, when the lead chooses another campaign above it, it can be confirmed at its own campaign alone."""
    later = another_campaign(world)
    app = open_app(world.people["lead_a"], ASSIGN)
    app.button(key="suggest").click().run()

    app.selectbox(key="assign_campaign").select(later.pk).run()

    assert any("政务服务进千企" in each.value for each in app.warning)
    assert not [each for each in app.button if each.key == "plan_confirm"]
    app.selectbox(key="assign_campaign").select(world.campaign.pk).run()
    app.button(key="plan_confirm").click().run()
    assert {visit.campaign_id for visit in everything(Visit)} == {world.campaign.pk}
    assert len(everything(Visit)) == 4


def test_a_plan_left_behind_waits_for_its_own_campaign(world: World, open_app: OpenApp) -> None:
    """Given a plan of the later campaign, when the lead comes back by the menu, it is not that of the first one."""
    later = another_campaign(world)
    app = open_app(world.people["lead_a"], ASSIGN, campaign=str(later.pk))
    app.button(key="suggest").click().run()
    app.switch_page("../visits/review.py").run()
    app.query_params.clear()  # of which the menu knows nothing

    app.switch_page("../assignment/assign.py").run()

    assert app.selectbox(key="assign_campaign").value == world.campaign.pk
    assert any("回头看" in each.value for each in app.warning)
    assert not [each for each in app.button if each.key == "plan_confirm"]


def test_a_press_on_assign_is_meant_for_the_campaign_shown(world: World, open_app: OpenApp) -> None:
    """Given enterprises chosen, when their campaign is paused before the press, it is refused and nobody is sent."""
    another_campaign(world)
    app = open_app(world.people["lead_a"], ASSIGN)
    choose(app, "people", world.people["worker_1a"].pk)
    choose(app, "targets", world.enterprises["one"].pk, world.enterprises["two"].pk)
    world.set_state(CampaignState.PAUSED)  # the coordinator, meanwhile

    app.button(key="assign").click().run()

    assert not app.exception
    assert not everything(Visit)
    assert any("政务服务进千企" in each.value for each in app.error)


def test_a_press_that_came_too_late_is_not_made_up_for_later(world: World, open_app: OpenApp) -> None:
    """Given the only campaign paused before the press, when it runs again, nothing is assigned by itself."""
    app = open_app(world.people["lead_a"], ASSIGN)
    choose(app, "people", world.people["worker_1a"].pk)
    choose(app, "targets", world.enterprises["one"].pk)
    world.set_state(CampaignState.PAUSED)
    app.button(key="assign").click().run()
    assert "暂无进行中的活动" in texts(app)
    world.set_state(CampaignState.RUNNING)

    app.run()

    assert not everything(Visit)


def test_a_plan_can_be_discarded(world: World, open_app: OpenApp) -> None:
    app = open_app(world.people["lead_a"], ASSIGN)
    app.button(key="suggest").click().run()
    app.button(key="plan_discard").click().run()
    assert not everything(Visit)
    assert app.button(key="suggest")


def test_without_a_running_campaign_the_page_says_so(world: World, open_app: OpenApp) -> None:
    world.set_state(CampaignState.PAUSED)
    assert "暂无进行中的活动" in texts(open_app(world.people["lead_a"], ASSIGN))


def test_open_visits_are_listed_under_assigned(world: World, open_app: OpenApp) -> None:
    world.visit("one", "worker_1a", days=-1)
    world.visit("far", "worker_3b")
    app = open_app(world.people["lead_a"], ASSIGN, _view="assigned")
    assert not app.exception
    assert list(app.dataframe[0].value["enterprise"]) == ["one公司"]
    assert list(app.dataframe[0].value["state"]) == ["已逾期"]


def test_the_overdue_visits_of_the_start_page_are_those_it_opens(world: World, open_app: OpenApp) -> None:
    """Given a visit overdue, one planned and a record returned, then the figure of the start page opens the first."""
    world.visit("one", "worker_1a", days=-1)
    world.visit("two", "worker_1a", days=1)
    recorded(world.visit("three", "worker_1a", days=-2), outcome=Outcome.MET, state=VisitState.RETURNED)
    start = open_app(world.people["lead_a"])
    tile = next(each for each in start.button if "逾期走访" in each.label)
    assert tile.label.startswith(":red[**1**]")

    app = tile.click().run()

    assert not app.exception
    assert list(app.dataframe[0].value["enterprise"]) == ["one公司"]
    everything_there = open_app(world.people["lead_a"], ASSIGN, _view="assigned").dataframe[0].value
    assert sorted(everything_there["state"]) == ["已逾期", "待走访", "退回补充"]


def test_the_visits_of_people_who_left_are_those_the_start_page_opens(world: World, open_app: OpenApp) -> None:
    world.visit("one", "worker_1a", days=1)
    world.visit("two", "worker_2a", days=1)
    gone = refreshed(Account, world.people["worker_2a"].pk)
    gone.active = False
    put(gone)
    start = open_app(world.people["lead_a"])

    app = next(each for each in start.button if "离岗人员的走访" in each.label).click().run()

    assert not app.exception
    assert list(app.dataframe[0].value["assignee"]) == ["worker_2a"]
    assert len(open_app(world.people["lead_a"], ASSIGN, _view="assigned").dataframe[0].value) == 2


def test_taking_back_is_undone_from_the_page(world: World, open_app: OpenApp) -> None:
    visit = world.visit("one", "worker_1a", state=VisitState.TAKEN_BACK)
    app = open_app(world.people["lead_a"], ASSIGN, _view="assigned")
    app.session_state["assign_undo"] = [visit.pk]
    app.run()
    app.button(key="undo").click().run()
    assert refreshed(Visit, visit.pk).state is VisitState.PLANNED


def test_whoever_is_slower_is_told_on_the_page(world: World, open_app: OpenApp) -> None:
    app = open_app(world.people["lead_a"], ASSIGN)
    app.button(key="suggest").click().run()
    world.visit("one", "second_lead_a")  # meanwhile
    app.button(key="plan_confirm").click().run()
    assert "one公司" in texts(app)
    assert "second\\_lead\\_a" in texts(app)
    assert len(everything(Visit)) == 4


def test_a_plan_whose_visitor_left_meanwhile_says_so(world: World, open_app: OpenApp) -> None:
    app = open_app(world.people["lead_a"], ASSIGN)
    app.button(key="suggest").click().run()
    gone = refreshed(Account, world.people["worker_1a"].pk)
    gone.active = False
    put(gone)

    app.run()

    assert not app.exception
    assert "已离开团队" in texts(app)
    assert app.button(key="plan_confirm").disabled


def test_what_was_chosen_is_assigned_though_another_row_went_meanwhile(world: World, open_app: OpenApp) -> None:
    """Given the second enterprise chosen, when somebody takes the first, the second is assigned and not the third."""
    app = open_app(world.people["lead_a"], ASSIGN)
    choose(app, "people", world.people["worker_1a"].pk)
    choose(app, "targets", world.enterprises["two"].pk)
    world.visit("one", "second_lead_a")  # meanwhile

    app.button(key="assign").click().run()

    assert {visit.enterprise_id: visit.assignee_id for visit in everything(Visit)} == {
        world.enterprises["one"].pk: world.people["second_lead_a"].pk,
        world.enterprises["two"].pk: world.people["worker_1a"].pk,
    }
    assert "已分派 1 家" in app.toast[0].value


def test_whoever_chose_what_somebody_takes_is_told_who_has_it(world: World, open_app: OpenApp) -> None:
    app = open_app(world.people["lead_a"], ASSIGN)
    choose(app, "people", world.people["worker_1a"].pk)
    choose(app, "targets", world.enterprises["one"].pk, world.enterprises["two"].pk)
    world.visit("one", "second_lead_a")  # meanwhile

    app.button(key="assign").click().run()

    assert "one公司" in texts(app)
    assert "second\\_lead\\_a" in texts(app)
    assert len(everything(Visit)) == 2


def test_whoever_chose_what_is_visited_meanwhile_is_told_so(world: World, open_app: OpenApp) -> None:
    app = open_app(world.people["lead_a"], ASSIGN)
    choose(app, "people", world.people["worker_1a"].pk)
    choose(app, "targets", world.enterprises["one"].pk, world.enterprises["two"].pk)
    recorded(world.visit("one", "worker_1a"), outcome=Outcome.MET)  # meanwhile, unasked

    app.button(key="assign").click().run()

    assert "已分派 1 家" in app.toast[0].value
    assert any("已完成走访" in each.value and "one公司" in each.value for each in app.warning)


def test_leave_stops_a_plan_until_it_is_ticked(world: World, open_app: OpenApp) -> None:
    app = open_app(world.people["lead_a"], ASSIGN)
    app.button(key="suggest").click().run()
    for name in ("worker_1a", "worker_2a", "lead_a", "second_lead_a"):
        world.leave(name, clock.today(), clock.today() + timedelta(days=30))
    app.button(key="plan_confirm").click().run()
    assert "请假" in texts(app)
    assert not everything(Visit)
    app.checkbox(key="plan_despite_leave").check().run()
    app.button(key="plan_confirm").click().run()
    assert len(everything(Visit)) == 4
