"""An empty machine to restore into."""

import uuid
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from core.embedded import EmbeddedPostgres
from core.embedded.postgres import APP, DATABASE, OWNER
from core.settings import settings
from core.storage import FolderStore
from services.backups.restoring import Target
from tests.restore.evidence import Evidence


@pytest.fixture
def empty(postgres: EmbeddedPostgres) -> Iterator[Target]:
    """A machine whose database has no tables, and that has no files."""
    name = f"empty_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres.admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER)))
        files = FolderStore(settings().data_dir / "restored-files")
        yield Target(postgres.owner_url.removesuffix(DATABASE) + name, APP, files)
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def evidence(request: pytest.FixtureRequest) -> Iterator[Evidence]:
    """Rows for the document that `--drill` names."""
    found = Evidence()
    yield found
    document = request.config.getoption("--drill")
    if document is not None:
        found.write(document)
