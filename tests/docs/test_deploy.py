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


def test_commands_are_typed_as_documented_with_the_account_and_settings_of_the_service() -> None:
    unit = (ROOT / "deploy/systemd/qianqi.service").read_text("utf-8")
    typed = (ROOT / "deploy/qianqi").read_text("utf-8")

    account, file = (
        re.search(r"^User=(.+)$", unit, re.MULTILINE),
        re.search(r"^EnvironmentFile=(.+)$", unit, re.MULTILINE),
    )
    assert account
    assert file
    assert f"runuser -u {account[1]} -- env QIANQI_ENV_FILE={file[1]} " in typed
    assert "install -m 755 deploy/qianqi /usr/local/bin/qianqi" in (ROOT / "docs/operations.md").read_text("utf-8")


def test_settings_and_passwords_of_containers_reach_them_but_not_their_image() -> None:
    compose = (ROOT / "deploy/compose.yaml").read_text("utf-8")
    kept_out = (ROOT / ".dockerignore").read_text("utf-8").split()

    assert "  env_file: [qianqi.env]\n" in compose
    assert {"**/qianqi.env", "**/.env"} <= set(kept_out)
    assert {"qianqi.env", ".env"} <= set((ROOT / ".gitignore").read_text("utf-8").split())


def test_a_restore_into_containers_is_run_by_a_service_that_can() -> None:
    """It needs the login that owns the tables, the backups, the files, and that nobody else uses either."""
    documents = "".join((ROOT / "docs" / name).read_text("utf-8") for name in ("backup.md", "operations.md"))
    compose = (ROOT / "deploy/compose.yaml").read_text("utf-8")
    shared, _services, services = compose.partition("\nservices:\n")
    parts = dict(re.findall(r"^  ([a-z]+):\n((?:    .*\n|\n)+)", services, re.MULTILINE))
    ours = {name for name, part in parts.items() if "<<: *qianqi" in part}

    (run,) = re.findall(r"^docker compose -f deploy/compose.yaml run --rm ([a-z]+) restore /backup/", documents, re.M)
    (stopped,) = re.findall(r"^docker compose -f deploy/compose.yaml stop ([a-z ]+)$", documents, re.MULTILINE)

    assert run in ours
    assert "QIANQI_MIGRATION_URL: postgresql://qianqi_owner:" in parts[run]
    assert {*stopped.split(), run} == ours
    assert ':/backup"]' in shared
    assert "volumes:" not in parts[run], "those of all"
    assert 'ENTRYPOINT ["qianqi"]' in (ROOT / "deploy/Dockerfile").read_text("utf-8")


def test_examples_of_settings_have_comments_on_lines_of_their_own() -> None:
    """Systemd and containers take what follows a value for a part of it; the product's own reader does not."""
    files = [*(ROOT / "deploy").iterdir(), *(ROOT / "docs").rglob("*.md"), ROOT / "README.md"]
    lines = [line for file in files if file.is_file() for line in file.read_text("utf-8").splitlines()]

    assert [line for line in lines if re.match(r"[#\s]*[A-Z][A-Z_]+=\S*\s+#", line)] == []


def test_the_proxy_of_the_documents_lets_the_largest_upload_through() -> None:
    found = re.findall(r"client_max_body_size (\d+)m;", (ROOT / "docs/operations.md").read_text("utf-8"))

    assert [size for size in map(int, found) if size <= Settings().largest_upload_mb] == []
    assert found


def test_the_upgrade_runs_the_unit_of_migrations_again() -> None:
    unit = (ROOT / "deploy/systemd/qianqi-migrate.service").read_text("utf-8")

    assert "RemainAfterExit=yes" in unit  # so that `start` would do nothing
    assert "`systemctl restart qianqi-migrate`" in (ROOT / "docs/operations.md").read_text("utf-8")
