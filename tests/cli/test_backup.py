"""Backup and restore as a person types them."""

import errno
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from core import instance
from core.embedded import EmbeddedPostgres
from core.errors import UserError
from services.backups import places
from tests.cli.test_commands import qianqi
from tests.servers import S3Server, environment, new_database


@pytest.fixture
def machine(postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a machine whose database runs elsewhere and holds one account."""
    with new_database(postgres) as database, tempfile.TemporaryDirectory() as folder:
        backups = {"QIANQI_BACKUP_DIR": str(tmp_path), "QIANQI_BACKUP_KEY": "the key of this test"}
        yield environment(database, Path(folder), **backups)


def test_a_backup_is_made_listed_checked_and_brought_back(machine: dict[str, str], tmp_path: Path) -> None:
    qianqi(machine, "user", "create", "zhang", "张三", "--role", "administrator")
    made = qianqi(machine, "backup", "--tidy")
    (file,) = tmp_path.glob("*.backup")
    listed = qianqi(machine, "backup", "list")
    checked = qianqi(machine, "backup", "check", str(file))
    qianqi(machine, "user", "create", "li", "李四", "--role", "administrator")
    name = machine["QIANQI_DATABASE_URL"].rpartition("/")[2]
    refused = qianqi(machine, "restore", str(file))
    mistyped = qianqi(machine, "restore", str(file), "--replace", "--confirm", "another")
    restored = qianqi(machine, "restore", str(file), "--replace", "--confirm", name)

    assert (made.returncode, checked.returncode, restored.returncode) == (0, 0, 0), restored.stderr
    assert file.name in made.stdout
    assert "已加密" in made.stdout
    assert "已加密" in checked.stdout
    assert file.name in listed.stdout
    assert listed.stdout.strip().endswith("  已加密")
    assert (refused.returncode, mistyped.returncode) == (1, 1)
    assert "不是空库" in refused.stderr
    assert "未作任何改动" in mistyped.stderr
    with psycopg.connect(machine["QIANQI_DATABASE_URL"]) as connection:
        assert connection.execute("SELECT username FROM account").fetchall() == [("zhang",)]


def test_a_backup_in_a_bucket_is_checked_and_brought_back_from_there(
    machine: dict[str, str], s3_server: S3Server, tmp_path: Path
) -> None:
    place = f"s3://{s3_server.bucket}/{tmp_path.name}"
    machine |= {**s3_server.settings(f"{tmp_path.name}-files"), "QIANQI_BACKUP_DIR": place}
    qianqi(machine, "user", "create", "zhang", "张三", "--role", "administrator")
    made = qianqi(machine, "backup")
    listed = qianqi(machine, "backup", "list").stdout.split()
    archive = f"{place}/{listed[0]}"
    name = machine["QIANQI_DATABASE_URL"].rpartition("/")[2]
    checked = qianqi(machine, "backup", "check", archive)
    missing = qianqi(machine, "restore", f"{place}/another.backup", "--replace", "--confirm", name)
    restored = qianqi(machine, "restore", archive, "--replace", "--confirm", name)

    assert (made.returncode, checked.returncode, restored.returncode) == (0, 0, 0), restored.stderr
    assert listed[-1] == "已加密"
    assert missing.returncode == 1
    assert "没有备份 another.backup" in missing.stderr
    with psycopg.connect(machine["QIANQI_DATABASE_URL"]) as connection:
        assert connection.execute("SELECT username FROM account").fetchall() == [("zhang",)]


def test_nothing_is_restored_while_qianqi_runs_on_the_folder(machine: dict[str, str], tmp_path: Path) -> None:
    with instance.locked(Path(machine["QIANQI_DATA_DIR"])):
        done = qianqi(machine, "restore", str(tmp_path / "any.backup"), "--replace", "--confirm", "any")

    assert done.returncode == 1
    assert "先停止" in done.stderr


@pytest.mark.parametrize("place", ["http://nowhere", "s3://", "S3://bucket/prefix"])
def test_what_is_neither_folder_nor_bucket_takes_no_backup(machine: dict[str, str], place: str) -> None:
    done = qianqi(machine, "backup", "--to", place)

    assert done.returncode == 1
    assert "不能存放备份" in done.stderr


def test_a_backup_without_a_key_says_that_anybody_can_read_it(machine: dict[str, str]) -> None:
    assert "未加密" in qianqi({**machine, "QIANQI_BACKUP_KEY": ""}, "backup").stdout
    assert qianqi(machine, "backup", "list").stdout.strip().endswith("  未加密")


def test_what_cannot_be_read_is_told_by_its_own_path(tmp_path: Path) -> None:
    own = str(tmp_path / "secret.key")
    with pytest.raises(UserError, match=r"secret\.key"), places.told(tmp_path / "backups"):
        raise PermissionError(errno.EACCES, "Permission denied", own)


def test_a_place_without_backups_says_so(machine: dict[str, str], tmp_path: Path) -> None:
    assert "没有备份" in qianqi(machine, "backup", "list", "--in", str(tmp_path / "nowhere")).stdout


def test_a_backup_needs_a_place(machine: dict[str, str]) -> None:
    done = qianqi({**machine, "QIANQI_BACKUP_DIR": ""}, "backup")

    assert done.returncode == 1
    assert "QIANQI_BACKUP_DIR" in done.stderr
