"""The pages of campaigns: set up, choose enterprises, take the steps; and the form builder, which loses nothing."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core import clock
from core.i18n import in_locale
from models import forms as rules
from models.account import Account, Role
from models.area import Area, Tier
from models.campaign import Campaign, CampaignState, FormVersion
from models.fields import FieldKind
from services.actor import Actor
from services.campaigns import forms, progress, setup, states, targets
from tests import factories as given
from tests.pages.conftest import OpenApp, PressedTwice

pytestmark = pytest.mark.usefixtures("frozen_clock")
LIST, NEW = "pages/campaigns/list.py", "pages/campaigns/new.py"
CAMPAIGN, BUILDER = "pages/campaigns/campaign.py", "pages/campaigns/form_builder.py"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """The test runner names options itself, in this thread, when it sends a page's inputs."""
    with in_locale("en"):
        yield


@pytest.fixture
def coordinator(database: str) -> Account:  # noqa: ARG001 - asked for its effect
    return given.account(Role.COORDINATOR, locale="en")


@pytest.fixture
def actor(coordinator: Account) -> Actor:
    return given.acting(coordinator)


@pytest.fixture
def campaign_id(actor: Actor) -> int:
    """A draft that means to visit two enterprises."""
    day = clock.today()
    raw = {"name": "蔬送万家", "starts_on": day, "ends_on": day + timedelta(days=10), "modes": ["on_site"]}
    made = setup.save(actor, raw)
    grid = given.area(Tier.GRID, given.area(Tier.STREET))
    targets.add(actor, made, [given.enterprise(grid, name).pk for name in ("恒越物业公司", "东泽物业公司")])
    return made


def _open(open_app: OpenApp, account: Account, page: str, campaign_id: int, tab: str = "") -> AppTest:
    app = open_app(account)
    app.query_params["campaign"] = str(campaign_id)
    if tab:
        app.query_params["tab"] = tab
    app.switch_page(page.replace("pages/", "../", 1)).run()
    assert not app.exception
    return app


def _press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def _labels(actor: Actor, campaign_id: int) -> list[str]:
    return [question.label for question in forms.draft(actor, campaign_id).questions]


def _add(app: AppTest, kind: FieldKind, label: str) -> AppTest:
    _press(app, f"add_{kind}")
    next(box for box in app.text_input if box.label == "Question").set_value(label).run()
    assert not app.exception
    return app


def _input(app: AppTest, label: str) -> str:
    box = next(each for each in app.text_input if each.label == label)
    return str(box.value)


def test_the_list_shows_each_campaign_and_leads_to_a_new_one(
    coordinator: Account, campaign_id: int, open_app: OpenApp
) -> None:
    app = open_app(coordinator, LIST)

    assert not app.exception
    assert app.button(key=f"open_{campaign_id}")
    assert app.button(key="new")


def test_a_lead_sees_the_list_but_sets_up_nothing(campaign_id: int, open_app: OpenApp) -> None:
    lead = given.account(Role.TEAM_LEAD, locale="en")
    app = open_app(lead, LIST)
    assert "new" not in [button.key for button in app.button]

    app = _open(open_app, lead, CAMPAIGN, campaign_id)
    keys = [button.key or "" for button in app.button]
    assert not any(key.startswith("step_") for key in keys)


def test_without_a_campaign_the_page_says_where_to_choose_one(coordinator: Account, open_app: OpenApp) -> None:
    app = open_app(coordinator, CAMPAIGN)

    assert not app.exception
    assert any("Choose one from the list of campaigns" in caption.value for caption in app.caption)


def test_what_is_missing_in_a_new_campaign_is_told_at_its_field(coordinator: Account, open_app: OpenApp) -> None:
    app = _press(open_app(coordinator, NEW), "create")

    assert [error.value for error in app.error] == ["Campaign name: must be filled in"]
    app.text_input(key="new_name").set_value("蔬送万家").run()
    _press(app, "create")
    assert [row.name for row in given.rows(Campaign)] == ["蔬送万家"]


def test_a_copy_asks_for_what_differs_only(
    coordinator: Account, actor: Actor, campaign_id: int, open_app: OpenApp
) -> None:
    app = open_app(coordinator, NEW)
    app.selectbox(key="source").set_value(campaign_id).run()
    assert "new_purpose" not in [area.key for area in app.text_area]

    app.text_input(key="new_name").set_value("蔬送万家·第二季")
    app.toggle(key="same_targets").set_value(True)
    _press(app, "create")

    made = given.rows(Campaign)[-1]
    assert (made.name, made.state) == ("蔬送万家·第二季", CampaignState.DRAFT)
    assert progress.of_campaign(actor, made.pk).targets == 2


