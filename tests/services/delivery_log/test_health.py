"""What monitoring and `qianqi doctor` are told of reminders and of what leaves by a channel."""

from datetime import datetime, timedelta

import pytest

from models.account import Role
from models.reminder import DeliveryState, ReminderState
from services import doctor, health
from services.doctor import Finding, State
from tests import factories, log_world

pytestmark = pytest.mark.usefixtures("database", "queue")


def _measured() -> dict[tuple[str, str], float]:
    return {
        (sample.name, sample.labels.get("state", "")): sample.value
        for metric in health.metrics()
        for sample in metric.samples
    }


def _found(check: str) -> Finding:
    return next(each for each in doctor.examine() if each.check == check)


def test_monitoring_sees_what_waits_for_how_long_and_what_failed(frozen_clock: datetime) -> None:
    worker = factories.account(Role.GRID_WORKER)
    log_world.reminder(worker, due_at=frozen_clock - timedelta(minutes=7))
    log_world.reminder(worker, due_at=frozen_clock + timedelta(days=1))
    log_world.reminder(worker, ReminderState.FAILED)
    log_world.delivery(worker, DeliveryState.PLANNED, due_at=frozen_clock - timedelta(minutes=2))
    log_world.delivery(worker, DeliveryState.FAILED)

    found = _measured()

    assert {state: found["qianqi_reminders", state] for state in ("due", "planned", "claimed", "failed")} == {
        "due": 1, "planned": 1, "claimed": 0, "failed": 1,
    }  # fmt: skip
    assert (found["qianqi_deliveries", "due"], found["qianqi_deliveries", "failed"]) == (1, 1)
    assert found["qianqi_reminders_oldest_due_seconds", ""] == 420
    assert found["qianqi_deliveries_oldest_due_seconds", ""] == 120
    assert found["qianqi_queue_messages", ""] == 0


@pytest.mark.usefixtures("frozen_clock")
def test_the_doctor_is_content_while_nothing_waits_or_failed() -> None:
    assert [_found(check).state for check in ("提醒", "渠道消息")] == [State.OK, State.OK]


def test_the_doctor_names_what_waits_too_long_and_what_failed_and_says_what_to_do(frozen_clock: datetime) -> None:
    worker = factories.account(Role.GRID_WORKER)
    log_world.reminder(worker, due_at=frozen_clock - timedelta(minutes=7))
    log_world.delivery(worker, DeliveryState.FAILED)

    late, failed = _found("提醒"), _found("渠道消息")

    assert late.state is State.FAILED
    assert "最早的已等待 7 分钟" in late.detail
    assert "后台任务进程" in late.advice
    assert failed.state is State.WARNING
    assert failed.advice == "请到“发送记录”页面重试或放弃。"
