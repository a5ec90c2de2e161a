"""Measures a start as a person at the keyboard has it: `qianqi up`, until its pages can be used.

Three starts, each in a process of its own with its own servers: on an empty folder with the demonstration's data to
be made, on that folder again, and on an empty folder in production, where there are no data to make. Each is timed
until the sign-in page is served, and with the demonstration until a coordinator has signed in and all of their start
page has come, and until the last of the data was there.
"""

import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.report import machine
from bench.tab import Tab, sign_in
from core.embedded.process import free_port
from core.i18n import N_
from core.i18n import gettext as _
from core.supervisor import ROOT
from services import demo

MOST_SECONDS = 10
"""What is wanted until a page can be used."""
_LONGEST = 180
_TOLD = re.compile(r".*(?:用时|Started in).*")


@dataclass(frozen=True)
class Start:
    """One start.

    Args:
        what: which, a message id.
        served: seconds until the sign-in page was served.
        usable: seconds until a person's start page was there; `None` where nobody can sign in yet.
        whole: seconds until all data were there.
        stages: what the start itself said of its stages.
    """

    what: str
    served: float
    usable: float | None
    whole: float
    stages: str

    @property
    def seconds(self) -> float:
        """Seconds until there was a page to use."""
        return self.usable if self.usable is not None else self.served


def measure() -> list[Start]:
    """Start three times and return how long each took."""
    with tempfile.TemporaryDirectory(prefix="qianqi-start-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        production = {"QIANQI_MODE": "production", "QIANQI_SECRET_KEY": secrets.token_urlsafe(32)}
        return [
            _start(N_("The first start, with the demonstration's data to be made"), folder / "data", {}),
            _start(N_("A later start"), folder / "data", {}),
            _start(N_("The first start in production"), folder / "real", production),
        ]


def as_text(starts: list[Start]) -> str:
    """Return what was measured for people."""
    head = _("From `qianqi up` until a page can be used; {cores} cores, Python {python}").format(**machine())
    lines = [head]
    for each in starts:
        verdict = _("met") if each.seconds <= MOST_SECONDS else _("NOT met")
        lines += [
            "",
            _("{what}: {seconds:.1f} s, wanted at most {most} s: {verdict}").format(
                what=_(each.what), seconds=each.seconds, most=MOST_SECONDS, verdict=verdict
            ),
            _("  sign-in page after {served:.1f} s, all data after {whole:.1f} s").format(
                served=each.served, whole=each.whole
            ),
            f"  {each.stages}",
        ]
    return "\n".join(lines)


def _start(what: str, data: Path, more: dict[str, str]) -> Start:
    began = time.monotonic()
    with _up(data, more) as (url, log):
        while not _answers(url):
            if time.monotonic() - began > _LONGEST:
                raise TimeoutError(log.read_text("utf-8"))
            time.sleep(0.05)
        served, usable = time.monotonic() - began, None
        if not more:
            with Tab(url, sign_in(url, "coordinator", demo.PASSWORD)) as tab:
                tab.open("")
            usable = time.monotonic() - began
        while (data / "preparing").exists() and time.monotonic() - began < _LONGEST:
            time.sleep(0.05)
        whole = time.monotonic() - began
        told = _TOLD.search(log.read_text("utf-8"))
    return Start(what, served, usable, whole, told.group().strip() if told else "")


@contextmanager
def _up(data: Path, more: dict[str, str]) -> Iterator[tuple[str, Path]]:
    port, log = free_port(), data.with_suffix(".log")
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("QIANQI_", "DATABASE_", "REDIS_"))
    }
    own = {
        "QIANQI_ENV_FILE": os.devnull,
        "QIANQI_DATA_DIR": str(data),
        "QIANQI_PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "cli", "up"], cwd=ROOT, env={**kept, **own, **more}, stdout=output, stderr=output
        )
    try:
        yield f"http://127.0.0.1:{port}", log
    finally:
        process.terminate()
        process.wait(60)


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/sign-in", trust_env=False, timeout=2).is_success
    except httpx.TransportError:
        return False
