"""The programme that measurements are made on: its rows hang together as the product's own would."""

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from bench import programme
from core.embedded import EmbeddedPostgres
from services.tallies import checking, keeping

_SIZE = programme.Size(issues=4000, visits=3000, enterprises=300)
_REFERENCES = """
SELECT conrelid::regclass::text, a.attname, confrelid::regclass::text, b.attname FROM pg_constraint
JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = conkey[1]
JOIN pg_attribute b ON b.attrelid = confrelid AND b.attnum = confkey[1]
WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)
"""
_LOOSE = SQL("SELECT count(*) FROM {0} t WHERE {1} IS NOT NULL AND NOT EXISTS (SELECT FROM {2} x WHERE x.{3} = t.{1})")
_OUT_OF_ORDER = """
SELECT count(*) FROM issue WHERE dispatched_at < created_at OR resolved_at < dispatched_at OR closed_at < answered_at
"""
_TABLES = [
    "enterprise",
    "contact",
    "campaign",
    "campaign_target",
    "visit",
    "promise",
    "issue",
    "issue_clock",
    "issue_task",
]


@pytest.fixture
def filled(demo_database: str, postgres: EmbeddedPostgres) -> str:
    """The demonstration's database with a small programme on top."""
    name = demo_database.rpartition("/")[2]
    programme.fill(postgres.admin_url, _SIZE, database=name)
    return f"{postgres.owner_url.rpartition('/')[0]}/{name}"


def test_a_programme_hangs_together_and_its_figures_are_counted_right(filled: str) -> None:
    with psycopg.connect(filled) as connection:
        for table, column, target, key in connection.execute(_REFERENCES, [_TABLES]).fetchall():
            loose = connection.execute(_LOOSE.format(*map(Identifier, (table, column, target, key)))).fetchone()
            assert loose == (0,), f"{table}.{column}"
        issues, still_open, states = connection.execute(
            "SELECT count(*), count(*) FILTER (WHERE state NOT IN ('closed', 'declined')), count(DISTINCT state)"
            " FROM issue WHERE number ~ '-[0-9]{7}$'"
        ).fetchone() or (0, 0, 0)
        assert issues == _SIZE.issues
        assert 0.02 < still_open / issues < 0.05
        assert states == 14
        assert connection.execute(_OUT_OF_ORDER).fetchone() == (0,)

    keeping.rebuild()

    assert checking.check().wrong == 0


def test_indexes_are_there_again(filled: str, database: str) -> None:
    def indexes(url: str) -> set[str]:
        with psycopg.connect(url) as connection:
            return {
                row[0] for row in connection.execute("SELECT indexname FROM pg_indexes WHERE schemaname = 'public'")
            }

    assert indexes(filled) == indexes(database)
