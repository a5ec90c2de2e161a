"""Administrators are told of backups that fail or are late, each working day until one has been made."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select, update

from core import clock
from core.db import transaction
from core.settings import settings
from models.account import Account, Role
from models.outbox import OutboxMessage
from models.reminder import OPEN_REMINDER_STATES, Message, Reminder, Subject
from services.actor import SYSTEM
from services.backups import planning
from services.delivery import choosing, telling
from services.delivery_log import subjects
from tests import factories as given

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")


@pytest.fixture(autouse=True)
def _wanted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue("own_settings")
    monkeypatch.setenv("QIANQI_BACKUP_DIR", str(tmp_path / "backups"))
    settings.cache_clear()


@pytest.fixture
def administrator(database: str) -> Account:  # noqa: ARG001 - it is stored there
    given.account(Role.COORDINATOR)
    return given.account(Role.ADMINISTRATOR)


def _open() -> list[Reminder]:
    found = select(Reminder).where(Reminder.subject == Subject.BACKUP, col(Reminder.state).in_(OPEN_REMINDER_STATES))
    with transaction(actor=SYSTEM) as session:
        return list(session.exec(found.order_by(col(Reminder.due_at))))


def _fail(reason: str) -> None:
    """Owe a backup, let it fail and look again an hour later."""
    assert planning.plan()
    with transaction() as session:
        session.execute(update(OutboxMessage).values(error=reason, failed_at=clock.now()))
    clock.advance(timedelta(hours=1))
    planning.plan()


def _tell() -> list[Message]:
    """Let what is due be told until the next slot and return what was."""
    clock.advance(timedelta(hours=4))
    for batch in choosing.claim_reminders():
        telling.tell(batch)
    return given.rows(Message)


def test_a_failure_is_told_with_its_reason_and_each_day_until_a_backup_is_made(administrator: Account) -> None:
    _fail("UserError: 磁盘已满")
    planned = _open()
    assert {each.recipient_id for each in planned} == {administrator.pk}
    assert len(planned) == 1 + 21  # at once, and each working day from the next on

    (message,) = _tell()
    assert "磁盘已满" in message.body
    assert "尚无备份" in message.body
    assert "qianqi doctor" in message.body

    planning.run({})
    with transaction() as session:
        session.execute(update(OutboxMessage).values(error="", failed_at=None, done_at=clock.now()))
    planning.plan()
    assert _open() == []


@pytest.mark.usefixtures("administrator")
def test_one_that_nobody_makes_is_told_when_it_is_late() -> None:
    planning.plan()
    planning.run({})
    clock.advance(timedelta(hours=24))
    assert planning.plan()
    assert _open() == []

    clock.advance(timedelta(hours=4))
    planning.plan()

    assert len(_open()) > 1
    (message,) = _tell()
    assert "最近一次成功的备份：2023年12月6日 10:00" in message.body


@pytest.mark.usefixtures("administrator")
def test_nobody_is_told_where_backups_are_well_or_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    planning.plan()
    planning.run({})
    planning.plan()
    assert _open() == []

    clock.advance(timedelta(hours=24))
    _fail("no room")
    assert _open()
    monkeypatch.setenv("QIANQI_BACKUP_DIR", "")
    settings.cache_clear()
    planning.plan()
    assert _open() == []


@pytest.mark.parametrize("subject", Subject)
def test_the_log_of_deliveries_leads_to_the_page_of_every_subject(subject: Subject) -> None:
    link = subjects.link(given.actor(Role.ADMINISTRATOR), subject, 202349)

    assert link == "" or link.startswith("/")
    if subject in {Subject.DIGEST, Subject.BACKUP}:
        assert link
