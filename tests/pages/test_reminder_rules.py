"""Rules, templates and hours of reminders on their pages: read as a ladder, previewed, changed without code."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core import clock
from models.account import Account, Role
from models.issue import IssueState
from models.reminder import Occasion, OffsetUnit, Relation, ReminderHours, ReminderRule, ReminderTemplate
from services.reminders import hours
from tests import factories as given
from tests import issue_world
from tests.issue_world import IssueWorld
from tests.pages.conftest import OpenApp
from tests.rule_values import template_of

RULES, TEMPLATES, HOURS = "pages/reminders/rules.py", "pages/reminders/templates.py", "pages/reminders/hours.py"
NEW = "reminder_rule_form_new"


@pytest.fixture
def admin(database: str, frozen_clock: datetime) -> Account:  # noqa: ARG001 - servers and time
    return given.account(Role.ADMINISTRATOR, "An administrator", locale="en")


@pytest.fixture
def world(admin: Account) -> IssueWorld:  # noqa: ARG001 - the same database
    """An issue whose deadline comes in four days."""
    made = issue_world.build()
    due = made.row(made.issue(IssueState.HANDLING)).due_at
    assert due is not None
    clock.advance(due - clock.now() - timedelta(days=4))
    return made


def told(app: AppTest) -> str:
    return "\n".join([each.value for each in (*app.markdown, *app.caption, *app.error)])


def rule(offset: int, occasion: Occasion = Occasion.ISSUE_DEADLINE) -> ReminderRule:
    return given.rows(ReminderRule, lambda row: row.occasion is occasion and row.offset == offset)[0]


def test_rules_read_as_ladders_and_a_step_can_be_switched_off(admin: Account, open_app: OpenApp) -> None:
    app = open_app(admin, RULES)
    assert "**2 working days before it is due** → Whoever is to act" in told(app)
    assert ":red-badge[Show a red card] :gray-badge[Urgent]" in told(app)

    step = rule(-2)
    app.toggle(key=f"rule_active_{step.pk}").set_value(False).run()
    assert not app.exception
    assert rule(-2).active is False
    assert ":gray[**2 working days before it is due** → Whoever is to act]" in told(app)


@pytest.mark.usefixtures("world")
def test_a_rule_is_made_with_a_preview_of_what_it_would_send(admin: Account, open_app: OpenApp) -> None:
    app = open_app(admin, RULES, _row="new")
    app.selectbox(key=f"{NEW}__occasion").set_value(Occasion.ISSUE_DEADLINE).run()
    assert "what the rule would send is then shown here" in told(app)
    app.selectbox(key=f"{NEW}_issue_deadline_way").set_value("day").run()
    app.pills(key=f"{NEW}_issue_deadline_recipients").set_value([Relation.ASSIGNEE, Relation.MANAGER]).run()
    assert not app.exception
    assert "**2** reminders would go out in the next 7 days" in told(app)
    assert "manager \\(Manager\\)" in told(app)
    assert not given.rows(ReminderRule, lambda row: Relation.MANAGER in row.recipients and row.offset == 0)

    app.button(key=f"{NEW}_save").click().run()
    assert not app.exception
    (made,) = given.rows(ReminderRule, lambda row: Relation.MANAGER in row.recipients and row.offset == 0)
    assert made.name == "Deadline of an issue’s stage · On the day it is due"
    assert (made.unit, made.stage, made.active) == (OffsetUnit.WORKING_DAYS, None, True)


def test_the_form_offers_only_what_fits_the_occasion(admin: Account, open_app: OpenApp) -> None:
    app = open_app(admin, RULES, _row="new")
    app.selectbox(key=f"{NEW}__occasion").set_value(Occasion.BULLETIN_DUE).run()
    assert app.pills(key=f"{NEW}_bulletin_due_recipients").options == [
        "Whoever is to act", "Campaign coordinator", "Manager",
    ]  # fmt: skip
    assert app.selectbox(key=f"{NEW}_bulletin_due_template_id").options == ["通报到期"]
    app.selectbox(key=f"{NEW}__occasion").set_value(Occasion.VISIT_ASSIGNED).run()
    assert app.selectbox(key=f"{NEW}_visit_assigned_way").options == ["At once", "Some time later"]
    assert "This happens unforeseen" in told(app)


def test_a_rule_without_anybody_is_refused_beside_the_field(admin: Account, open_app: OpenApp) -> None:
    step = rule(-2)
    prefix = f"reminder_rule_form_{step.pk}"
    app = open_app(admin, RULES, _row=step.pk)
    app.pills(key=f"{prefix}_issue_deadline_recipients").set_value([]).run()
    app.button(key=f"{prefix}_save").click().run()
    assert "Choose who is reminded, or what the product does itself." in told(app)
    assert rule(-2).recipients == [Relation.ASSIGNEE]


def test_a_template_is_previewed_in_both_languages_and_refused_when_faulty(admin: Account, open_app: OpenApp) -> None:
    row_id = template_of(Occasion.ISSUE_DEADLINE)
    prefix = f"reminder_template_form_{row_id}"
    app = open_app(admin, TEMPLATES, _row=row_id)
    assert "还剩2个工作日" in told(app)
    assert "2 working days left" in told(app)
    assert "{{ remaining }}" in app.dataframe[-1].value["Write"].to_list()

    app.text_area(key=f"{prefix}_title").set_value("{{ titel }}").run()
    assert "unknown word: titel. Known are: " in told(app)
    app.button(key=f"{prefix}_save").click().run()
    assert "Title: unknown word: titel" in told(app)

    app.text_area(key=f"{prefix}_title").set_value("快到期了：{{ title }}").run()
    app.button(key=f"{prefix}_save").click().run()
    assert not app.exception
    assert given.rows(ReminderTemplate, lambda row: row.id == row_id)[0].title == "快到期了：{{ title }}"


def test_hours_show_the_next_slots_before_they_are_saved(admin: Account, open_app: OpenApp) -> None:
    app = open_app(admin, HOURS)
    assert "Dec 6, 2023 14:00" in told(app).replace("\\", "")
    app.button(key="hours_more").click().run()
    app.time_input(key="hours_slot_2").set_value(time(16, 30)).run()
    assert "Dec 6, 2023 16:30" in told(app).replace("\\", "")
    app.time_input(key="hours_slot_2").set_value(time(21)).run()
    app.button(key="hours_save").click().run()
    assert "21:00 lies in the quiet hours" in told(app)

    app.time_input(key="hours_slot_2").set_value(time(16)).run()
    app.button(key="hours_save").click().run()
    assert not app.exception
    assert given.rows(ReminderHours)[0].slots == ["09:00", "14:00", "16:00"]


def test_whoever_drops_their_hours_sees_every_time_the_other_set(admin: Account, open_app: OpenApp) -> None:
    """Given the hours open in two windows, when both change the times, then the slower keeps all of the other's."""
    app = open_app(admin, HOURS)
    app.time_input(key="hours_slot_1").set_value(time(15)).run()
    actor = given.acting(admin)
    theirs = (time(9), time(14), time(16), time(17))
    hours.change(actor, replace(hours.in_force(actor), slots=theirs))
    app.button(key="hours_save").click().run()
    app.button(key="_began_hours_drop").click().run()

    assert [app.time_input(key=f"hours_again1_slot_{place}").value for place in range(4)] == list(theirs)
    app.button(key="hours_save").click().run()
    assert not app.exception
    assert hours.in_force(actor).slots == theirs


@pytest.mark.parametrize("page", [RULES, TEMPLATES, HOURS])
def test_others_have_no_such_page(admin: Account, open_app: OpenApp, page: str) -> None:
    assert admin
    with pytest.raises(Exception, match="page"):
        open_app(given.account(Role.COORDINATOR, locale="en"), page)
