"""The examples of docs/deadlines.md are what the command prints."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import ROOT

TEXT = (ROOT / "docs/deadlines.md").read_text("utf-8")
EXAMPLES = re.findall(r"```console\n\$ qianqi (.*?)\n(.*?)```", TEXT, re.DOTALL)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 2


@pytest.mark.parametrize(("command", "shown"), EXAMPLES, ids=[command for command, _shown in EXAMPLES])
def test_an_example_is_what_the_command_prints(command: str, shown: str, tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    env |= {"QIANQI_DATA_DIR": str(tmp_path / "none"), "QIANQI_DATABASE_URL": ""}

    done = subprocess.run(
        [sys.executable, "-m", "cli", *shlex.split(command)],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )

    printed = done.stdout.splitlines()
    parts = [part.splitlines() for part in shown.split("…\n")]  # "…" stands for lines left out
    assert printed[: len(parts[0])] == parts[0]
    assert all("\n".join(part) in done.stdout for part in parts)
    assert len(parts) > 1 or printed == parts[0]
