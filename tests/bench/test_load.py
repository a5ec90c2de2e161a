"""What is reckoned from a run under load, and a small run of the whole."""

import json
import os
import subprocess
import sys

import pytest

from bench.load import watching
from tests.servers import ROOT


def test_a_slope_is_told_with_what_is_not_known() -> None:
    steady = [(float(second), 200.0 + (second % 2)) for second in range(0, 600, 5)]
    growing = [(second, size + second / 3600 * 50) for second, size in steady]

    flat, grown = watching.slope(steady), watching.slope(growing)

    assert flat is not None
    assert grown is not None
    assert flat.least < 0 < flat.most
    assert grown.mb_per_hour - flat.mb_per_hour == pytest.approx(50)
    assert grown.least > 0
    assert watching.slope(steady[:2]) is None


def test_memory_is_averaged_span_by_span() -> None:
    watch = watching.Watch(pid=0)
    watch.read = [(0.0, 100.0), (5.0, 200.0), (10.0, 300.0), (12.0, 500.0)]

    assert watch.averages(10) == (150.0, 400.0)


def test_people_of_every_role_open_their_pages_and_each_session_is_weighed() -> None:
    command = [
        sys.executable,
        "-m",
        "cli",
        "bench",
        "load",
        "--sessions",
        "12",
        "--seconds",
        "6",
        "--every",
        "1",
        "--json",
    ]
    env = {**os.environ, "QIANQI_ENV_FILE": os.devnull}

    found = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300, check=True).stdout

    report = json.loads(found)
    assert report["errors"] == []
    assert report["whole"]["count"] == sum(each["count"] for each in report["pages"]) >= 12
    assert 0 < report["whole"]["p50"] <= report["whole"]["p95"] <= report["whole"]["p99"]
    assert [int(count) for count in report["memory"]] == [1, 10, 12]
    assert report["processors"]["web"] > 0
    assert {"visits-today", "issues-todo"} <= {each["page"] for each in report["pages"]}
