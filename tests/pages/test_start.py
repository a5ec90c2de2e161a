"""The start page of each role."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from core.db import transaction
from core.settings import settings
from models.account import Account
from models.outbox import OutboxMessage
from services.actor import SYSTEM
from services.backups import planning
from tests.pages.conftest import OpenApp


@pytest.fixture
def start(open_app: OpenApp, demo_database: str) -> Callable[[str], AppTest]:
    """Return a function that opens the start page for a demonstration account."""
    assert demo_database

    def open_for(username: str) -> AppTest:
        with transaction(actor=SYSTEM) as session:
            account = session.exec(select(Account).where(Account.username == username)).one()
        return open_app(account)

    return open_for


def _shown(app: AppTest) -> str:
    texts = [str(each.value) for each in [*app.title, *app.subheader, *app.markdown, *app.caption]]
    return "\n".join([*texts, *(each.label for each in [*app.button, *app.expander])])


@pytest.mark.parametrize(
    ("username", "expected"),
    [
        ("coordinator", ["待分派企业", "政务服务进千企“回头看”", "我的待办"]),
        ("lead", ["待分派企业", "我的队伍", "正在开展的活动"]),
        ("manager", ["总览", "政务服务进千企“回头看”", "进度落后的队伍", "需要决策"]),
        ("officer", ["问题办理"]),
    ],
)
def test_each_role_starts_with_what_waits_for_it(
    start: Callable[[str], AppTest], username: str, expected: list[str]
) -> None:
    app = start(username)

    assert not app.exception
    assert [text for text in expected if text not in _shown(app)] == []


def test_a_worker_records_the_first_visit_with_one_tap(start: Callable[[str], AppTest]) -> None:
    app = start("worker")

    assert not app.exception
    assert [metric.label for metric in app.metric][:2] == ["今日待访", "已逾期"]
    assert any(str(button.key).startswith("record_") for button in app.button)


def test_an_administrator_sees_how_the_product_is(start: Callable[[str], AppTest]) -> None:
    app = start("admin")

    assert not app.exception
    assert next(metric.label for metric in app.metric) == "启用账号"


@pytest.mark.parametrize(("mode", "warned"), [("production", True), ("demo", False)])
def test_an_administrator_of_real_data_is_warned_that_no_backups_are_made(
    start: Callable[[str], AppTest], monkeypatch: pytest.MonkeyPatch, mode: str, warned: bool
) -> None:
    monkeypatch.setenv("QIANQI_MODE", mode)
    settings.cache_clear()

    assert any("QIANQI_BACKUP_DIR" in each.value for each in start("admin").warning) is warned


def test_an_administrator_sees_a_backup_that_failed_and_one_that_was_made(
    start: Callable[[str], AppTest], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("QIANQI_BACKUP_DIR", str(tmp_path))
    settings.cache_clear()
    planning.plan()
    with transaction() as session:
        owed = session.exec(select(OutboxMessage).where(OutboxMessage.topic == planning.TOPIC)).one()
        owed.error = "UserError: no room"

    failed = start("admin")
    with transaction() as session:
        session.exec(select(OutboxMessage).where(OutboxMessage.topic == planning.TOPIC)).one().error = ""
    planning.run({})
    made = start("admin")

    assert any("no room" in each.value and "尚无备份" in each.value for each in failed.error)
    assert not made.error
    assert "最近一次备份" in _shown(made)


def test_what_the_page_left_for_carried_is_not_in_the_address(open_app: OpenApp, demo_database: str) -> None:
    """Given the address the browser's back button leads to, when it is opened, then nothing of the target is in it."""
    assert demo_database
    with transaction(actor=SYSTEM) as session:
        account = session.exec(select(Account).where(Account.username == "coordinator")).one()
    app = open_app(account)
    app.query_params["remaining"] = "overdue"
    app.run()

    assert not app.exception
    assert "remaining" not in app.query_params
