"""The page that registers an issue, as Streamlit runs it."""

import pytest
from streamlit.testing.v1 import AppTest

from core.db import transaction
from models.configuration import Extensible, ExtraField
from models.fields import FieldKind
from models.issue import Issue, IssueKind, IssueState
from models.issue_log import IssueLink, LinkKind
from services.actor import SYSTEM
from services.issues import by_hand
from tests import factories
from tests.issue_world import IssueWorld
from tests.pages.conftest import OpenApp, PressedTwice

REGISTER = "pages/issues/register.py"
POWER = "夏季用电高峰经常限电，影响窑炉连续生产。"


def key(app: AppTest, name: str) -> str:
    """Return the present key of a field: each generation of fields has its own."""
    return str(app.session_state["issue_entry"].key(name))


def fill(app: AppTest, text: str = POWER) -> AppTest:
    app.pills(key=key(app, "kind")).select("difficult_issue").run()
    app.text_area(key=key(app, "text")).input(text).run()
    return app.selectbox(key=key(app, "category")).select("要素保障 / 供电").run()


def texts(app: AppTest) -> str:
    return "\n".join(each.value for each in (*app.markdown, *app.caption, *app.success, *app.error))


def test_a_need_of_the_profiles_enterprise_is_registered(world: IssueWorld, open_app: OpenApp) -> None:
    """Given the enterprise in the address, when the rest is entered, then the number is told and the row is there."""
    enterprise = world.enterprises["A"]
    app = open_app(world.people["worker_a"], REGISTER, enterprise=enterprise.pk)
    assert app.selectbox(key=key(app, "enterprise")).value == enterprise.pk
    fill(app)
    app.checkbox(key=key(app, "resolved")).check().run()
    app.text_input(key=key(app, "solution")).input("现场联系供电所").run()
    app.button(key="register").click().run()

    assert not app.exception
    assert "QY-2023-000001" in texts(app)
    issue = factories.rows(Issue)[0]
    assert (issue.enterprise_id, issue.kind, issue.category) == (enterprise.pk, IssueKind.DIFFICULT_ISSUE, "power")
    assert (issue.state, issue.solution) == (IssueState.RESOLVED_ON_SITE, "现场联系供电所")

    assert app.file_uploader, "photos can be attached at once"
    app.button(key="same").click().run()
    assert app.selectbox(key=key(app, "enterprise")).value == enterprise.pk
    assert app.text_area(key=key(app, "text")).value == ""


def test_a_hurried_second_press_registers_nothing_more(
    world: IssueWorld, open_app: OpenApp, pressed_twice: PressedTwice
) -> None:
    """Given a need entered, when its button is pressed again meanwhile, then there is one, and its number is told."""
    app = fill(open_app(world.people["worker_a"], REGISTER, enterprise=world.enterprises["A"].pk))
    calls = pressed_twice(by_hand, "register_by_hand")

    app.button(key="register").click().run()

    assert not app.exception
    assert len(calls) == 1
    assert [issue.number for issue in factories.rows(Issue)] == ["QY-2023-000001"]
    assert "QY-2023-000001" in texts(app)
    app.button(key="same").click().run()
    assert app.text_area(key=key(app, "text")).value == ""


def test_what_is_missing_is_told_beside_its_field_and_goes_once_put_right(world: IssueWorld, open_app: OpenApp) -> None:
    """Given an empty form, when it is registered, then each field says what is missing until it no longer is."""
    factories.stored(
        ExtraField(entity=Extensible.ISSUE, key="hotline", label="热线", kind=FieldKind.TEXT, required=True)
    )
    app = open_app(world.people["worker_a"], REGISTER)
    app.button(key="register").click().run()
    assert "请选择企业。" in texts(app)
    assert "4 处标红" in texts(app)

    fill(app)
    assert "2 处标红" in texts(app)
    app.selectbox(key=key(app, "enterprise")).select("A 企业有限公司").run()
    app.text_input(key=key(app, "x_hotline")).input("12345").run()
    assert "标红" not in texts(app)
    app.button(key="register").click().run()
    assert factories.rows(Issue)[0].extra == {"hotline": "12345"}