def test_a_campaign_is_started_paused_finished_and_reopened_on_its_page(
    coordinator: Account, actor: Actor, campaign_id: int, open_app: OpenApp
) -> None:
    app = _open(open_app, coordinator, CAMPAIGN, campaign_id)

    for key, state in (("start", "running"), ("pause", "paused"), ("resume", "running"), ("finish", "finished")):
        _press(app, f"step_{key}_yes")
        assert setup.fetch(actor, campaign_id).state == state
    _press(app, "step_reopen_yes")
    assert [error.value for error in app.error] == ["Say why the campaign is reopened."]
    app.text_area(key="reopen_reason").set_value("Two companies were late")
    _press(app, "step_reopen_yes")
    assert setup.fetch(actor, campaign_id).state is CampaignState.RUNNING


def test_finishing_says_what_is_still_open(
    coordinator: Account, actor: Actor, campaign_id: int, open_app: OpenApp
) -> None:
    states.start(actor, campaign_id)

    app = _open(open_app, coordinator, CAMPAIGN, campaign_id)

    assert any("**2** not yet assigned" in text.value for text in app.markdown)


def test_enterprises_are_found_by_filter_and_by_list(
    coordinator: Account, actor: Actor, campaign_id: int, open_app: OpenApp
) -> None:
    grid = given.area(Tier.GRID)
    given.enterprise(grid, "兆安物业公司")
    given.enterprise(grid, "诚德化工厂")
    app = _open(open_app, coordinator, CAMPAIGN, campaign_id, "targets")

    app.text_input(key=f"rule_{campaign_id}_search").set_value("物业").run()
    assert any("**1** enterprise fits · 2 are chosen already" in text.value for text in app.markdown)
    _press(app, "add_filtered")
    assert progress.of_campaign(actor, campaign_id).targets == 3

    app.text_area(key=f"paste_{campaign_id}_0").set_value("诚德化工厂\n没有这家").run()
    assert any("1 line names no enterprise" in text.value for text in app.warning)
    _press(app, "add_listed")
    assert progress.of_campaign(actor, campaign_id).targets == 4


def test_the_file_of_a_campaigns_enterprises_is_offered_to_whom_enterprises_are_exported(
    coordinator: Account, campaign_id: int, open_app: OpenApp
) -> None:
    worker = given.account(Role.GRID_WORKER, locale="en")
    grid = given.rows(Area, lambda row: row.tier is Tier.GRID)[0]
    given.member(given.team(given.rows(Area, lambda row: row.id == grid.parent_id)[0]), worker, grid=grid)

    seen = {
        account.role: _open(open_app, account, CAMPAIGN, campaign_id, "targets") for account in (coordinator, worker)
    }

    assert any("2 enterprises" in text.value for text in seen[Role.GRID_WORKER].caption)
    offered = {role: [each.key for each in app.get("download_button")] for role, app in seen.items()}
    assert offered == {Role.COORDINATOR: ["targets_xlsx"], Role.GRID_WORKER: []}


def test_a_hurried_second_press_adds_one_question(
    coordinator: Account, actor: Actor, campaign_id: int, open_app: OpenApp, pressed_twice: PressedTwice
) -> None:
    """Given a form, when a question is added or duplicated twice in a hurry, then there is one more each time."""
    app = _add(_open(open_app, coordinator, BUILDER, campaign_id), FieldKind.TEXT, "One")

    calls = pressed_twice(forms, "edit")
    _press(app, f"add_{FieldKind.NUMBER}")
    assert len(_labels(actor, campaign_id)) == 2

    calls.clear()
    _press(app, "copy_q1")
    assert _labels(actor, campaign_id).count("One (copy)") == 1
    assert len(_labels(actor, campaign_id)) == 3


def test_questions_are_added_below_the_open_one_and_kept_at_once(
    coordinator: Account, actor: Actor, campaign_id: int, open_app: OpenApp
) -> None:
    app = _open(open_app, coordinator, BUILDER, campaign_id)

    _add(app, FieldKind.INTEGER, "Pledged heads")
    _add(app, FieldKind.DATE, "Delivered on")
    _press(app, "edit_q1")
    _add(app, FieldKind.BOOLEAN, "Delivered")

    assert _labels(actor, campaign_id) == ["Pledged heads", "Delivered", "Delivered on"]
    app = _open(open_app, coordinator, BUILDER, campaign_id)  # another tab, or the same after it was closed
    assert _labels(actor, campaign_id) == ["Pledged heads", "Delivered", "Delivered on"]


