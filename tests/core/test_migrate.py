"""Migrations are applied once, and what is missing can be told."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import NullPool, create_engine

import models.all  # noqa: F401 - defines every table
from core import db, migrate
from core.embedded import EmbeddedPostgres
from models.base import LabelledEnum, Row, column, json_column, metadata
from tests.servers import ROOT, new_database


@pytest.mark.usefixtures("database")
def test_a_migrated_database_has_nothing_pending() -> None:
    assert migrate.pending() == []


def test_an_empty_database_lists_every_migration_and_upgrading_twice_is_harmless(postgres: EmbeddedPostgres) -> None:
    with psycopg.connect(postgres.admin_url, autocommit=True) as admin:
        admin.execute("CREATE DATABASE fresh OWNER qianqi_owner")
    url = postgres.owner_url.removesuffix("qianqi") + "fresh"

    before = migrate.pending(url)
    migrate.upgrade(url)
    migrate.upgrade(url)

    assert len(before) == len(list((migrate.FOLDER / "versions").glob("*.py")))
    assert migrate.pending(url) == []


def test_a_database_of_a_newer_release_is_left_alone(postgres: EmbeddedPostgres) -> None:
    with new_database(postgres) as made:
        with psycopg.connect(made.owner_url) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999_of_tomorrow'")
        for asked in (migrate.pending, migrate.upgrade):
            with pytest.raises(migrate.NewerError, match="9999_of_tomorrow"):
                asked(made.owner_url)


def test_the_application_role_may_not_change_tables(database: str) -> None:
    with psycopg.connect(database) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE sneaked_in (id int)")


def test_the_application_role_may_add_to_the_audit_log_but_not_rewrite_it(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute(
            "INSERT INTO audit_entry (at, actor_name, action, entity, entity_id, before, after, ip, request_id)"
            " VALUES (now(), '', 'x', 'y', '', '{}', '{}', '', '')"
        )
        connection.commit()
        for rewrite in ("UPDATE audit_entry SET action = 'z'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(rewrite)
            connection.rollback()


@pytest.fixture
def new_table() -> Iterator[None]:
    """A table that no migration has made."""

    class Clerks(LabelledEnum):
        YES = "yes", "Yes"
        NO = "no", "No"

    class NeverMigrated(Row, table=True):
        kind: Clerks = column("Kind", choices=Clerks)
        opened_on: date | None = column("Opened on", default=None)
        note: str | None = column("Note", default=None, max_length=40)
        free: str = column("Free", unique=True)
        area_id: int = column("Area", reference="area", foreign_key="area.id", index=True)
        extra: dict[str, str] = json_column()

    yield
    metadata.remove(metadata.tables[NeverMigrated.__tablename__])


@pytest.mark.usefixtures("new_table")
def test_a_written_migration_passes_the_checks_and_goes_up_and_down(
    postgres: EmbeddedPostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(migrate.FOLDER, tmp_path / "migrations")
    before = migrate.head()
    monkeypatch.setattr(migrate, "FOLDER", tmp_path / "migrations")

    file = migrate.make_revision("Add a table, with “one” long title of many words.")

    assert migrate.head() == file.stem
    assert int(file.stem[:4]) == int(before[:4]) + 1
    for check in ("check",), ("format", "--check"):
        subprocess.run([sys.executable, "-m", "ruff", *check, str(file)], check=True)
    with new_database(postgres) as made:
        migrate.upgrade(made.owner_url)
        assert _differences(made.owner_url) == []
        command.downgrade(migrate._config(made.owner_url), before)
        assert [each[0] for each in _differences(made.owner_url) if each[0] == "add_table"] == ["add_table"]


def _differences(url: str) -> list[Any]:
    engine = create_engine(db.driver_url(url), poolclass=NullPool)
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))


def test_the_models_and_the_migrations_describe_the_same_tables(postgres: EmbeddedPostgres) -> None:
    assert _differences(postgres.owner_url) == []
