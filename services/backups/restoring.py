"""Bringing a backup back: all of it checked before anything is touched, then put in place in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import Connection, NullPool, create_engine, make_url

from core import clock, db, migrate, release, sealing, secret, storage
from core.errors import UserError
from core.i18n import N_
from core.settings import settings
from services.backups import aftermath, archive, checking, snapshot
from services.backups.aftermath import Aftermath
from services.backups.archive import FILES, SECRET, TABLES, Member
from services.backups.manifest import Manifest
from services.backups.places import told

_NEWER = N_("The backup {file} was made by a newer release ({version}; here: {here}): upgrade Qianqi first.")
_NOT_EMPTY = N_(
    "The database {name} is not empty: it has {accounts} accounts. Restore into an empty one, or use --replace."
)
_IN_USE = N_("The database {name} is in use ({count} connections): stop Qianqi on every machine first.")
_NOT_AS_KEPT = N_("Restored rows of {table} differ from the backup: nothing was changed. Please report this.")
_NOT_OWNER = N_("The login of QIANQI_MIGRATION_URL must own the database and its schema “public”: nothing was changed.")
_USES = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND usesysid IS NOT NULL
AND coalesce(backend_type, 'client backend') = 'client backend'
"""
"""Of sessions of other logins the owner is told whose they are, not what they are; PostgreSQL's own are nobody's."""
_KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY 1, 2
"""

_INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE relnamespace = 'public'::regnamespace AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
ORDER BY 1
"""


@dataclass(frozen=True)
class Target:
    """Where a backup goes.

    Args:
        owner_url: login that owns the database.
        app_role: login of the application.
        files: the store of files.
        secret: where the installation's own secret goes; `None` for nowhere.
    """

    owner_url: str
    app_role: str
    files: storage.Store
    secret: Path | None = None


@dataclass(frozen=True)
class Standing:
    """What a database holds before a restore."""

    name: str
    accounts: int

    @property
    def is_empty(self) -> bool:
        """Whether nobody has an account in it: at most it has been migrated."""
        return self.accounts == 0


@dataclass(frozen=True)
class Restored:
    """What was restored.

    Args:
        manifest: what the backup says of itself.
        files: how many files were put into the store; others were there already.
        secret_differs: whether the present secret key is another than that installation's.
        after: what was done so that nobody is told anything twice.
    """

    manifest: Manifest
    files: int
    secret_differs: bool
    after: Aftermath


def target() -> Target:
    """Return what the settings name."""
    return Target(
        migrate.owner_url(), str(make_url(settings().database_url).username), storage.store(), secret.own_file()
    )


def standing(owner_url: str) -> Standing:
    """Return what a database holds."""
    with psycopg.connect(owner_url, connect_timeout=10) as connection:
        found = connection.execute("SELECT to_regclass('public.account')").fetchone()
        accounts = 0
        if found != (None,):
            row = connection.execute("SELECT count(*) FROM account").fetchone()
            accounts = row[0] if row else 0
        return Standing(connection.info.dbname, accounts)


def restore(
    file: Path, into: Target | None = None, *, replace: bool = False, lost_at: datetime | None = None
) -> Restored:
    """Put the database and the files of a backup in place and bring them to this release; all of it, or nothing.

    Args:
        file: the archive.
        into: where to; `None` for what the settings name.
        replace: whether a database that is not empty is given up for it.
        lost_at: when the old installation stopped sending; `None` if that is not known, so that all that came due
            until now may have been sent.

    Raises:
        UserError: the archive cannot be opened or is not whole, the database is in use or not empty, a disk is full, or
            the secret of the settings is missing or too short.
    """
    into = into or target()
    with told(file):
        manifest = checking.check(file)
    if not migrate.knows(manifest.migration):
        version = release.told(manifest.version, manifest.migration)
        raise UserError(_NEWER, file=file.name, version=version, here=release.told())
    secret.given_key()  # it is compared at the end, when a refusal would come too late
    found = standing(into.owner_url)
    if not (found.is_empty or replace):
        raise UserError(_NOT_EMPTY, name=found.name, accounts=found.accounts)
    db.reset()
    added = _Added(into)
    with added, _transaction(into.owner_url) as connection:
        _load(connection, file, manifest, added)
        migrate.upgrade_within(connection, app_role=into.app_role)
        after = aftermath.settle(connection, file.name, manifest, lost_at or clock.now())
    return Restored(manifest, added.count, not _same_secret(manifest), after)