def test_questions_move_are_copied_deleted_and_come_back(
    coordinator: Account, actor: Actor, campaign_id: int, open_app: OpenApp
) -> None:
    app = _open(open_app, coordinator, BUILDER, campaign_id)
    for label in ("One", "Two", "Three"):
        _add(app, FieldKind.TEXT, label)

    _press(app, "up_q3")
    assert _labels(actor, campaign_id) == ["One", "Three", "Two"]
    _press(app, "copy_q1")
    assert _labels(actor, campaign_id) == ["One", "One (copy)", "Three", "Two"]
    _press(app, "delete_q3")
    assert _labels(actor, campaign_id) == ["One", "One (copy)", "Two"]
    _press(app, "undo_delete")
    assert _labels(actor, campaign_id) == ["One", "One (copy)", "Three", "Two"]
    assert "undo_delete" not in [button.key for button in app.button]


def test_a_problem_is_told_at_its_question_and_the_form_is_not_saved_before_it_is_gone(
    coordinator: Account, campaign_id: int, open_app: OpenApp
) -> None:
    app = _press(_open(open_app, coordinator, BUILDER, campaign_id), "add_choice")

    assert any("Write what is asked." in text.value for text in app.markdown)
    assert app.button(key="save_form").disabled
    next(box for box in app.text_input if box.label == "Question").set_value("How").run()
    next(area for area in app.text_area if area.label.startswith("Options")).set_value("by car\nby car").run()
    assert any("“by car” is there twice." in text.value for text in app.markdown)
    next(area for area in app.text_area if area.label.startswith("Options")).set_value("by car\non foot").run()
    assert not app.button(key="save_form").disabled

    _press(app, "save_form")
    (saved,) = given.rows(FormVersion)
    assert [option.label for option in saved.specs()[0].options] == ["by car", "on foot"]


def test_the_preview_asks_what_the_recording_page_will_ask(
    coordinator: Account, actor: Actor, campaign_id: int, open_app: OpenApp
) -> None:
    app = _open(open_app, coordinator, BUILDER, campaign_id)
    _add(app, FieldKind.BOOLEAN, "Delivered")
    _add(app, FieldKind.INTEGER, "Heads")
    next(box for box in app.selectbox if box.label == "Shown").set_value("q1").run()
    assert forms.draft(actor, campaign_id).questions[1].shown_if == rules.Condition(field="q1", values=("True",))
    assert not app.number_input or all("Heads" not in box.label for box in app.number_input)

    _press(app, "try_form")
    assert [error.value for error in app.error] == ["Delivered: must be filled in"]
    next(group for group in app.pills if "Delivered" in group.label).set_value(True).run()
    assert any("Heads" in box.label for box in app.number_input)
    _press(app, "try_form")
    assert [message.value for message in app.success] == ["This record would be accepted. Nothing was kept."]


def test_the_second_of_two_coordinators_is_told_and_may_decide(
    coordinator: Account, actor: Actor, campaign_id: int, open_app: OpenApp
) -> None:
    app = _open(open_app, coordinator, BUILDER, campaign_id)
    _add(app, FieldKind.TEXT, "Mine")
    other = given.actor(Role.COORDINATOR)
    forms.edit(other, campaign_id, lambda _form, _taken: [rules.Question(key="q1", label="Theirs")])
    forms.save(other, campaign_id)

    _press(app, "save_form")

    assert any("Somebody else saved this form" in text.value for text in app.warning)
    assert _input(app, "Question") == "Mine"
    _press(app, "keep_mine")
    assert [spec.label for spec in given.rows(FormVersion)[0].specs()] == ["Mine"]
    assert not forms.draft(actor, campaign_id).changed


def test_a_form_can_begin_with_that_of_another_campaign(
    coordinator: Account, actor: Actor, campaign_id: int, open_app: OpenApp
) -> None:
    day = clock.today()
    other = setup.save(actor, {"name": "大走访", "starts_on": day, "ends_on": day, "modes": ["phone"]})
    forms.edit(actor, other, lambda _form, _taken: [rules.Question(key="q1", label="Business state")])
    forms.save(actor, other)
    app = _open(open_app, coordinator, BUILDER, campaign_id)

    app.selectbox(key="other_form").set_value(other).run()
    _press(app, "use_other")

    assert _labels(actor, campaign_id) == ["Business state"]


def test_the_form_of_a_finished_campaign_is_closed(
    coordinator: Account, actor: Actor, campaign_id: int, open_app: OpenApp
) -> None:
    states.start(actor, campaign_id)
    states.finish(actor, campaign_id)

    app = _open(open_app, coordinator, BUILDER, campaign_id)

    assert any("Reopen it" in caption.value for caption in app.caption)
    assert "save_form" not in [button.key for button in app.button]
