"""`make install` ends what an earlier one left half done."""

import subprocess
import sys
from pathlib import Path

from tests.servers import ROOT

_WITHOUT_VENV = """#!/bin/sh
case "$*" in
*venv*)
    mkdir -p .venv/bin
    ln -sf "$(command -v python3)" .venv/bin/python
    echo "ensurepip is not available" >&2
    exit 1 ;;
esac
"""


def test_an_environment_that_failed_for_want_of_venv_is_made_anew(tmp_path: Path) -> None:
    broken = tmp_path / "python3-without-venv"
    broken.write_text(_WITHOUT_VENV)
    broken.chmod(0o755)

    failed = _make(tmp_path, broken)
    left = (tmp_path / ".venv/bin/python").is_symlink()
    mended = _make(tmp_path, Path(sys.executable))
    again = _make(tmp_path, broken)

    assert failed.returncode
    assert "ensurepip" in failed.stderr
    assert left
    assert mended.returncode == 0, mended.stderr
    assert (tmp_path / ".venv/bin/pip").exists()
    assert again.returncode == 0  # what is whole stays


def _make(folder: Path, python: Path) -> subprocess.CompletedProcess[str]:
    environment = _environment(folder)
    command = ["make", "-f", str(ROOT / "Makefile"), environment, f"PYTHON={python}"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


def _environment(folder: Path) -> str:
    """Return the target that the installation waits for, as the Makefile itself names it."""
    (folder / "requirements.lock").touch()
    (folder / "pyproject.toml").touch()
    rules = (ROOT / "Makefile").read_text("utf-8")
    return next(line for line in rules.splitlines() if line.startswith(".venv/run.stamp:")).partition("| ")[2]
