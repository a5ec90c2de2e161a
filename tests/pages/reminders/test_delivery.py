"""The delivery log, and the banner that warns administrators above every page."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core import queue as core_queue
from core.settings import settings
from models.account import Role
from models.audit import AuditEntry
from models.outbox import OutboxMessage
from models.reminder import Delivery, DeliveryState, Reminder, ReminderState
from pages.reminders.log import reminders, sendings, sheet
from services.delivery_log import numbers, pulse
from services.delivery_log.deliveries import SendingQuery
from services.delivery_log.query import Query
from tests import factories, log_world
from tests.pages.conftest import OpenApp

pytestmark = pytest.mark.usefixtures("queue")
_PAGE = "pages/reminders/delivery.py"


@pytest.fixture(autouse=True)
def found_out_anew(frozen_clock: datetime) -> Iterator[None]:  # noqa: ARG001 - asked for its effect
    """No test sees what another found out."""
    pulse.forget()
    numbers.forget()
    yield
    pulse.forget()
    numbers.forget()


def _shown(app: AppTest) -> str:
    texts = [str(each.value) for each in (*app.title, *app.subheader, *app.markdown, *app.caption, *app.error)]
    return "\n".join(
        [*texts, *(each.label for each in app.button), *(f"{each.label} {each.value}" for each in app.metric)]
    )


def _told(app: AppTest) -> list[str]:
    return [str(each.value).split("  \n")[0] for each in app.error]


def test_the_overview_tells_what_waits_what_failed_and_who_works(open_app: OpenApp) -> None:
    worker = factories.account(Role.GRID_WORKER)
    core_queue.beat("worker")
    core_queue.beat("scheduler", "leader")
    for state in ReminderState:
        log_world.reminder(worker, state)
    log_world.delivery(worker, DeliveryState.FAILED)
    log_world.parked()

    app = open_app(factories.account(Role.ADMINISTRATOR), _PAGE)

    assert not app.exception
    assert app.title[0].value == "发送记录"
    shown = _shown(app)
    for text in ("有 1 条提醒发送失败，等待处理。", "有 1 条消息未能通过渠道发出。", "到期待发 1", "发送失败 2",
                 "后台任务进程", "主", "已读  **1**", "计划中  **0**", "按规则", "按渠道"):  # fmt: skip
        assert text in shown, text
    assert not app.error


def test_what_failed_is_one_press_away_and_retried_from_its_drawer(open_app: OpenApp) -> None:
    row = log_world.reminder(factories.account(Role.GRID_WORKER, "王芳"), ReminderState.FAILED, note="no such word")
    log_world.reminder(factories.account(Role.GRID_WORKER, "李强"), ReminderState.READ)
    app = open_app(factories.account(Role.ADMINISTRATOR), _PAGE)

    app.button(key="log_go_reminders").click().run()
    assert not app.exception
    assert [str(each.key) for each in app.button if "_open_" in str(each.key)] == [f"log_open_{row.pk}"]

    app.button(key=f"log_open_{row.pk}").click().run()
    assert not app.exception
    assert "各环节时间" in _shown(app)
    app.button(key=f"log_one_{'retried'}").click().run()

    assert factories.rows(Reminder)[0].state is ReminderState.PLANNED
    assert "没有符合条件的提醒" in _shown(app)


def test_all_that_match_are_dropped_after_their_number_was_said(open_app: OpenApp) -> None:
    wang, li = factories.account(Role.GRID_WORKER, "王芳"), factories.account(Role.GRID_WORKER, "李强")
    for to in (wang, wang, li):
        log_world.reminder(to, ReminderState.FAILED)
    app = open_app(factories.account(Role.ADMINISTRATOR), _PAGE, view="reminders", person="王芳")

    app.button(key="log_all_dropped").click().run()
    assert "将放弃 **2** 条" in _shown(app)
    app.button(key="log_all_yes").click().run()

    assert [row.state for row in factories.rows(Reminder)] == [
        ReminderState.CANCELLED, ReminderState.CANCELLED, ReminderState.FAILED,
    ]  # fmt: skip
    assert [each.after["count"] for each in factories.rows(AuditEntry) if each.action == "reminder.dropped"] == [2]


def test_filters_stand_in_the_address(open_app: OpenApp) -> None:
    asked = log_world.reminder(factories.account(Role.GRID_WORKER, "王芳"), ReminderState.READ)
    log_world.reminder(factories.account(Role.GRID_WORKER, "李强"), ReminderState.DELIVERED)
    app = open_app(factories.account(Role.ADMINISTRATOR), _PAGE, view="reminders")

    app.selectbox(key="log_ask_state").set_value("read").run()

    assert not app.exception
    assert app.query_params["state"] == "read"
    assert [str(each.key) for each in app.button if "_open_" in str(each.key)] == [f"log_open_{asked.pk}"]


def test_a_delivery_shows_the_servers_answer_and_is_retried(open_app: OpenApp) -> None:
    row = log_world.delivery(factories.account(Role.GRID_WORKER), DeliveryState.FAILED, note="550 no such mailbox")
    app = open_app(factories.account(Role.ADMINISTRATOR), _PAGE, view="sendings", delivery=row.pk)

    assert not app.exception
    assert "550 no such mailbox" in "\n".join(str(each.value) for each in app.error)
    app.button(key="log_one_retried").click().run()

    assert factories.rows(Delivery)[0].state is DeliveryState.PLANNED


def test_other_work_is_named_in_words_and_retried(open_app: OpenApp) -> None:
    row = log_world.parked()
    app = open_app(factories.account(Role.ADMINISTRATOR), _PAGE, view="work")
    assert any("导入检查" in each.label for each in app.button)

    app.button(key=f"log_work_open_{row.pk}").click().run()
    app.button(key="log_one_retried").click().run()

    assert not app.exception
    assert [each.failed_at for each in factories.rows(OutboxMessage) if each.id == row.id] == [None]


@pytest.mark.parametrize("role", list(Role))
def test_the_banner_stands_above_every_page_of_administrators_only(
    open_app: OpenApp, role: Role, frozen_clock: datetime
) -> None:
    log_world.reminder(factories.account(Role.GRID_WORKER), due_at=frozen_clock - timedelta(hours=1))
    core_queue.beat("worker")
    core_queue.beat("scheduler", "leader")

    app = open_app(factories.account(role))

    expected = ["**最早到期的提醒已等待 60 分钟仍未发出。**"] if role is Role.ADMINISTRATOR else []
    assert _told(app) == expected


def test_without_the_queue_the_banner_says_so_and_pages_go_on(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QIANQI_REDIS_URL", "redis://127.0.0.1:1/0")
    settings.cache_clear()
    core_queue.reset()

    app = open_app(factories.account(Role.ADMINISTRATOR), _PAGE)

    assert not app.exception
    assert "页面可照常使用" in str(app.error[0].value)
    assert app.title[0].value == "发送记录"


def test_nobody_else_finds_the_page(open_app: OpenApp) -> None:
    app = open_app(factories.account(Role.COORDINATOR))

    with pytest.raises(ValueError, match="delivery"):
        app.switch_page("../reminders/delivery.py").run()


@pytest.mark.usefixtures("database")
def test_the_workbook_of_a_list_holds_every_page_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    worker, admin = factories.account(Role.GRID_WORKER, "王芳"), factories.actor(Role.ADMINISTRATOR)
    for _number in range(3):
        log_world.reminder(worker, ReminderState.FAILED)
        log_world.delivery(worker, DeliveryState.FAILED)
    monkeypatch.setattr(sheet, "PAGE", 2)

    reminded = [row for page in reminders._sheet(admin, Query()) for row in page]
    sent = [row for page in sendings._sheet(admin, SendingQuery()) for row in page]

    assert [(row["stand"], row["recipient"]) for row in reminded] == [("发送失败", "王芳")] * 3
    assert all(isinstance(row["due"], datetime) for row in reminded)
    assert [(row["state"], row["recipient"]) for row in sent] == [("发送失败", "王芳")] * 3
    assert all(isinstance(row["attempts"], int) for row in sent)
