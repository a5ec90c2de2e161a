"""Nothing is skipped in silence: the rule of tests/conftest.py, tried on small runs of pytest."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import ROOT

_SKIPPED = "import pytest\n\n@pytest.mark.skip(reason='too lazy')\ndef test_skipped(): pass\n"
_BROWSER = "import pytest\n\n@pytest.mark.browser\ndef test_in_browser(): pass\n"


def run(folder: Path, code: str, *options: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run pytest on one file, on a machine without Chromium."""
    (folder / "conftest.py").write_text("from tests.conftest import *  # noqa\n")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = browser: x\n")
    (folder / "test_it.py").write_text(code)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_") and name != "CI"}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", *options, str(folder)]
    environment = {**kept, "PYTHONPATH": str(ROOT), "PATH": "/nowhere", **env}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("options", [(), ("-n", "1")])
def test_a_skipped_test_fails_the_run(tmp_path: Path, options: tuple[str, ...]) -> None:
    done = run(tmp_path, _SKIPPED, *options)

    assert done.returncode == 1, done.stdout
    assert "skipping is not allowed" in done.stdout


def test_browser_tests_are_left_out_without_chromium_and_the_end_says_so(tmp_path: Path) -> None:
    done = run(tmp_path, _BROWSER)

    assert done.returncode == 0, done.stdout
    assert "1 browser tests did NOT run: no Chromium on this machine" in done.stdout


def test_with_ci_browser_tests_run_whatever_the_machine_has(tmp_path: Path) -> None:
    done = run(tmp_path, _BROWSER, CI="true")

    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout
