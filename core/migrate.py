"""Bring the database's tables to the form this version of the product needs."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, NullPool, create_engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from core import db, logs
from core.errors import UserError
from core.i18n import N_
from core.settings import settings

FOLDER = Path(__file__).parent.parent / "migrations"
_NEWER = N_("The database is of a newer release of Qianqi ({revision}): install that release here too.")


_log = logs.get(__name__)
_BEHIND = N_("The tables of the database are missing or of an older release: run `qianqi migrate`, which makes them.")
_UNKNOWN = ("42P01", "42703")
"""SQLSTATE of a table and of a column that the database does not have."""


class BehindError(UserError):
    """The tables are not yet those of this release."""


class NewerError(UserError):
    """A newer release has brought the database to a form that this one does not know."""


def look() -> None:
    """Let the log say that the tables are not those of this release, so that nobody needs to guess it from errors."""
    try:
        missing = pending()
    except NewerError as problem:
        _log.error("database of a newer release", reason=str(problem))
        return
    if missing:
        _log.error("tables are missing", waiting_for="qianqi migrate", missing=len(missing))


@contextmanager
def judged() -> Iterator[None]:
    """Say in the block that tables are missing where the database names the one that it does not have.

    Raises:
        BehindError: that is why.
    """
    try:
        yield
    except (SQLAlchemyError, psycopg.Error) as problem:
        state = getattr(getattr(problem, "orig", problem), "sqlstate", None)
        if state in _UNKNOWN and pending():
            raise BehindError(_BEHIND) from problem
        raise


def upgrade(url: str = "", *, app_role: str = "") -> None:
    """Apply every missing migration and grant the application what it needs; safe on several machines at once.

    Args:
        url: address of the login that owns the tables; empty means the one of the settings.
        app_role: login of the application; empty means the one of `DATABASE_URL`.

    Raises:
        NewerError: a newer release has been here.
    """
    config = _config(url or owner_url())
    config.attributes["app_role"] = app_role or make_url(settings().database_url or config.attributes["url"]).username
    try:
        command.upgrade(config, "head")
    except CommandError:
        pending(config.attributes["url"])  # says so if it is a newer release's
        raise


def upgrade_within(connection: Connection, revision: str = "head", *, app_role: str | None = None) -> None:
    """Apply missing migrations as part of the transaction of a connection, which its owner commits.

    Args:
        connection: of the login that owns the tables.
        revision: the last to apply.
        app_role: login to grant what the application needs, which takes the newest tables; `None` to leave that.
    """
    config = _config("")
    config.attributes |= {"connection": connection, "app_role": app_role}
    command.upgrade(config, revision)


def start_over() -> None:
    """Drop every table with all it holds and make them anew: for a database whose filling was cut short."""
    engine = create_engine(db.driver_url(owner_url()), poolclass=NullPool)
    with engine.begin() as connection:
        start_over_within(connection, app_role=make_url(settings().database_url).username)
    db.reset()


def start_over_within(connection: Connection, revision: str = "head", *, app_role: str | None = None) -> None:
    """Drop every table and make them anew as part of the transaction of a connection; see `upgrade_within`.

    Raises:
        psycopg.Error: the login may not, as the database itself says it.
    """
    with closing(connection.connection.cursor()) as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    upgrade_within(connection, revision, app_role=app_role)


def knows(revision: str) -> bool:
    """Return whether this release has a migration, so that data as of it can be brought up to date."""
    return _has(ScriptDirectory.from_config(_config("")), revision)


def head() -> str:
    """Return the last migration of this release."""
    return str(ScriptDirectory.from_config(_config("")).get_current_head())


def pending(url: str = "") -> list[str]:
    """Return the missing migrations, oldest first, each as its id and title.

    Args:
        url: address of the database; empty means the application's.

    Raises:
        NewerError: a newer release has been here.
    """
    scripts = ScriptDirectory.from_config(_config(url))
    engine = create_engine(db.driver_url(url or settings().database_url))
    try:
        present = _present(engine)
    finally:
        engine.dispose()
    if present and not _has(scripts, present):
        raise NewerError(_NEWER, revision=present)
    missing = scripts.iterate_revisions("heads", present or "base")
    return [f"{each.revision} {each.doc}" for each in reversed(list(missing)) if each.revision != present]


def owner_url() -> str:
    """Return the address of the login that owns the tables."""
    return settings().migration_url or settings().database_url


def module(revision: str) -> Any:
    """Return the module of a migration, for what it brings, such as the rows a new installation begins with.

    Args:
        revision: its id.
    """
    return ScriptDirectory.from_config(_config("")).get_revision(revision).module


def make_revision(title: str) -> Path:
    """Write a new migration from the difference between the models and the migrations so far.

    A throw-away embedded server gives the database to compare with, and Ruff, of which only a developer's environment
    has one, brings the file into the form the checks ask for.

    Args:
        title: what it does, in a few words; the number before it in the file's name is the next.

    Returns:
        The file.
    """
    from core.embedded import EmbeddedPostgres
    from core.embedded.postgres import APP

    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder), durable=False) as server:
            upgrade(server.owner_url, app_role=APP)
            revision = _next_id(title)
            command.revision(_config(server.owner_url), title.rstrip("."), autogenerate=True, rev_id=revision)
    file = FOLDER / "versions" / f"{revision}.py"
    for tidy in ("check", "--fix-only"), ("format",):
        subprocess.run((sys.executable, "-m", "ruff", *tidy, "--quiet", str(file)), check=True)  # noqa: S603 - our own words
    return file


def _next_id(title: str) -> str:
    """Return the next number with the title's ASCII words, in the 32 characters that Alembic's table has for it."""
    words = "_".join(re.findall(r"[a-z0-9]+", title.lower()))
    return f"{int(head().partition('_')[0]) + 1:04}_{words or 'change'}"[:32].rstrip("_")


def _has(scripts: ScriptDirectory, revision: str) -> bool:
    return revision in {each.revision for each in scripts.walk_revisions()}


def _present(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _config(url: str) -> Config:
    config = Config(attributes={"url": url})
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(rev)s")
    return config


if __name__ == "__main__":
    make_revision(" ".join(sys.argv[1:]) or "change")
