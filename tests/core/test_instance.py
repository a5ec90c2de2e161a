"""One data folder, one copy; what is in the way is told in one sentence."""

import errno
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import instance
from core import settings as settings_module
from core.embedded import ServerError
from core.settings import settings


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="qianqi-test-") as name:
        Path(name).chmod(0o755)
        monkeypatch.setenv("QIANQI_DATA_DIR", str(Path(name) / "data"))
        settings.cache_clear()
        yield Path(name) / "data"


def test_a_second_copy_on_the_same_folder_is_refused_until_the_first_has_ended(folder: Path) -> None:
    with instance.locked(folder), pytest.raises(instance.StartError, match=str(folder)), instance.locked(folder):
        pass

    with instance.locked(folder):
        pass


def test_a_taken_port_is_refused_by_number() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(instance.StartError, match=str(port)):
            instance.check_port("127.0.0.1", port)

    instance.check_port("127.0.0.1", port)


def test_a_folder_below_a_file_is_refused(folder: Path) -> None:
    folder.write_text("")

    with pytest.raises(ServerError, match=os.strerror(errno.ENOTDIR)), instance.locked(folder / "below"):
        pass


def test_a_command_starts_servers_of_its_own_when_nothing_runs_and_forgets_them(folder: Path) -> None:
    with instance.servers(with_queue=True) as running:
        assert running is False
        assert settings().database_url
        assert settings().redis_url

    assert folder.exists()
    assert settings().database_url == ""


def test_a_command_uses_the_servers_of_the_running_copy(folder: Path) -> None:
    with instance.locked(folder):
        instance.announce(folder, {instance.DATABASE: "postgresql://of-the-running-copy/x"})
        with instance.servers() as running:
            assert running is True
            assert settings().database_url == "postgresql://of-the-running-copy/x"


@pytest.mark.parametrize("database_url", ["", "postgresql://elsewhere/x"])
def test_a_command_that_must_be_alone_is_refused_beside_a_running_copy(
    folder: Path, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    settings.cache_clear()
    with instance.locked(folder):
        instance.announce(folder, {instance.DATABASE: "postgresql://of-the-running-copy/x"})
        with pytest.raises(instance.StartError, match="先停止"), instance.servers(alone=True):
            pass


def test_root_leaves_nothing_in_the_folder_of_another_account(folder: Path) -> None:
    folder.mkdir()
    if os.geteuid() != 0:  # everybody else is held off by the folder itself
        instance.refuse_root(folder)
        return
    os.chown(folder, 65534, -1)

    with pytest.raises(instance.StartError, match="root"), instance.servers():
        pass

    assert list(folder.iterdir()) == []


def test_a_command_beside_a_copy_that_is_only_starting_is_told_to_wait(folder: Path) -> None:
    with instance.locked(folder), pytest.raises(instance.StartError), instance.servers():
        pass


def test_children_get_every_setting_but_not_the_owners_login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIANQI_MIGRATION_URL", "postgresql://owner@host/x")
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@host/x")
    monkeypatch.setenv("QIANQI_SECURE_COOKIES", "true")
    settings.cache_clear()

    found = instance.child_environment()

    assert found["QIANQI_DATABASE_URL"] == "postgresql://app@host/x"
    assert "QIANQI_MIGRATION_URL" not in found
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    assert settings_module.Settings().secure_cookies is True
