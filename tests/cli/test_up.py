"""`qianqi up` from the empty folder to the last goodbye, and what it says when something is in the way."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psutil
import pytest

from core.embedded.process import free_port
from tests.servers import ROOT

HEARD = re.compile(r'qianqi_processes_alive\{kind="(?:worker",state="ready|scheduler",state="leader)"\} [1-9]')
"""The lines of metrics that say that a worker, and a scheduler that leads, have been heard; else they say 0."""


@pytest.fixture
def env() -> Iterator[dict[str, str]]:
    """The environment of a machine with no server and no setting but the folder and the port."""
    with tempfile.TemporaryDirectory(prefix="qianqi-up-") as name:
        Path(name).chmod(0o755)
        kept = {
            k: v
            for k, v in os.environ.items()
            if not k.startswith("QIANQI_") and k not in {"DATABASE_URL", "REDIS_URL"}
        }
        own = {"QIANQI_ENV_FILE": os.devnull, "QIANQI_DATA_DIR": f"{name}/data", "QIANQI_PORT": str(free_port())}
        yield {**kept, **own, "QIANQI_WORKER_PROCESSES": "1", "PYTHONUNBUFFERED": "1"}


class Running:
    """A `qianqi up` that has said its welcome."""

    def __init__(self, env: dict[str, str]) -> None:
        self.output = Path(env["QIANQI_DATA_DIR"]).parent / "output"
        self.url = f"http://127.0.0.1:{env['QIANQI_PORT']}"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cli", "up"], cwd=ROOT, env=env, stdout=output, stderr=output
            )
        wait_until(lambda: "Ctrl-C" in self.text() or self.process.poll() is not None, 90)
        assert self.process.poll() is None, self.text()

    def text(self) -> str:
        return self.output.read_text("utf-8")

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, word: str) -> psutil.Process | None:
        found = [each for each in self.children() if _runs(each, word)]
        return found[0] if found else None

    def stop(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


@contextmanager
def running(env: dict[str, str]) -> Iterator[Running]:
    copy = Running(env)
    try:
        yield copy
    finally:
        if copy.process.poll() is None:
            copy.stop(signal.SIGTERM)


def wait_until(true: Callable[[], bool], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


def qianqi(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cli", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False)


def test_everything_starts_answers_mends_itself_stops_and_starts_again_with_its_data(env: dict[str, str]) -> None:
    with running(env) as copy:
        assert copy.url in copy.text()
        assert "coordinator" in copy.text()
        assert re.search(r"启动用时 \d+\.\d 秒：程序 .+、数据库和队列 .+、数据表 .+、数据 .+、网页服务 ", copy.text())
        assert httpx.get(f"{copy.url}/readyz").json() == {"status": "ready", "problems": {}}
        assert httpx.get(copy.url, follow_redirects=True).url.path == "/sign-in"

        second = qianqi(env, "up")
        assert second.returncode == 1
        assert env["QIANQI_DATA_DIR"] in second.stderr
        assert qianqi(env, "user", "create", "kept", "张三", "--role", "administrator").returncode == 0

        wait_until(lambda: len(HEARD.findall(httpx.get(f"{copy.url}/metrics").text)) == 2)
        examined = qianqi(env, "doctor")
        assert examined.returncode == 0, examined.stdout

        web = copy.child("web")
        assert web is not None
        web.kill()
        wait_until(lambda: copy.child("web") not in (None, web) and _answers(copy.url), 60)

        database = int((Path(env["QIANQI_DATA_DIR"]) / "postgres/18/postmaster.pid").read_text().split()[0])
        psutil.Process(database).kill()
        wait_until(lambda: httpx.get(f"{copy.url}/readyz", timeout=30).status_code == 503)
        wait_until(lambda: httpx.get(f"{copy.url}/readyz", timeout=30).is_success, 60)

        children = copy.children()
        assert copy.stop(signal.SIGINT) == 0
        assert not [each for each in children if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]

    with running(env) as copy:
        assert "kept" in qianqi(env, "user", "list").stdout
        assert copy.stop(signal.SIGTERM) == 0


def test_a_start_can_be_interrupted_and_leaves_nothing_running(env: dict[str, str]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", "up"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        text=True,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.readline()
    children = psutil.Process(process.pid).children(recursive=True)

    process.send_signal(signal.SIGINT)
    rest = process.stdout.read()
    process.stdout.close()

    assert process.wait(60) == 0, rest
    assert "Traceback" not in rest
    assert not [each for each in children if each.is_running()]


def test_a_supervisor_killed_while_it_makes_data_does_not_hinder_the_next_start(env: dict[str, str]) -> None:
    making = Path(env["QIANQI_DATA_DIR"]) / "preparing"
    with running(env) as copy:
        assert making.exists()  # pages are served, issues are still being made
        copy.process.kill()
        copy.process.wait()
    wait_until(lambda: not _answers(copy.url))

    with running(env) as copy:
        assert _answers(copy.url)
        assert "演示数据没有生成完" in copy.text()
        wait_until(lambda: not making.exists())
        assert "，0 个有误" in (found := qianqi(env, "figures").stdout), found
        assert copy.stop(signal.SIGINT) == 0

    with running(env) as copy:
        assert "演示数据没有生成完" not in copy.text()


def test_a_taken_port_is_told_before_anything_starts(env: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(env["QIANQI_PORT"])))
        taken.listen()
        done = qianqi(env, "up")

    assert_one_sentence(done, env["QIANQI_PORT"])
    assert not (Path(env["QIANQI_DATA_DIR"]) / "postgres").exists()


def test_a_data_folder_below_a_file_is_told(env: dict[str, str]) -> None:
    Path(env["QIANQI_DATA_DIR"]).write_text("")

    assert_one_sentence(qianqi(env, "up"), env["QIANQI_DATA_DIR"])


if os.geteuid() == 0:  # only root can mount

    @pytest.mark.parametrize("options", ["ro,size=1g", "size=300k", "size=64m"])
    def test_a_read_only_or_full_disk_is_told(env: dict[str, str], options: str) -> None:
        folder = Path(env["QIANQI_DATA_DIR"])
        folder.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"mode=755,{options}", "tmpfs", str(folder)], check=True)
        try:
            assert_one_sentence(qianqi(env, "up"), str(folder))
        finally:
            subprocess.run(["umount", str(folder)], check=True)

    def test_the_doctor_shows_every_check_on_a_full_disk(env: dict[str, str]) -> None:
        folder = Path(env["QIANQI_DATA_DIR"])
        folder.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755,size=64k", "tmpfs", str(folder)], check=True)
        try:
            with suppress(OSError), (folder / "full").open("wb", buffering=0) as file:
                while True:
                    file.write(b"x" * 1024)
            found = qianqi(env, "doctor", "--json")
        finally:
            subprocess.run(["umount", str(folder)], check=True)

        states = {each["check"]: each["state"] for each in json.loads(found.stdout)}
        assert found.returncode == 1
        assert states["Python"] == states["中文字体"] == "ok"
        assert states["数据目录"] == states["磁盘"] == states["上传的文件"] == states["本机服务"] == "failed"


def assert_one_sentence(done: subprocess.CompletedProcess[str], part: str) -> None:
    assert done.returncode == 1
    assert part in done.stderr
    assert len(re.findall("[：。]$", done.stderr.strip())) == 1
    assert "\n" not in done.stderr.strip()


def _runs(process: psutil.Process, word: str) -> bool:
    try:
        return process.cmdline()[-1:] == [word]
    except psutil.NoSuchProcess:
        return False


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz").is_success
    except httpx.TransportError:
        return False
