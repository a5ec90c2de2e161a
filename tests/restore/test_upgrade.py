"""Data of an earlier release, and a backup made by it, are brought to this one without losing a row."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from psycopg import sql
from sqlalchemy import NullPool, create_engine

from core import db, migrate
from core.embedded import EmbeddedPostgres
from core.embedded.postgres import APP
from core.settings import settings
from services.backups import making, restoring, snapshot
from services.backups.restoring import Target
from services.tallies import checking
from tests.restore.evidence import Evidence
from tests.servers import Database, new_database

EARLIER = "0014_delivery_lines"
"""A release without figures, classes, bulletins and digests."""
_BROUGHT = {"reminder_rule": 4, "reminder_template": 3}
"""Rows that later releases bring: rules and words of the weekly digest, of backups and of declined needs."""
_HEAD = ("data of an earlier release", "tables", "rows before", "rows after", "figures wrong")


@pytest.fixture
def earlier(postgres: EmbeddedPostgres, demo_template: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The demonstration's data in the tables of the earlier release."""
    with new_database(postgres, demo_template) as made:
        command.downgrade(migrate._config(made.owner_url), EARLIER)
        monkeypatch.setenv("QIANQI_DATABASE_URL", made.url)
        monkeypatch.setenv("QIANQI_MIGRATION_URL", made.owner_url)
        settings.cache_clear()
        db.reset()
        yield made
        db.reset()


def _counts(url: str) -> dict[str, int]:
    with psycopg.connect(url) as connection:
        tables = [each.name for each in snapshot.tables(connection)]
        counting = sql.SQL("SELECT count(*) FROM {}")
        counts = {name: connection.execute(counting.format(sql.Identifier(name))).fetchone() for name in tables}
        return {name: row[0] for name, row in counts.items() if row}


def _added(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {name: after[name] - count for name, count in before.items() if after[name] != count}


def _is_of_this_release(owner_url: str) -> bool:
    import models.all  # noqa: F401 - defines every table
    from models.base import metadata

    engine = create_engine(db.driver_url(owner_url), poolclass=NullPool)
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)
    return not found and migrate.pending(owner_url) == []


def test_data_are_brought_up_to_date_in_place(earlier: Database, evidence: Evidence) -> None:
    before = _counts(earlier.owner_url)

    migrate.upgrade(earlier.owner_url, app_role=APP)

    after, figures = _counts(earlier.owner_url), checking.check()
    assert _is_of_this_release(earlier.owner_url)
    assert _added(before, after) == _BROUGHT
    assert figures.cells > 0
    assert checking.check().wrong == 0
    rows = sum(before.values()), sum(after[name] for name in before)
    evidence.add("table of upgrades", _HEAD, f"`{EARLIER}`, upgraded in place", len(before), *rows, 0)


def test_a_backup_of_the_earlier_release_is_restored_by_this_one(
    earlier: Database, empty: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, evidence: Evidence
) -> None:
    made = making.make(str(tmp_path))
    before = _counts(earlier.owner_url) | {"audit_entry": 0, "outbox_message": 0, "reminder": 0}

    restoring.restore(tmp_path / made.name, empty)

    monkeypatch.setenv("QIANQI_DATABASE_URL", empty.owner_url)
    settings.cache_clear()
    after = _counts(empty.owner_url) | {"audit_entry": 0, "outbox_message": 0, "reminder": 0}
    assert made.manifest.migration == EARLIER
    assert _is_of_this_release(empty.owner_url)
    assert _added(before, after) == _BROUGHT
    checking.check()
    assert checking.check().wrong == 0
    rows = sum(before.values()), sum(after[name] for name in before)
    evidence.add("table of upgrades", _HEAD, f"`{EARLIER}`, a backup of it restored", len(before), *rows, 0)
    db.reset()
