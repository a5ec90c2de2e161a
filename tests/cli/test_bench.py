"""`qianqi bench`: a small run prints every figure, for programs and for people."""

import json
import os
import subprocess
import sys

from tests.servers import ROOT

_FEW = ("reminders", "--count", "200", "--planned", "12000", "--turns", "1")
_SMALL = ("pages", "--issues", "2000", "--visits", "2000", "--enterprises", "200", "--turns", "1")


def _bench(*arguments: str) -> str:
    command = [sys.executable, "-m", "cli", "bench", *arguments]
    env = {**os.environ, "QIANQI_ENV_FILE": os.devnull}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300, check=True).stdout


def test_reminders_are_measured_against_what_the_machine_can_do() -> None:
    report = json.loads(_bench(*_FEW, "--json"))

    assert report["count"] == 200
    assert set(report["pairs"]) == {"inbox", "mail", "scan"}
    for pair in report["pairs"].values():
        assert pair["here"] > 0
        assert pair["ratio"] == pair["here"] / pair["there"]
    assert report["machine"]["cores"] >= 1


def test_pages_are_measured_against_an_empty_one() -> None:
    report = json.loads(_bench(*_SMALL, "--json"))

    assert report["size"] == {"issues": 2000, "visits": 2000, "enterprises": 200}
    assert {"overview", "ledger"} <= set(report["pairs"])
    for pair in report["pairs"].values():
        assert 0 < pair["here"] <= pair["here_p95"]
    facts = {each["key"]: each["value"] for each in report["facts"]}
    assert facts["wrong"] == 0
    assert facts["cells"] > 0
    asked = {"list", "filter", "search", "far"}
    assert asked <= (set(report["pairs"]) if report["peer"] else set(facts))
