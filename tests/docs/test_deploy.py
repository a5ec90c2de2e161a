"""What operators copy names commands and settings that exist."""

import re
from pathlib import Path

import typer

import cli
from core.lifeline import VARIABLE
from core.settings import Settings

ROOT = Path(__file__).parents[2]
_COMMANDS = set(typer.main.get_command(cli.app).commands)  # type: ignore[attr-defined]
_SETTINGS = {f"QIANQI_{name.upper()}" for name in Settings.model_fields} | {"QIANQI_ENV_FILE", VARIABLE}


def test_units_and_compose_start_commands_that_exist() -> None:
    started = [command for unit in (ROOT / "deploy/systemd").iterdir() for command in _started(unit)]
    compose = re.findall(r'^    command: \["([a-z]+)"\]$', (ROOT / "deploy/compose.yaml").read_text(), re.MULTILINE)

    assert sorted(started) == ["migrate", "scheduler", "up", "web", "worker"]
    assert sorted(compose) == ["migrate", "scheduler", "web", "worker"]
    assert set(started + compose) <= _COMMANDS


def test_documents_name_settings_that_exist() -> None:
    files = [*(ROOT / "deploy").rglob("*"), *(ROOT / "docs").rglob("*.md"), ROOT / "README.md"]
    named = {
        name for file in files if file.is_file() for name in re.findall(r"QIANQI_[A-Z_]*[A-Z]", file.read_text("utf-8"))
    }

    assert named <= _SETTINGS


def test_documented_commands_exist() -> None:
    text = (ROOT / "docs/operations.md").read_text("utf-8")

    assert set(re.findall(r"`qianqi ([a-z-]+)", text)) - {"backup"} <= _COMMANDS


def _started(unit: Path) -> list[str]:
    return re.findall(r"^ExecStart=/opt/qianqi/.venv/bin/qianqi ([a-z]+)$", unit.read_text(), re.MULTILINE)
