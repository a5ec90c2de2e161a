"""Backups that the product makes by itself: owed in time, made by the worker's handler, and told when they are not."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import update

from core import clock
from core.db import transaction
from core.errors import UserError
from core.settings import settings
from models.outbox import OutboxMessage
from services import doctor, health
from services.backups import planning
from services.backups.places import Place
from tests.visit_world import everything

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")


@pytest.fixture(autouse=True)
def _wanted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue("own_settings")
    monkeypatch.setenv("QIANQI_BACKUP_DIR", str(tmp_path / "backups"))
    monkeypatch.setenv("QIANQI_BACKUP_KEEP_DAYS", "2")
    monkeypatch.setenv("QIANQI_BACKUP_KEEP_WEEKS", "0")
    monkeypatch.setenv("QIANQI_BACKUP_KEEP_MONTHS", "0")
    settings.cache_clear()


def _day_by_day(days: int) -> list[bool]:
    owed = []
    for _day in range(days):
        owed.append(planning.plan())
        if owed[-1]:
            planning.run({})
        clock.advance(timedelta(days=1))
    return owed


def test_one_is_owed_a_day_and_old_ones_go() -> None:
    assert _day_by_day(4) == [True] * 4
    assert planning.plan()
    assert not planning.plan(), "owed once"
    assert [each.at.day for each in Place().kept()] == [9, 8]


def test_none_is_owed_where_none_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIANQI_BACKUP_DIR", "")
    settings.cache_clear()

    assert not planning.plan()
    assert planning.standing() is None
    assert not everything(OutboxMessage)


def test_a_draft_that_a_crash_left_is_removed_after_a_day() -> None:
    place = Place()
    planning.run({})
    draft = Path(place.address) / "qianqi-20200101T000000Z.backup.part"
    draft.touch()

    place.drop_drafts(clock.now())
    assert draft.exists(), "the clock of the test stands before it"
    clock.advance(timedelta(days=36500))
    place.drop_drafts(clock.now())
    assert not draft.exists()


def test_one_that_is_late_or_failed_is_told() -> None:
    planning.plan()
    planning.run({})
    well = planning.standing()
    clock.advance(timedelta(hours=28))
    late = planning.standing()

    assert well
    assert well.well
    assert late
    assert late.late
    assert doctor._backups().failed
    assert {each.name: each.samples[0].value for each in health.metrics() if each.name.startswith("qianqi_backup")} == {
        "qianqi_backup_well": 0.0, "qianqi_backup_last_timestamp_seconds": well.last and well.last.timestamp(),
    }  # fmt: skip


def test_a_failure_is_told_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "backups").write_text("no folder")
    planning.plan()
    with pytest.raises(UserError) as problem:
        planning.run({})
    with transaction() as session:
        session.execute(update(OutboxMessage).values(error=str(problem.value), failed_at=clock.now()))

    found = doctor._backups()

    assert found.failed
    assert "backups" in found.detail
    assert "qianqi backup" in found.advice
