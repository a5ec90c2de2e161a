"""Run by Alembic: connect as the owner of the tables and migrate in one transaction."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, NullPool, TypeDecorator, create_engine, text

import models.all  # noqa: F401 - defines every table
from core import db, migrate
from models.base import metadata

_LOCK = 7_166_177  # any number that nothing else locks
_GRANTS = """
GRANT USAGE ON SCHEMA public TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {role};
REVOKE UPDATE, DELETE ON audit_entry, issue_event FROM {role};
"""


def run() -> None:
    """Migrate; a second machine waits at the lock and then finds nothing to do."""
    given: Connection | None = context.config.attributes.get("connection")
    if given is not None:  # part of a larger transaction, which its owner commits
        _migrate(given)
        return
    url = db.driver_url(context.config.attributes.get("url") or migrate.owner_url())
    with create_engine(url, poolclass=NullPool).connect() as connection:
        _migrate(connection)


def _migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, compare_type=True, render_item=_plain)
    with context.begin_transaction():
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        context.run_migrations()
        grant(connection, context.config.attributes.get("app_role"))


def _plain(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Write SQLModel's types into a new migration as the SQLAlchemy types they stand for; leave all else to Alembic."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def grant(connection: Connection, role: str | None) -> None:
    """Let the application's login read and write rows, but neither change tables nor rewrite the audit log.

    Where one login is both owner and application, the trigger on the audit log is what protects it.
    """
    if role and role != connection.scalar(text("SELECT current_user")):
        connection.execute(text(_GRANTS.format(role=connection.dialect.identifier_preparer.quote(role))))


run()