def test_an_own_field_appears_after_the_answer_it_is_asked_after(world: IssueWorld, open_app: OpenApp) -> None:
    """Given a field asked after a kind, when that kind is chosen, then the field is there and its value is kept."""
    factories.stored(
        ExtraField(
            entity=Extensible.ISSUE, key="volt", label="电压", kind=FieldKind.TEXT, shown_if=["kind=difficult_issue"]
        )
    )
    app = open_app(world.people["worker_a"], REGISTER, enterprise=world.enterprises["A"].pk)
    assert "电压" not in [each.label for each in app.text_input]

    fill(app)
    app.text_input(key=key(app, "x_volt")).input("380").run()
    app.button(key="register").click().run()

    assert factories.rows(Issue)[0].extra == {"volt": "380"}


def test_what_may_be_the_same_is_offered_and_linked(world: IssueWorld, open_app: OpenApp) -> None:
    """Given a need registered before, when it is entered again, then it is offered, explained and linked."""
    first = world.register(text=POWER, category="power")
    app = open_app(world.people["worker_a"], REGISTER, enterprise=world.enterprises["A"].pk)
    fill(app, "用电高峰老是限电，窑炉不能连续生产")
    assert "可能已登记过" in [each.value for each in app.subheader]
    assert "同一企业、同一类别" in texts(app)

    app.pills(key=key(app, f"link_{first}")).select("duplicate").run()
    assert app.button(key="register").label == "登记并关联"
    app.button(key="register").click().run()

    assert not app.exception
    assert "QY-2023-000002" in texts(app)
    assert world.row(first).number in texts(app)
    with transaction(actor=SYSTEM) as session:
        row = session.get_one(IssueLink, (first, first + 1))
    assert row.kind is LinkKind.DUPLICATE


def test_what_is_entered_outlives_another_page(world: IssueWorld, open_app: OpenApp) -> None:
    """Given a half-entered need, when another page is opened and left, then nothing is lost."""
    app = open_app(world.people["lead_a"], REGISTER, enterprise=world.enterprises["A"].pk)
    fill(app)
    app.selectbox(key=key(app, "receiver")).select("worker_a").run()
    app.switch_page("../home/start.py").run()
    app.switch_page("../issues/register.py").run()

    assert app.text_area(key=key(app, "text")).value == POWER
    assert app.selectbox(key=key(app, "category")).value == "power"
    assert app.selectbox(key=key(app, "receiver")).value == world.people["worker_a"].pk
    app.button(key="register").click().run()
    assert factories.rows(Issue)[0].first_receiver_id == world.people["worker_a"].pk


def test_where_enterprises_are_many_one_is_searched(
    world: IssueWorld, open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given more enterprises than a list holds, when a part of a name is typed, then it is found and can be changed."""
    monkeypatch.setattr(by_hand, "FEW", 1)
    app = open_app(world.people["coordinator"], REGISTER)
    app.text_input(key=key(app, "search")).input("B 企业").run()
    app.button(key=f"enterprise_{world.enterprises['B'].pk}").click().run()
    assert "B 企业有限公司" in texts(app)
    fill(app)
    app.button(key="enterprise_another").click().run()
    app.text_input(key=key(app, "search")).input("没有").run()
    assert "没有找到" in texts(app)
    app.text_input(key=key(app, "search")).input("A 企业").run()
    app.button(key=f"enterprise_{world.enterprises['A'].pk}").click().run()
    app.button(key="register").click().run()

    issue = factories.rows(Issue)[0]
    assert (issue.enterprise_id, issue.text) == (world.enterprises["A"].pk, POWER)


@pytest.mark.parametrize("who", ["officer_x", "manager", "admin"])
def test_who_registers_nothing_has_no_such_page(world: IssueWorld, open_app: OpenApp, who: str) -> None:
    """Given a role without the permission, when the page is asked for, then it is not there."""
    from streamlit.errors import StreamlitAPIException

    with pytest.raises((StreamlitAPIException, ValueError)):
        open_app(world.people[who], REGISTER)
