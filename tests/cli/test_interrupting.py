"""A command that is asked to end takes the servers it started with it."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.servers import ROOT


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="qianqi-interrupted-") as name:
        Path(name).chmod(0o755)
        yield Path(name) / "data"


@pytest.mark.parametrize(
    ("command", "number", "begun"),
    [
        (["demo"], signal.SIGTERM, "postgres/18/postmaster.pid"),
        (["doctor"], signal.SIGHUP, "valkey/valkey.pid"),
        (["user", "list"], signal.SIGINT, "postgres/18.unfinished"),
    ],
)
def test_a_command_that_is_asked_to_end_leaves_no_server_behind(
    folder: Path, command: list[str], number: signal.Signals, begun: str
) -> None:
    process = _started(folder, command)
    _wait_for(folder / begun)

    process.send_signal(number)
    said = process.communicate(timeout=60)[1]

    assert process.returncode == -number, "a shell or service manager sees why it ended"
    assert said == b""
    assert _running_in(folder) == []


def _started(folder: Path, command: list[str]) -> subprocess.Popen[bytes]:
    ours = {"DATABASE_URL", "REDIS_URL"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QIANQI_") and name not in ours}
    env = {**kept, "QIANQI_ENV_FILE": os.devnull, "QIANQI_DATA_DIR": str(folder)}
    heard = ["env", "--default-signal=HUP"]  # whoever runs the tests may ignore it, as under `nohup`
    return subprocess.Popen(
        [*heard, sys.executable, "-m", "cli", *command],
        cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def _wait_for(file: Path) -> None:
    deadline = time.monotonic() + 60
    while not file.exists():
        assert time.monotonic() < deadline, "it did not start"
        time.sleep(0.02)


def _running_in(folder: Path) -> list[str]:
    everything = psutil.process_iter(["name", "cwd"])
    return [str(each.info["name"]) for each in everything if str(each.info["cwd"] or "").startswith(str(folder))]
