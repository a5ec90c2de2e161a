"""`qianqi bench`: a small run prints every figure, for programs and for people."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence

from tests.servers import ROOT

_SMALL = ("--count", "200", "--planned", "12000", "--turns", "1")


def _bench(arguments: Sequence[str]) -> str:
    command = [sys.executable, "-m", "cli", "bench", "reminders", *_SMALL, *arguments]
    env = {**os.environ, "QIANQI_ENV_FILE": os.devnull}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300, check=True).stdout


def test_reminders_are_measured_against_what_the_machine_can_do() -> None:
    report = json.loads(_bench(["--json"]))

    assert report["count"] == 200
    assert set(report["pairs"]) == {"inbox", "mail", "scan"}
    for pair in report["pairs"].values():
        assert pair["here"] > 0
        assert pair["ratio"] == pair["here"] / pair["there"]
    assert report["machine"]["cores"] >= 1
