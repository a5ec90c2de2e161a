"""The pages of enterprises, for people of the demonstration."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlmodel import col, select
from streamlit.testing.v1 import AppTest

from core.db import transaction
from models.account import Account
from models.area import Area
from models.configuration import Extensible, ExtraField
from models.enterprise import Enterprise, EnterpriseStatus
from models.fields import FieldKind
from models.issue import Issue, IssueState
from models.visit import Attachment, Outcome, Visit
from services import files
from services.actor import SYSTEM
from services.enterprises import duplicates, entity
from tests import factories
from tests.pages.conftest import OpenApp, PressedTwice
from tests.people import acting

LIST, PROFILE, EDIT, TWICE = (f"../enterprises/{name}.py" for name in ("list", "profile", "edit", "duplicates"))


def _one(statement: Any) -> Any:
    with transaction(actor=SYSTEM) as session:
        return session.exec(statement).first()


def _account(username: str) -> Account:
    account: Account = _one(select(Account).where(Account.username == username))
    return account


def _asked(app: AppTest, page: str, enterprise_id: int) -> AppTest:
    app.switch_page(page)
    app.query_params["enterprise"] = str(enterprise_id)
    return app.run()


def _texts(app: AppTest) -> str:
    return "\n".join(
        str(each.value) for each in [*app.title, *app.caption, *app.markdown, *app.warning, *app.error, *app.exception]
    )


@pytest.mark.parametrize(
    ("username", "editor"), [("coordinator", True), ("lead", True), ("worker", False), ("manager", False)]
)
def test_the_list_shows_each_role_theirs_and_the_buttons_they_may_use(
    open_app: OpenApp, demo_database: str, username: str, editor: bool
) -> None:
    app = open_app(_account(username), LIST)

    assert demo_database
    assert not app.exception
    assert len(app.dataframe) == 1
    assert bool([button for button in app.button if button.key == "new"]) == editor


def test_search_narrows_and_an_empty_result_says_what_to_do(open_app: OpenApp, demo_database: str) -> None:
    app = open_app(_account("coordinator"), LIST)

    app.text_input(key="enterprise_search").input("传感器").run()
    names = app.dataframe[0].value["name"]
    app.text_input(key="enterprise_search").input("没有这样的名字").run()

    assert demo_database
    assert len(names)
    assert all("传感器" in name for name in names)
    assert "没有符合条件的记录" in _texts(app)


def test_the_profile_shows_what_is_waiting(open_app: OpenApp, demo_database: str) -> None:
    issue = _one(select(Issue).where(Issue.state == IssueState.REGISTERED))

    app = _asked(open_app(_account("coordinator")), PROFILE, issue.enterprise_id)

    assert demo_database
    assert not app.exception
    assert issue.number in {button.label for button in app.button}
    assert "企业需要我们做什么" in _texts(app)


def test_an_outsider_reads_that_there_is_nothing(open_app: OpenApp, demo_database: str) -> None:
    lead = acting("lead")
    below = select(Area.id).where(col(Area.path).startswith(lead.area_paths[0]))
    foreign = _one(select(Enterprise).where(col(Enterprise.area_id).not_in(below)))

    app = _asked(open_app(_account("worker")), PROFILE, foreign.pk)

    assert demo_database
    assert foreign.name not in _texts(app)
    assert "不存在" in _texts(app)


def test_closing_down_shows_at_once(open_app: OpenApp, demo_database: str) -> None:
    enterprise = _one(select(Enterprise).where(Enterprise.status == EnterpriseStatus.ACTIVE))
    app = _asked(open_app(_account("coordinator")), PROFILE, enterprise.pk)

    app.button(key="status_closed").click().run()

    assert demo_database
    assert _one(select(Enterprise.status).where(Enterprise.id == enterprise.pk)) is EnterpriseStatus.CLOSED


def test_the_form_says_which_rule_a_credit_code_breaks(open_app: OpenApp, demo_database: str) -> None:
    enterprise = _one(select(Enterprise).where(Enterprise.credit_code != ""))
    app = _asked(open_app(_account("coordinator")), EDIT, enterprise.pk)

    app.text_input(key=f"enterprise_{enterprise.pk}_credit_code").input("91350100M000100Y44").run()
    app.button(key="save").click().run()

    assert demo_database
    assert "校验码不符" in _texts(app)
    assert _one(select(Enterprise.credit_code).where(Enterprise.id == enterprise.pk)) == enterprise.credit_code


def _corrected(open_app: OpenApp, enterprise_id: int) -> Enterprise:
    """Correct the address of an enterprise on its page and return what is stored."""
    app = _asked(open_app(_account("coordinator")), EDIT, enterprise_id)
    app.text_input(key=f"enterprise_{enterprise_id}_address").input("新地址 1 号").run()
    app.button(key="save").click().run()
    assert not app.exception
    stored: Enterprise = _one(select(Enterprise).where(Enterprise.id == enterprise_id))
    return stored


def test_a_value_that_is_no_longer_a_choice_outlives_a_change_of_another_field(
    open_app: OpenApp, demo_database: str
) -> None:
    """Given values no choice stands for any more, when another field is corrected, then they are still there."""
    enterprise = _one(select(Enterprise).where(Enterprise.credit_code != ""))
    for key, kind in (("level", FieldKind.CHOICE), ("marks", FieldKind.CHOICES)):
        factories.stored(ExtraField(entity=Extensible.ENTERPRISE, key=key, label=key, kind=kind, options="b | 乙"))
    extra = {"level": "a", "marks": ["b", "c"]}
    with transaction(actor=SYSTEM) as session:
        session.get_one(Enterprise, enterprise.pk).extra = extra

    stored = _corrected(open_app, enterprise.pk)

    assert demo_database
    assert (stored.address, stored.extra) == ("新地址 1 号", extra)


def test_an_enterprise_keeps_its_area_that_is_inactive(open_app: OpenApp, demo_database: str) -> None:
    enterprise = _one(select(Enterprise).where(Enterprise.credit_code != ""))
    with transaction(actor=SYSTEM) as session:
        session.get_one(Area, enterprise.area_id).active = False

    stored = _corrected(open_app, enterprise.pk)

    assert demo_database
    assert (stored.address, stored.area_id) == ("新地址 1 号", enterprise.area_id)


def test_an_own_field_appears_after_the_answer_it_is_asked_after(open_app: OpenApp, demo_database: str) -> None:
    """Given a field asked of what closed down, when that is chosen, then it is there, asked for and kept."""
    enterprise = _one(select(Enterprise).where(Enterprise.credit_code != ""))
    factories.stored(
        ExtraField(
            entity=Extensible.ENTERPRISE, key="why", label="停业原因", kind=FieldKind.TEXT, required=True,
            shown_if=["status=closed"],
        )
    )  # fmt: skip
    app, key = _asked(open_app(_account("coordinator")), EDIT, enterprise.pk), f"enterprise_{enterprise.pk}"
    assert not [each for each in app.text_input if each.key == f"{key}_why"]

    app.pills(key=f"{key}_status").set_value("closed").run()
    app.button(key="save").click().run()
    asked = _texts(app)
    app.text_input(key=f"{key}_why").input("搬迁").run()
    app.button(key="save").click().run()

    assert demo_database
    assert "停业原因" in asked
    stored = _one(select(Enterprise).where(Enterprise.id == enterprise.pk))
    assert (stored.status, stored.extra["why"]) == (EnterpriseStatus.CLOSED, "搬迁")


def test_two_windows_on_one_enterprise_do_not_undo_each_other(open_app: OpenApp, demo_database: str) -> None:
    """Given two windows, when each changes another field and saves, then both changes are there."""
    enterprise = _one(select(Enterprise).where(Enterprise.credit_code != ""))
    one, other = (_asked(open_app(_account("coordinator")), EDIT, enterprise.pk) for _window in range(2))

    one.text_input(key=f"enterprise_{enterprise.pk}_legal_representative").set_value("王新").run()
    one.button(key="save").click().run()
    other.text_area(key=f"enterprise_{enterprise.pk}_note").set_value("已核对").run()
    other.button(key="save").click().run()

    assert demo_database
    assert not one.exception
    assert not other.exception
    stored = _one(select(Enterprise).where(Enterprise.id == enterprise.pk))
    assert (stored.legal_representative, stored.note) == ("王新", "已核对")


def test_two_windows_that_change_the_same_ask_whose_stays(open_app: OpenApp, demo_database: str) -> None:
    enterprise = _one(select(Enterprise).where(Enterprise.credit_code != ""))
    one, other = (_asked(open_app(_account("coordinator")), EDIT, enterprise.pk) for _window in range(2))
    key = f"enterprise_{enterprise.pk}"

    for window, name in ((one, "王新"), (other, "李新")):
        window.text_input(key=f"{key}_legal_representative").set_value(name).run()
        window.button(key="save").click().run()

    assert demo_database
    assert "他人刚刚修改了\uff1a法定代表人" in _texts(other)
    assert "法定代表人现为\uff1a王新" in _texts(other)
    assert other.text_input(key=f"{key}_legal_representative").value == "李新"
    assert _one(select(Enterprise.legal_representative).where(Enterprise.id == enterprise.pk)) == "王新"

    other.button(key=f"_began_{key}_mine").click().run()

    assert _one(select(Enterprise.legal_representative).where(Enterprise.id == enterprise.pk)) == "李新"


def test_a_similar_name_is_shown_before_both_are_kept(open_app: OpenApp, demo_database: str) -> None:
    known = _one(select(Enterprise).where(Enterprise.credit_code != ""))
    app = open_app(_account("coordinator"), EDIT)
    app.text_input(key="enterprise_new_name").input(known.name + "(山东)").run()
    app.selectbox(key="enterprise_new_area_id").set_value(known.area_id).run()

    app.button(key="save").click().run()
    asked = _texts(app)
    app.button(key="knowing").click().run()

    assert demo_database
    assert known.name in asked
    assert _one(select(Enterprise).where(Enterprise.name == known.name + "(山东)")) is not None


def test_a_hurried_second_press_enters_one_enterprise(
    open_app: OpenApp, demo_database: str, pressed_twice: PressedTwice
) -> None:
    """Given a similar name kept knowingly, when its button is pressed again meanwhile, then one profile is open."""
    known = _one(select(Enterprise).where(Enterprise.credit_code != ""))
    app = open_app(_account("coordinator"), EDIT)
    app.text_input(key="enterprise_new_name").input(known.name + "(威海)").run()
    app.selectbox(key="enterprise_new_area_id").set_value(known.area_id).run()
    app.button(key="save").click().run()
    pressed_twice(entity, "save")

    app.button(key="knowing").click().run()

    assert demo_database
    assert not app.exception
    made = _one(select(Enterprise.id).where(Enterprise.name == known.name + "(威海)"))
    assert app.query_params["enterprise"] == str(made)


def test_a_pair_that_is_two_is_not_shown_again(open_app: OpenApp, demo_database: str) -> None:
    pair = duplicates.pairs(acting("coordinator"))[0]
    app = open_app(_account("coordinator"), TWICE)

    app.button(key=f"both_{pair.first.id}_{pair.second.id}").click().run()

    assert demo_database
    assert not app.exception
    assert pair.first.id not in {each.first.id for each in duplicates.pairs(acting("coordinator"))}


def test_merging_asks_first(open_app: OpenApp, demo_database: str) -> None:
    pair = duplicates.pairs(acting("coordinator"))[0]
    app = open_app(_account("coordinator"), TWICE)
    key = f"merge_{pair.first.id}_{pair.first.id}_{pair.second.id}"

    app.button(key=f"{key}_yes").click().run()

    assert demo_database
    assert _one(select(Enterprise).where(Enterprise.id == pair.second.id)) is None


def test_a_photo_stands_on_the_time_line_and_a_lost_one_is_told(open_app: OpenApp, demo_database: str) -> None:
    visit = _one(select(Visit).where(Visit.outcome == Outcome.MET))
    picture = BytesIO()
    Image.new("RGB", (400, 300), "navy").save(picture, "PNG")
    kept = files.store(picture.getvalue())
    with transaction(actor=SYSTEM) as session:
        for name, sha256 in (("厂门.png", kept.sha256), ("lost.png", "0" * 64)):
            session.add(
                Attachment(
                    subject="visit", subject_id=visit.pk, file_name=name, media_type="image/png", size=kept.size,
                    sha256=sha256, uploaded_by_id=visit.assignee_id,
                )
            )  # fmt: skip

    app = _asked(open_app(_account("coordinator")), PROFILE, visit.enterprise_id)

    assert demo_database
    assert not app.exception
    assert len(app.get("image")) == 1
    assert "该文件已不存在" in _texts(app)
