"""`qianqi deadline` as a person or another program runs it: with a database, without one, and with wrong input."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import psycopg
import pytest

from core.embedded import EmbeddedPostgres
from tests.servers import ROOT, environment, new_database

EXAMPLE = ("--start", "2026-09-24T16:00", "--days", "5")


def deadline(env: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cli", "deadline", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=dict(env), capture_output=True, text=True, timeout=120, check=False)
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture(scope="module")
def external(postgres: EmbeddedPostgres) -> Iterator[dict[str, str]]:
    """The environment of a machine whose database, run elsewhere, has a day off of its own on 28 September 2026."""
    with new_database(postgres) as database, tempfile.TemporaryDirectory() as folder:
        with psycopg.connect(database.owner_url) as connection:
            connection.execute(
                "INSERT INTO calendar_day (day, kind, name, created_at, updated_at)"
                " VALUES ('2026-09-28', 'holiday', '停电检修', now(), now())"
            )
        yield environment(database, Path(folder))


@pytest.fixture
def alone(external: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """The environment of a machine without any database."""
    bare = {name: value for name, value in external.items() if name not in _ADDRESSES}
    return {**bare, "QIANQI_DATA_DIR": str(tmp_path / "data")}


_ADDRESSES = {"DATABASE_URL", "QIANQI_DATABASE_URL", "QIANQI_MIGRATION_URL", "REDIS_URL", "QIANQI_REDIS_URL"}


def test_json_holds_the_deadline_and_every_day_and_nothing_else(alone: dict[str, str]) -> None:
    done = deadline(alone, *EXAMPLE, "--json")

    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert list(told) == ["deadline", "provisional", "days"]
    assert told["deadline"] == "2026-10-09T17:30:00+08:00"
    assert told["provisional"] is False
    assert told["days"][0] == {"date": "2026-09-24", "counted": False, "reason": "收到当日，不计入"}
    assert told["days"][1] == {"date": "2026-09-25", "counted": False, "reason": "法定节假日：中秋节"}
    assert [day["date"] for day in told["days"]] == [date.fromordinal(n).isoformat() for n in range(*_range())]
    assert sum(day["counted"] for day in told["days"]) == 5


def _range() -> tuple[int, int]:
    return date(2026, 9, 24).toordinal(), date(2026, 10, 9).toordinal() + 1


def test_people_read_a_line_a_day(alone: dict[str, str]) -> None:
    lines = deadline(alone, *EXAMPLE).stdout.splitlines()

    assert lines[0] == "截止时间：2026年10月9日 17:30"
    assert lines[2] == "· 2026-09-25 周五  法定节假日：中秋节"
    assert lines[-1] == "✓ 2026-10-09 周五  工作日  第5天"


def test_in_english_too(alone: dict[str, str]) -> None:
    lines = deadline({**alone, "QIANQI_DEFAULT_LOCALE": "en"}, *EXAMPLE).stdout.splitlines()

    assert lines[2] == "· 2026-09-25 Fri  Public holiday: Mid-Autumn Festival"
    assert lines[-1] == "✓ 2026-10-09 Fri  Ordinary working day  Day 5"


def test_no_database_is_made(alone: dict[str, str]) -> None:
    deadline(alone, *EXAMPLE)

    assert not Path(alone["QIANQI_DATA_DIR"]).exists()


def test_the_administrators_calendar_counts_where_a_database_is_there(external: dict[str, str]) -> None:
    done = deadline(external, *EXAMPLE, "--json")

    assert done.stderr == ""
    told = json.loads(done.stdout)
    assert told["deadline"] == "2026-10-10T17:30:00+08:00"
    assert {"date": "2026-09-28", "counted": False, "reason": "本区自定休息日：停电检修"} in told["days"]


def test_an_embedded_database_that_does_not_run_is_asked_too(alone: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        own = {**alone, "QIANQI_DATA_DIR": folder}
        subprocess.run([sys.executable, "-m", "cli", "migrate"], cwd=ROOT, env=own, check=True, capture_output=True)
        done = deadline(own, *EXAMPLE, "--json")

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["deadline"] == "2026-10-09T17:30:00+08:00"


def test_a_setting_that_cannot_be_is_refused_as_by_every_command(alone: dict[str, str]) -> None:
    done = deadline({**alone, "DATABASE_URL": "mysql://nobody@127.0.0.1/nothing"}, *EXAMPLE, "--json")

    assert (done.returncode, done.stdout) == (1, "")
    assert "DATABASE_URL: 必须形如 postgresql://" in done.stderr


def test_a_database_that_does_not_answer_is_remarked_on_and_the_published_calendar_counts(
    alone: dict[str, str],
) -> None:
    done = deadline({**alone, "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nothing"}, *EXAMPLE, "--json")

    assert done.returncode == 0
    assert json.loads(done.stdout)["deadline"] == "2026-10-09T17:30:00+08:00"
    assert "无法读取数据库" in done.stderr


def test_a_start_with_an_offset_is_that_moment_and_one_without_is_of_the_business_zone(alone: dict[str, str]) -> None:
    told = json.loads(deadline(alone, "--start", "2026-09-10T16:30+00:00", "--minutes", "30", "--json").stdout)

    assert told["deadline"] == "2026-09-11T09:30:00+08:00"


def test_a_deadline_past_the_last_notice_is_provisional(alone: dict[str, str]) -> None:
    told = json.loads(deadline(alone, "--start", "2026-11-24T10:00", "--days", "30", "--json").stdout)

    assert told["provisional"] is True
    assert "放假通知尚未发布" in told["days"][-1]["reason"]
    assert "放假通知尚未发布" not in told["days"][0]["reason"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--start", "tomorrow", "--days", "5"), "tomorrow"),
        (("--days", "5"), "2026-09-24T16:00"),
        (("--start", "2026-09-24T16:00"), "--minutes"),
        (("--start", "2026-09-24T16:00", "--days", "1", "--minutes", "1"), "--minutes"),
        (("--start", "2026-09-24T16:00", "--days", "-1"), "-1"),
        (("--start", "2026-09-24T16:00", "--days", "1.5"), "1.5"),
        (("--start", "2026-09-24T16:00", "--days", "99999"), "十年"),
        (("--start", "9999-12-31T23:00", "--days", "1"), "十年"),
    ],
)
def test_wrong_input_is_told_in_one_sentence(alone: dict[str, str], arguments: tuple[str, ...], said: str) -> None:
    done = deadline(alone, *arguments)

    assert done.returncode == 1
    assert done.stdout == ""
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
