"""Backups that the product makes by itself: owed in time, made by the worker's handler, and told when they are not."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import update

from core import clock
from core.db import transaction
from core.errors import UserError
from core.settings import settings
from models.account import Role
from models.outbox import OutboxMessage
from models.visit import Attachment
from services import doctor, files, health, outbox
from services.backups import making, planning
from services.backups.places import Place
from tests import factories as given
from tests.visit_world import everything, put

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


def _one_goes_missing() -> Path:
    """Attach a file that a row refers to, let a backup be made, then lose the file; returns where it was."""
    kept = files.store(b"evidence")
    own = {"size": kept.size, "sha256": kept.sha256, "file_name": "1.txt", "media_type": "text/plain"}
    put(Attachment(subject="issue", subject_id=1, uploaded_by_id=given.account(Role.ADMINISTRATOR).pk, **own))
    assert _day_by_day(1) == [True]
    file = settings().files_dir / kept.sha256[:2] / kept.sha256
    file.unlink()
    return file


def test_a_backup_that_lacks_files_is_told_and_removes_no_older_one() -> None:
    """Given a file lost from the store, when backups go on, then the archive that has it stays and somebody is told."""
    file = _one_goes_missing()
    first = clock.now()
    assert _day_by_day(4) == [True] * 4

    assert [each.at.day for each in Place().kept()] == [10, 9, 8, 7, 6]
    found = planning.standing()
    assert found
    assert not found.well
    assert found.since == first, "one matter, however many backups lack the file"
    assert doctor._backups().failed
    assert "1 个文件" in doctor._backups().detail

    file.write_bytes(b"evidence")
    assert _day_by_day(1) == [True]
    assert [each.at.day for each in Place().kept()] == [11, 10]
    again = planning.standing()
    assert again
    assert again.well


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


def _fail_once() -> OutboxMessage:
    """Let the owed backup be tried by a worker, and fail."""
    held = outbox.begin(outbox.claim(1)[0])
    assert held
    with pytest.raises(UserError) as problem:
        planning.run({})
    outbox.fail(held, problem.value)
    (message,) = everything(OutboxMessage)
    return message


def test_a_place_that_is_away_for_a_moment_is_tried_again_soon(tmp_path: Path) -> None:
    """Given a disk that is not there at night, when it is back a minute later, then the backup is made all the same."""
    (tmp_path / "backups").write_text("no folder")
    planning.plan()

    message = _fail_once()

    assert message.failed_at is None
    assert message.due_at - clock.now() < timedelta(minutes=1)
    failed = planning.standing()
    assert failed
    assert "backups" in failed.problem, "told at once, not after the last attempt"
    (tmp_path / "backups").unlink()
    clock.advance(timedelta(minutes=1))
    held = outbox.begin(outbox.claim(1)[0])
    assert held
    planning.run(held.payload)
    outbox.finish(held)
    well = planning.standing()
    assert well
    assert well.well


def test_one_made_by_hand_ends_the_failure_until_the_next(tmp_path: Path) -> None:
    (tmp_path / "backups").write_text("no folder")
    planning.plan()
    _fail_once()
    with transaction() as session:
        session.execute(update(OutboxMessage).values(failed_at=clock.now()))
    (tmp_path / "backups").unlink()
    clock.advance(timedelta(minutes=5))

    making.make()

    by_hand = planning.standing()
    assert by_hand
    assert by_hand.well
    clock.advance(timedelta(days=1))
    planning.plan()
    with transaction() as session:
        session.execute(update(OutboxMessage).values(error="no room", failed_at=clock.now()))
    failed = planning.standing()
    assert failed
    assert failed.problem == "no room"
