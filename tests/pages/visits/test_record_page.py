"""The worker's day and the recording page as Streamlit runs them."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core import clock
from models.configuration import Extensible, ExtraField
from models.fields import FieldKind
from models.issue import Issue, Urgency
from models.visit import Promise, Visit, VisitDraft, VisitState
from services import assignment
from services.visits import drafts, recording
from services.visits.content import Content, PromiseEntry
from tests.pages.conftest import OpenApp
from tests.visit_world import World, everything, put, recorded, refreshed

TODAY, RECORD = "pages/visits/today.py", "pages/visits/record.py"


def open_record(open_app: OpenApp, world: World, visit: Visit, who: str = "worker_1a") -> AppTest:
    return open_app(world.people[who], RECORD, visit=visit.pk)


def key(app: AppTest, visit: Visit, name: str) -> str:
    """Return the present key of a field: each generation of fields has its own."""
    return str(app.session_state[f"visit_entry_{visit.pk}"].key(name))


def met(app: AppTest, visit: Visit) -> AppTest:
    """Choose how and what came of it; the rest of the form follows."""
    app.pills(key=key(app, visit, "mode")).select("on_site").run()
    return app.pills(key=key(app, visit, "outcome")).select("met").run()


def texts(app: AppTest) -> str:
    return "\n".join(each.value for each in (*app.markdown, *app.caption, *app.warning, *app.error, *app.info))


def test_the_day_shows_cards_and_leads_to_the_record(world: World, open_app: OpenApp) -> None:
    late, now = world.visit("one", "worker_1a", days=-1), world.visit("two", "worker_1a")
    app = open_app(world.people["worker_1a"], TODAY)
    assert not app.exception
    assert "one公司" in texts(app)
    assert [each.value for each in app.subheader] == ["已逾期 · 1", "今天 · 1"]
    assert app.button(key=f"record_{late.pk}").label == "登记"
    assert not app.button(key=f"record_{now.pk}").disabled


def test_a_day_without_visits_says_so(world: World, open_app: OpenApp) -> None:
    app = open_app(world.people["worker_1a"], TODAY)
    assert "今天没有待走访的企业" in texts(app)


def test_somebody_elses_visit_is_not_there(world: World, open_app: OpenApp) -> None:
    visit = world.visit("one", "worker_2a")
    app = open_record(open_app, world, visit)
    assert "不存在" in texts(app)


def test_a_visit_is_recorded_through_the_page(world: World, open_app: OpenApp) -> None:
    visit = world.visit("one", "worker_1a")
    app = met(open_record(open_app, world, visit), visit)
    app.text_input(key=key(app, visit, "met_person")).input("赵厂长").run()
    app.pills(key=key(app, visit, "answers_state")).select("steady").run()
    app.button(key=key(app, visit, "add_issue")).click().run()
    app.pills(key=key(app, visit, "issue_1_kind")).select("suggestion").run()
    app.text_area(key=key(app, visit, "issue_1_text")).input("多开窗口").run()
    assert "要素保障 / 供电" in app.selectbox(key=key(app, visit, "issue_1_category")).options
    app.selectbox(key=key(app, visit, "issue_1_category")).select("要素保障 / 供电").run()
    app.pills(key=key(app, visit, "issue_1_urgency")).select("urgent").run()
    app.button(key=key(app, visit, "add_promise")).click().run()
    app.text_input(key=key(app, visit, "promise_1_text")).input("我去问").run()
    app.pills(key=key(app, visit, "promise_1_quick")).select("2023-12-07").run()
    app.button(key=f"hand_in_{visit.pk}").click().run()
    assert not app.exception
    assert refreshed(Visit, visit.pk).state is VisitState.RECORDED
    issue = everything(Issue)[0]
    assert (issue.text, issue.category, issue.urgency) == ("多开窗口", "power", Urgency.URGENT)
    assert issue.first_receiver_id == world.people["worker_1a"].pk
    assert [promise.text for promise in everything(Promise)] == ["我去问"]
    assert "QY-2023-000001" in [button.label for button in app.button]


def test_an_own_field_appears_after_the_answer_it_is_asked_after(world: World, open_app: OpenApp) -> None:
    put(ExtraField(entity=Extensible.VISIT, key="room", label="会议", kind=FieldKind.TEXT, shown_if=["mode=phone"]))
    visit = world.visit("one", "worker_1a")
    app = met(open_record(open_app, world, visit), visit)
    assert "会议" not in [each.label for each in app.text_input]
    app.pills(key=key(app, visit, "mode")).select("phone").run()
    assert "会议" in [each.label for each in app.text_input]


def test_what_is_missing_is_marked_at_its_field_and_nothing_is_lost(world: World, open_app: OpenApp) -> None:
    visit = world.visit("one", "worker_1a")
    app = met(open_record(open_app, world, visit), visit)
    app.text_area(key=key(app, visit, "summary")).input("谈了半小时").run()
    app.button(key=f"hand_in_{visit.pk}").click().run()
    shown = texts(app)
    assert "请填写受访人" in shown
    assert "2 处标红" in shown
    assert app.text_area(key=key(app, visit, "summary")).value == "谈了半小时"
    assert refreshed(Visit, visit.pk).state is VisitState.PLANNED


def test_the_number_of_somebody_else_goes_with_their_name(world: World, open_app: OpenApp) -> None:
    visit = world.visit("one", "worker_1a")
    app = met(open_record(open_app, world, visit), visit)
    app.text_input(key=key(app, visit, "met_person")).input("赵厂长").run()
    app.text_input(key=key(app, visit, "met_phone")).input("1390000").run()
    app.text_input(key=key(app, visit, "met_person")).input("").run()
    draft = recording.sheet(world.actor("worker_1a"), visit.pk).draft
    assert draft is not None
    assert (draft.content.met_person, draft.content.met_phone) == ("", "")


def test_a_message_goes_once_its_field_is_put_right(world: World, open_app: OpenApp) -> None:
    visit = world.visit("one", "worker_1a")
    app = met(open_record(open_app, world, visit), visit)
    app.button(key=f"hand_in_{visit.pk}").click().run()
    app.text_input(key=key(app, visit, "met_person")).input("赵厂长").run()
    shown = texts(app)
    assert "请填写受访人" not in shown
    assert "1 处标红" in shown


def test_where_nobody_was_met_the_form_is_short(world: World, open_app: OpenApp) -> None:
    visit = world.visit("one", "worker_1a")
    app = open_record(open_app, world, visit)
    app.pills(key=key(app, visit, "mode")).select("on_site").run()
    app.pills(key=key(app, visit, "outcome")).select("not_found").run()
    assert [each.label for each in app.text_area] == ["情况说明（必填）"]
    app.text_area(key=key(app, visit, "summary")).input("大门锁着").run()
    app.button(key=f"hand_in_{visit.pk}").click().run()
    assert refreshed(Visit, visit.pk).summary == "大门锁着"


def test_opening_alone_makes_no_draft_and_typing_does(world: World, open_app: OpenApp) -> None:
    visit = world.visit("one", "worker_1a")
    worker = world.actor("worker_1a")
    app = open_record(open_app, world, visit)
    assert recording.sheet(worker, visit.pk).draft is None
    met(app, visit)
    draft = recording.sheet(worker, visit.pk).draft
    assert draft is not None
    assert draft.content.outcome == "met"


def test_a_draft_is_restored_on_another_device(world: World, open_app: OpenApp) -> None:
    visit = world.visit("one", "worker_1a")
    content = Content(mode="phone", outcome="met", summary="手机上写的", answers={"state": "steady"})
    drafts.save_draft(world.actor("worker_1a"), visit.pk, content, None)
    app = open_record(open_app, world, visit)
    assert app.text_area(key=key(app, visit, "summary")).value == "手机上写的"
    assert app.pills(key=key(app, visit, "answers_state")).value == "steady"
    assert "已恢复" in app.toast[0].value


def test_another_devices_newer_draft_is_offered_not_lost(world: World, open_app: OpenApp) -> None:
    visit = world.visit("one", "worker_1a")
    app = met(open_record(open_app, world, visit), visit)
    other = Content(mode="phone", outcome="met", summary="电脑上写的")
    drafts.save_draft(world.actor("worker_1a"), visit.pk, other, None)
    clock.advance(timedelta(minutes=1))
    drafts.save_draft(world.actor("worker_1a"), visit.pk, other, None)
    app.text_area(key=key(app, visit, "summary")).input("手机上写的")
    app.button(key=f"hand_in_{visit.pk}").click().run()  # nothing is handed in before it is told
    assert refreshed(Visit, visit.pk).state is VisitState.PLANNED
    assert "另一台设备" in texts(app)
    assert "另一台设备" in app.toast[-1].value
    app.button(key=key(app, visit, "use_other")).click().run()
    assert app.text_area(key=key(app, visit, "summary")).value == "电脑上写的"


def test_a_draft_whose_promised_day_has_passed_opens_and_the_hand_in_says_so(world: World, open_app: OpenApp) -> None:
    visit = world.visit("one", "worker_1a")
    promised = PromiseEntry(uid="1", text="我去问", due_on=clock.today() + timedelta(days=1))
    draft = Content(
        mode="on_site", outcome="met", met_person="赵厂长", answers={"state": "steady"}, promises=[promised]
    )
    drafts.save_draft(world.actor("worker_1a"), visit.pk, draft, None)
    clock.advance(timedelta(days=3))
    app = open_record(open_app, world, visit)
    assert not app.exception
    assert app.text_input(key=key(app, visit, "promise_1_text")).value == "我去问"
    assert app.date_input(key=key(app, visit, "promise_1_due")).value == promised.due_on
    app.button(key=f"hand_in_{visit.pk}").click().run()
    assert list(app.session_state[f"visit_entry_{visit.pk}"].problems) == ["promises.1.due_on"]
    assert "承诺日期不能早于今天" in texts(app)
    assert refreshed(Visit, visit.pk).state is VisitState.PLANNED


def test_a_recorded_visit_is_told_in_words(world: World, open_app: OpenApp) -> None:
    visit = recorded(world.visit("one", "worker_1a"))
    assert "已提交过记录" in texts(open_record(open_app, world, visit))


def test_a_visit_taken_back_while_it_is_recorded_is_told(world: World, open_app: OpenApp) -> None:
    visit = world.visit("one", "worker_1a")
    app = met(open_record(open_app, world, visit), visit)
    assignment.take_back(world.actor("lead_a"), [visit.pk])
    app.text_area(key=key(app, visit, "summary")).input("谈了").run()
    assert "已被队长收回" in texts(app)


def test_another_day_for_the_visit_loses_nothing_that_is_being_typed(world: World, open_app: OpenApp) -> None:
    visit = world.visit("one", "worker_1a")
    app = met(open_record(open_app, world, visit), visit)
    app.text_input(key=key(app, visit, "met_person")).input("赵厂长").run()
    app.pills(key=key(app, visit, "answers_state")).select("steady").run()
    app.text_area(key=key(app, visit, "summary")).input("谈了半小时")
    lead, worker, tomorrow = world.actor("lead_a"), world.people["worker_1a"].pk, clock.today() + timedelta(days=1)
    assignment.move(lead, [visit.pk], assignee_id=worker, planned_on=tomorrow)
    app.button(key=f"hand_in_{visit.pk}").click().run()
    assert not app.exception
    stored = refreshed(Visit, visit.pk)
    assert (stored.state, stored.summary, stored.planned_on) == (VisitState.RECORDED, "谈了半小时", tomorrow)


def test_a_visit_given_to_somebody_else_while_it_is_recorded_is_refused(world: World, open_app: OpenApp) -> None:
    visit = world.visit("one", "worker_1a")
    app = met(open_record(open_app, world, visit), visit)
    assignment.move(world.actor("lead_a"), [visit.pk], assignee_id=world.people["worker_2a"].pk)
    app.text_area(key=key(app, visit, "summary")).input("谈了").run()
    assert "不存在" in texts(app)
    assert refreshed(Visit, visit.pk).state is VisitState.PLANNED


def test_an_unplanned_visit_is_begun_from_the_day(world: World, open_app: OpenApp) -> None:
    recorded(world.visit("two", "worker_2a"), days_ago=2, outcome="met")
    app = open_app(world.people["worker_1a"], TODAY)
    app.selectbox(key="unplanned_enterprise").set_value(world.enterprises["two"].pk).run()
    assert "worker\\_2a" in texts(app)
    app.button(key="unplanned_begin").click().run()
    visit = everything(Visit)[-1]
    assert (visit.enterprise_id, visit.assignee_id) == (world.enterprises["two"].pk, world.people["worker_1a"].pk)


@pytest.mark.parametrize("who", ["manager", "coordinator"])
def test_who_records_nothing_has_no_such_page(world: World, open_app: OpenApp, who: str) -> None:
    from streamlit.errors import StreamlitAPIException

    with pytest.raises((StreamlitAPIException, ValueError)):
        open_app(world.people[who], TODAY)


def test_nothing_is_left_of_a_draft_after_the_hand_in(world: World, open_app: OpenApp) -> None:
    visit = world.visit("one", "worker_1a")
    app = open_record(open_app, world, visit)
    app.pills(key=key(app, visit, "mode")).select("phone").run()
    app.pills(key=key(app, visit, "outcome")).select("refused").run()
    app.text_area(key=key(app, visit, "summary")).input("没空").run()
    app.button(key=f"hand_in_{visit.pk}").click().run()
    from sqlmodel import select

    from core.db import transaction
    from services.actor import SYSTEM

    with transaction(actor=SYSTEM) as session:
        assert not session.exec(select(VisitDraft)).all()
