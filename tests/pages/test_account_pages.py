"""The pages of accounts, sign-ins, the audit log and one's own account."""

import pytest
from streamlit.testing.v1 import AppTest

from models.account import Account, Department, Role
from services import accounts
from services.accounts import set_password
from tests import factories as given
from tests.pages.conftest import OpenApp

pytestmark = pytest.mark.usefixtures("database")

PASSWORD, NEW = "correct-horse-42", "battery-staple-7"


def person(role: Role, **more: object) -> Account:
    made = Account(username="lina", name="李娜", role=role, **{"must_change_password": False, **more})
    set_password(made, PASSWORD)
    return given.stored(made)


def test_the_search_that_finds_nobody_says_so(open_app: OpenApp) -> None:
    app = open_app(person(Role.ADMINISTRATOR), "pages/admin/accounts.py")

    app.text_input(key="search").set_value("没有这个人").run()

    assert "没有符合条件的账号" in [each.value.strip("*") for each in app.markdown]


def _panel(account_id: int) -> None:
    from models.account import Role
    from pages.admin.account_panel import panel
    from services import accounts
    from services.entities import Query, fetch, find
    from tests import factories

    admin = factories.actor(Role.ADMINISTRATOR)
    row, specs = fetch(admin, accounts.ACCOUNTS, account_id), find(admin, accounts.ACCOUNTS, Query()).specs
    panel(admin, row, specs)


def test_an_account_keeps_its_department_that_is_inactive() -> None:
    department = given.stored(Department(name="行政审批服务局", active=False))
    officer = given.account(Role.DEPARTMENT_OFFICER, "王建华", department_id=department.pk)
    app = AppTest.from_function(_panel, args=(officer.pk,)).run()

    app.text_input(key=f"account_{officer.pk}_name").set_value("王建国").run()
    app.button(key="save").click().run()

    assert not app.exception
    (stored,) = given.rows(Account, lambda row: row.id == officer.id)
    assert (stored.name, stored.department_id) == ("王建国", department.pk)


def test_the_audit_log_is_filtered_and_says_what_changed(open_app: OpenApp) -> None:
    admin = person(Role.ADMINISTRATOR)
    accounts.create(given.acting(admin), {"username": "wang.li", "name": "王丽", "role": "manager", "active": True})
    app = open_app(admin, "pages/admin/audit.py")

    app.selectbox(key="verb").set_value("created").run()
    app.text_input(key="person").set_value("lina").run()

    told = "\n".join(each.value for each in app.markdown)
    assert "**李娜** 新建 · 账号 王丽" in told
    assert ":gray[角色]  领导" in told
    assert "登录" not in told


@pytest.mark.parametrize("page", ["admin/accounts.py", "admin/sessions.py", "admin/audit.py"])
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.MANAGER])
def test_nobody_but_administrators_opens_their_pages(open_app: OpenApp, role: Role, page: str) -> None:
    with pytest.raises(ValueError, match="navigation page"):
        open_app(person(role), f"pages/{page}")


def test_people_end_their_other_sign_ins(open_app: OpenApp) -> None:
    made = person(Role.MANAGER)
    token = accounts.sign_in("lina", PASSWORD, ip="10.0.0.9", user_agent="Chrome Windows")
    app = open_app(made, "pages/account/profile.py")

    next(button for button in app.button if str(button.key).startswith("end_")).click().run()

    assert accounts.actor_for(token) is None
    assert [toast.value for toast in app.toast] == ["该设备已退出登录。"]


def test_a_first_password_is_all_there_is_until_it_is_changed(open_app: OpenApp) -> None:
    app = open_app(person(Role.COORDINATOR, must_change_password=True))
    assert "您是首次登录" in app.info[0].value

    app.text_input(key="present").set_value(PASSWORD)
    app.text_input(key="new").set_value(NEW)
    app.text_input(key="again").set_value(NEW + "x")
    app.button(key="change").click().run()
    assert app.error[0].value == "两次输入的新密码不一致。"

    app.text_input(key="again").set_value(NEW)
    app.button(key="change").click().run()
    assert accounts.sign_in("lina", NEW, ip="10.0.0.9", user_agent="x")
    assert not app.info