class _Added:
    """Files put in place, taken away again if the block raises."""

    def __init__(self, into: Target) -> None:
        self._store = into.files
        self._secret = into.secret
        self._names: list[str] = []

    @property
    def count(self) -> int:
        return len(self._names)

    def add(self, member: Member) -> None:
        name = f"{member.sha256[:2]}/{member.sha256}"
        if self._store.has(name):
            return
        with storage.staged() as copy:
            with copy.open("wb") as stream:
                for part in member.chunks():
                    stream.write(part)
            self._store.put(name, copy)
        self._names.append(name)

    def secret(self, content: bytes) -> None:
        """Put the installation's own secret in place unless one is set or there already."""
        given = settings().secret_key
        if self._secret is None or (given and given.get_secret_value()) or self._secret.exists():
            return
        with storage.staged() as copy:
            copy.write_bytes(content)
            copy.replace(self._secret)

    def __enter__(self) -> "_Added":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_more: object) -> None:
        if kind is not None:
            for name in self._names:
                self._store.drop(name)


@contextmanager
def _transaction(owner_url: str) -> Iterator[Connection]:
    engine = create_engine(db.driver_url(owner_url), poolclass=NullPool, connect_args={"connect_timeout": 10})
    with engine.connect() as connection, _explained(), connection.begin():
        _of(connection).execute("SET LOCAL lock_timeout = '10s'")
        uses = _of(connection).execute(_USES).fetchone() or (0,)
        if uses[0]:
            raise UserError(_IN_USE, name=_of(connection).info.dbname, count=uses[0])
        yield connection


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except psycopg.errors.InsufficientPrivilege as problem:
        raise UserError(_NOT_OWNER) from problem
    except (psycopg.errors.DiskFull, OSError) as problem:
        with told(settings().data_dir):
            raise problem if isinstance(problem, OSError) else OSError(28, str(problem)) from problem


def _load(connection: Connection, file: Path, manifest: Manifest, added: _Added) -> None:
    """Make the tables as of the backup and fill them, then let the database prove what it holds."""
    migrate.start_over_within(connection, manifest.migration)
    raw = _of(connection)
    snapshot.speak_plainly(raw)
    with _bare(raw):
        for member in archive.members(file, checking.key()):
            if member.folder == TABLES:
                _fill(raw, member, manifest)
            elif member.folder == FILES:
                added.add(member)
            elif member.name == SECRET:
                added.secret(member.stream.read())
    for name, (last, called) in manifest.sequences.items():
        raw.execute("SELECT setval(%s::regclass, %s, %s)", [f'public."{name}"', last, called])
    _prove(raw, manifest, file)
    raw.execute("ANALYZE")
    raw.execute(sql.SQL("SET LOCAL timezone = {}").format(sql.Literal(settings().timezone)))


@contextmanager
def _bare(raw: psycopg.Connection) -> Iterator[None]:
    """Empty all tables and take indexes, foreign keys and triggers off them; afterwards they must hold for all rows."""
    keys, indexes = raw.execute(_KEYS).fetchall(), raw.execute(_INDEXES).fetchall()
    for table, name, _definition in keys:
        raw.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(sql.SQL(table), sql.Identifier(name)))
    for name, _definition in indexes:
        raw.execute(sql.SQL("DROP INDEX {}").format(sql.SQL(name)))
    _each(raw, "ALTER TABLE {} DISABLE TRIGGER USER")
    _each(raw, "TRUNCATE {}")
    yield
    _each(raw, "ALTER TABLE {} ENABLE TRIGGER USER")
    for _name, definition in indexes:
        raw.execute(sql.SQL(definition))
    for table, name, definition in keys:
        statement = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}")
        raw.execute(statement.format(sql.SQL(table), sql.Identifier(name), sql.SQL(definition)))


def _fill(raw: psycopg.Connection, member: Member, manifest: Manifest) -> None:
    columns = manifest.tables[member.table].columns
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(member.table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with raw.cursor().copy(statement) as copy:
        copy.write(member.lines())


def _each(raw: psycopg.Connection, statement: str) -> None:
    for table in snapshot.tables(raw):
        raw.execute(sql.SQL(statement).format(sql.Identifier(table.name)))


def _prove(raw: psycopg.Connection, manifest: Manifest, file: Path) -> None:
    """Count and hash every table again, as the backup did."""
    tables = {each.name: each for each in snapshot.tables(raw)}
    if tables.keys() != manifest.tables.keys():
        raise sealing.damaged(file)
    for name, facts in manifest.tables.items():
        if snapshot.facts(raw, snapshot.TableOf(name, facts.columns)) != facts:
            raise UserError(_NOT_AS_KEPT, table=name)


def _same_secret(manifest: Manifest) -> bool:
    from services.backups.making import is_same_secret

    return is_same_secret(manifest.secret)


def _of(connection: Connection) -> psycopg.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101 - the one driver this product uses
    return driver
