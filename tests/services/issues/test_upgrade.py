"""Issues registered before there was a life cycle come into it whole."""

from collections.abc import Iterator

import psycopg
import pytest
from alembic import command
from psycopg import sql
from sqlmodel import col, select

from core import db, migrate
from core.db import transaction
from core.embedded import EmbeddedPostgres
from core.embedded.postgres import APP
from core.settings import settings
from models.issue import Issue, IssueState
from services import upkeep
from services.actor import SYSTEM
from services.issues import clocks, events

_BEFORE = "0005_distinct_pairs"
_ROWS = """
INSERT INTO area (id, created_at, updated_at, code, name, tier, path, active)
  VALUES (1, now(), now(), '1', '高新区', 'zone', '1.', true);
INSERT INTO account (id, created_at, updated_at, username, name, role, phone, email, locale, active, password_hash,
                     must_change_password)
  VALUES (1, now(), now(), 'w', '网格员', 'grid_worker', '', '', '', true, '', false);
INSERT INTO enterprise (id, created_at, updated_at, name, address, area_id, industry, scale, status,
                        legal_representative, note, extra, name_key)
  VALUES (1, now(), now(), '企业', '', 1, '', NULL, 'active', '', '', '{}', '企业');
INSERT INTO issue (id, created_at, updated_at, number, kind, state, text, category, solution, enterprise_id, area_id,
                   registered_by_id, extra)
SELECT n, now(), now(), 'QY-2023-00000' || n, 'difficult_issue',
       (ARRAY['registered', 'resolved_on_site', 'resolved'])[n], '停电', '', '', 1, 1, 1, '{}'
FROM generate_series(1, 3) AS n;
"""


@pytest.fixture
def upgraded(postgres: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A database that had issues at the last revision before the ledger, brought to the present one."""
    with psycopg.connect(postgres.admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE older OWNER qianqi_owner"))
        owner = postgres.owner_url.removesuffix("qianqi") + "older"
        command.upgrade(migrate._config(owner), _BEFORE)
        with psycopg.connect(owner) as connection:
            connection.execute(_ROWS)
        migrate.upgrade(owner, app_role=APP)
        monkeypatch.setenv("QIANQI_DATABASE_URL", postgres.app_url.removesuffix("qianqi") + "older")
        settings.cache_clear()
        db.reset()
        yield
        db.reset()
        admin.execute(sql.SQL("DROP DATABASE older WITH (FORCE)"))


@pytest.mark.usefixtures("upgraded", "frozen_clock")
def test_old_issues_get_their_log_at_the_migration_and_their_clocks_at_the_upkeep() -> None:
    """Given issues of the first release, when it is upgraded and kept up, then log and clocks are as for new ones."""
    upkeep.run({})
    upkeep.run({})

    with transaction(actor=SYSTEM) as session:
        rows = session.exec(select(Issue).order_by(col(Issue.id))).all()
        assert [row.state for row in rows] == [IssueState.REGISTERED, IssueState.RESOLVED_ON_SITE, IssueState.RESOLVED]
        for row in rows:
            running = clocks.running(session, row.pk)
            assert running is not None
            assert (row.due_at, row.stage, row.version) == (running.due_at, clocks.stage_of(row), 2)
            assert events.replay(events.of(session, row.pk)) == events.snapshot(row)
