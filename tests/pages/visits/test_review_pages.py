"""Review, list, promises and the single record as Streamlit runs them."""

from datetime import timedelta

from core import clock
from models.campaign import FormVersion
from models.fields import FieldKind, FieldSpec
from models.visit import Outcome, Promise, Visit, VisitState
from tests.pages.conftest import OpenApp
from tests.pages.visits.test_record_page import texts
from tests.visit_world import World, one, recorded, refreshed


def test_a_lead_reads_a_record_and_returns_it(world: World, open_app: OpenApp) -> None:
    visit = recorded(
        world.visit("one", "worker_1a"), outcome=Outcome.MET, mode="on_site", summary="谈得好", met_person="王经理"
    )
    app = open_app(world.people["lead_a"], "pages/visits/review.py")
    assert not app.exception
    assert "王经理" in texts(app)
    app.text_area(key=f"reason_{visit.pk}").input("请补充诉求").run()
    app.button(key=f"return_{visit.pk}_yes").click().run()
    assert refreshed(Visit, visit.pk).state is VisitState.RETURNED
    assert "请补充诉求" in texts(app)


def test_a_return_without_a_reason_is_refused_in_words(world: World, open_app: OpenApp) -> None:
    visit = recorded(world.visit("one", "worker_1a"), outcome=Outcome.MET)
    app = open_app(world.people["lead_a"], "pages/visits/review.py")
    app.button(key=f"return_{visit.pk}_yes").click().run()
    assert "请说明缺少什么" in texts(app)


def test_the_record_shown_stays_when_another_comes_before_it(world: World, open_app: OpenApp) -> None:
    """Given the latest record open, when a later one comes while the lead types, the lead still returns the first."""
    shown = recorded(world.visit("one", "worker_1a"), days_ago=1, outcome=Outcome.MET)
    app = open_app(world.people["lead_a"], "pages/visits/review.py")
    later = recorded(world.visit("two", "worker_1a"), outcome=Outcome.MET)

    app.text_area(key=f"reason_{shown.pk}").input("请补充诉求").run()
    app.button(key=f"return_{shown.pk}_yes").click().run()

    assert list(app.dataframe[0].value["enterprise"]) == ["two公司", "one公司"]
    assert refreshed(Visit, shown.pk).state is VisitState.RETURNED
    assert refreshed(Visit, later.pk).state is VisitState.RECORDED


def test_moved_away_is_confirmed_on_the_page(world: World, open_app: OpenApp) -> None:
    visit = recorded(world.visit("one", "worker_1a"), outcome=Outcome.MOVED_AWAY, summary="厂房已空")
    app = open_app(world.people["lead_a"], "pages/visits/review.py")
    app.button(key=f"moved_{visit.pk}").click().run()
    from models.enterprise import Enterprise, EnterpriseStatus

    assert refreshed(Enterprise, visit.enterprise_id).status is EnterpriseStatus.MOVED_AWAY


def test_a_record_of_another_team_is_not_there(world: World, open_app: OpenApp) -> None:
    visit = recorded(world.visit("far", "worker_3b"), outcome=Outcome.MET)
    assert "不存在" in texts(open_app(world.people["lead_a"], "pages/visits/record_view.py", visit=visit.pk))


def test_the_list_shows_names_instead_of_numbers(world: World, open_app: OpenApp) -> None:
    world.visit("one", "worker_1a")
    app = open_app(world.people["manager"], "pages/visits/list.py")
    assert not app.exception
    table = app.dataframe[0].value
    assert list(table["enterprise_id"]) == ["one公司"]
    assert list(table["state"]) == ["待走访"]
    app.multiselect(key="visit_filter_state").set_value([VisitState.RECORDED]).run()
    assert not app.dataframe


def test_a_card_of_the_list_opens_the_record(world: World, open_app: OpenApp) -> None:
    visit = recorded(world.visit("one", "worker_1a"), outcome=Outcome.MET, met_person="王经理")
    app = open_app(world.people["manager"], "pages/visits/list.py")
    app.button(key=f"visit_open_{visit.pk}").click().run()
    assert "王经理" in texts(app)


def test_a_manager_reads_list_and_record_without_anybodys_phone_number(world: World, open_app: OpenApp) -> None:
    """Given a record that tells numbers, in a column nobody shows at first too, a manager sees them masked."""
    question = FieldSpec(key="q9", label="财务电话", kind=FieldKind.PHONE)
    asked = [question.model_dump(mode="json")]
    form = one(FormVersion(campaign_id=world.campaign.pk, version=2, questions=asked))
    given = {"met_phone": "+8613900000002", "form_version_id": form.pk, "answers": {"q9": "+8613900000003"}}
    visit = recorded(world.visit("one", "worker_1a"), outcome=Outcome.MET, **given)

    app = open_app(world.people["manager"], "pages/visits/list.py", _columns="met_phone")
    record = texts(open_app(world.people["manager"], "pages/visits/record_view.py", visit=visit.pk))

    assert list(app.dataframe[0].value["met_phone"]) == ["139****0002"]
    assert "0000003" not in record
    assert "139\\*\\*\\*\\*0003" in record


def test_a_promise_is_kept_on_the_page(world: World, open_app: OpenApp) -> None:
    visit = recorded(world.visit("one", "worker_1a"), outcome=Outcome.MET)
    made = one(
        Promise(
            enterprise_id=visit.enterprise_id, visit_id=visit.pk, promised_by_id=visit.assignee_id, text="答复贷款",
            due_on=clock.today() - timedelta(days=1),
        )
    )  # fmt: skip
    app = open_app(world.people["worker_1a"], "pages/visits/promises.py")
    assert ":red-badge[" in texts(app)
    app.text_input(key=f"note_{made.pk}").input("已电话答复").run()
    app.button(key=f"keep_{made.pk}_yes").click().run()
    assert refreshed(Promise, made.pk).kept_note == "已电话答复"
    assert "没有待兑现的承诺" in texts(app)
