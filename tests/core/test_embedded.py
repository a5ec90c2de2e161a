"""The embedded servers on a machine that has none: first start, crash, obstacles."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from core.embedded import EmbeddedPostgres, EmbeddedValkey, ServerError, account
from core.embedded.process import check_space


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="qianqi-test-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_the_first_start_makes_a_chinese_capable_database_that_the_second_start_keeps(folder: Path) -> None:
    with EmbeddedPostgres(folder, durable=False) as server, psycopg.connect(server.owner_url) as connection:
        connection.execute("CREATE TABLE kept (name text)")
        connection.execute("INSERT INTO kept VALUES ('四宝山街道')")
        encoding = connection.execute("SHOW server_encoding").fetchone()
        upper = connection.execute("SELECT upper('äß'), normalize('Ａ', NFKC)").fetchone()
    with EmbeddedPostgres(folder, durable=False) as server, psycopg.connect(server.owner_url) as connection:
        kept = connection.execute("SELECT name FROM kept").fetchone()

    assert encoding == ("UTF8",)
    assert upper == ("Äß", "A")
    assert kept == ("四宝山街道",)


def test_a_wrong_password_is_refused(folder: Path) -> None:
    with EmbeddedPostgres(folder, durable=False) as server, pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(server.owner_url, password="guessed")


def test_the_passwords_are_private(folder: Path) -> None:
    with EmbeddedPostgres(folder, durable=False):
        pass

    assert (folder / "postgres/passwords.json").stat().st_mode & 0o077 == 0


def test_a_database_killed_with_everything_else_comes_back_with_what_was_committed(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    with psycopg.connect(server.start()) as connection:
        connection.execute("CREATE TABLE kept (id int)")
    _kill(folder / "postgres/18/postmaster.pid")

    with EmbeddedPostgres(folder) as again, psycopg.connect(again.owner_url) as connection:
        found = connection.execute("SELECT count(*) FROM kept").fetchone()

    assert found == (0,)
    server.stop()


def test_a_pid_file_left_by_a_crash_whose_number_now_is_another_process_is_forgotten(folder: Path) -> None:
    with EmbeddedPostgres(folder, durable=False):
        pass
    other = subprocess.Popen(["sleep", "60"], **account.run_as(account.server_account()))
    (folder / "postgres/18/postmaster.pid").write_text(f"{other.pid}\n{folder}\n")

    with EmbeddedPostgres(folder, durable=False) as server:
        assert server.running
        assert other.poll() is None

    other.kill()
    other.wait()


def test_a_server_that_outlived_its_supervisor_is_ended_before_the_next_starts(folder: Path) -> None:
    outlived = EmbeddedPostgres(folder, durable=False)
    outlived.start()

    with EmbeddedPostgres(folder, durable=False) as server:
        assert server.running
        assert not outlived.running


def test_an_interrupted_first_start_is_begun_anew(folder: Path) -> None:
    half = folder / "postgres/18.unfinished"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")

    with EmbeddedPostgres(folder, durable=False) as server:
        assert server.running
    assert not half.exists()


def test_a_queue_keeps_its_messages_over_a_kill(folder: Path) -> None:
    server = EmbeddedValkey(folder)
    with redis.Redis.from_url(server.start()) as client:
        client.config_set("appendfsync", "always")
        client.rpush("messages", "走访")
    _kill(folder / "valkey/valkey.pid")

    with EmbeddedValkey(folder) as again, redis.Redis.from_url(again.url, decode_responses=True) as client:
        assert client.lrange("messages", 0, -1) == ["走访"]
        assert client.config_get("maxmemory-policy")["maxmemory-policy"] == "noeviction"
        assert client.config_get("bind")["bind"] == "127.0.0.1"
    server.stop()


def test_a_queue_asks_for_its_password_and_does_not_show_it_in_the_process_list(folder: Path) -> None:
    with EmbeddedValkey(folder, durable=False) as server:
        with redis.Redis(port=server.port) as stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
        pid = int((folder / "valkey/valkey.pid").read_text())
        assert server.url.split("@")[0].rpartition(":")[2] not in " ".join(psutil.Process(pid).cmdline())


def test_parents_of_the_data_folder_keep_their_modes(folder: Path) -> None:
    parent = folder / "parent"
    parent.mkdir(mode=0o751)

    with EmbeddedPostgres(parent / "data", durable=False):
        pass

    assert parent.stat().st_mode & 0o777 == 0o751


def test_too_little_room_is_told_in_one_sentence(folder: Path) -> None:
    with pytest.raises(ServerError, match=r"full|已满"):
        check_space(folder, 10**9)


@pytest.mark.parametrize("kind", [EmbeddedPostgres, EmbeddedValkey])
def test_a_folder_that_cannot_be_made_is_told_in_one_sentence(
    folder: Path, kind: type[EmbeddedPostgres | EmbeddedValkey]
) -> None:
    (folder / "file").write_text("")

    with pytest.raises(ServerError, match="QIANQI_DATA_DIR"):
        kind(folder / "file/data").start()


if os.geteuid() == 0:  # what only root can arrange

    def test_a_private_parent_is_told_in_one_sentence_and_stays_private(folder: Path) -> None:
        private = folder / "private"
        private.mkdir(mode=0o700)

        with pytest.raises(ServerError, match=r"account|账号"):
            EmbeddedPostgres(private / "data", durable=False).start()

        assert private.stat().st_mode & 0o777 == 0o700

    def test_servers_do_not_run_as_root(folder: Path) -> None:
        with EmbeddedPostgres(folder, durable=False), EmbeddedValkey(folder, durable=False):
            pids = [
                int((folder / name).read_text().split()[0])
                for name in ("postgres/18/postmaster.pid", "valkey/valkey.pid")
            ]
            assert all(psutil.Process(pid).uids().real != 0 for pid in pids)

    def test_a_disk_that_fills_up_while_the_database_is_created_is_told_in_one_sentence(
        folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        small = folder / "small"
        small.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m,mode=755", "tmpfs", str(small)], check=True)
        monkeypatch.setattr("core.embedded.postgres.check_space", lambda *_: None)  # the disk fills after the check
        try:
            with pytest.raises(ServerError, match=r"full|已满"):
                EmbeddedPostgres(small, durable=False).start()
            assert not (small / "postgres/18").exists()
        finally:
            subprocess.run(["umount", str(small)], check=True)

    def test_programs_in_a_private_folder_are_copied_to_where_the_account_can_run_them(folder: Path) -> None:
        private = folder / "private"
        private.mkdir(mode=0o700)
        program = private / "bin/true"
        (folder / "copies-1").mkdir()
        program.parent.mkdir()
        shutil.copy2("/bin/true", program)

        found = account.reachable_programs(
            program, [private / "bin"], private, folder / "copies-2", account.server_account()
        )

        assert found == folder / "copies-2/bin/true"
        assert not (folder / "copies-1").exists(), "the copy of an older version is gone"
        assert subprocess.run([str(found)], check=False, **account.run_as(account.server_account())).returncode == 0


def _kill(pid_file: Path) -> None:
    process = psutil.Process(int(pid_file.read_text().split()[0]))
    children = process.children(recursive=True)
    process.send_signal(signal.SIGKILL)
    for each in children:
        with suppress(psutil.NoSuchProcess):  # one may be quicker to see that its parent is gone
            each.send_signal(signal.SIGKILL)
