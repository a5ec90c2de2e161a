"""The rows of a database as of one moment, in a form that another database reads."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql

from services.backups.manifest import TableFacts

VERSIONS = "alembic_version"
"""The table in which migrations are recorded; the manifest names the last one instead."""
_PLAIN_FORM = "SET LOCAL {} = {}"
_FORM = {
    "timezone": "UTC", "datestyle": "ISO, YMD", "intervalstyle": "postgres", "extra_float_digits": "1",
    "bytea_output": "hex", "client_encoding": "UTF8", "statement_timeout": "0",
}  # fmt: skip
_TABLES = """
SELECT relname, array(SELECT attname::text FROM pg_attribute
    WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum)
FROM pg_class c WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> %s ORDER BY relname
"""
_KEYS = """
SELECT attname::text, atttypid = ANY ('{text,varchar,bpchar}'::regtype[]) FROM pg_index
CROSS JOIN LATERAL unnest(indkey::int[]) WITH ORDINALITY AS key (number, place)
JOIN pg_attribute ON attrelid = indrelid AND attnum = key.number
WHERE indrelid = %s::regclass AND indisprimary ORDER BY place
"""
_SEQUENCES = "SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace ORDER BY 1"
_FILES = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = 'public' AND column_name ~ '(^|_)sha256$' ORDER BY 1, 2
"""


@dataclass(frozen=True)
class TableOf:
    """A table, and the columns of it that are kept."""

    name: str
    columns: list[str]


@contextmanager
def taken(url: str) -> Iterator[psycopg.Connection]:
    """Open a connection that sees the database as of now until the end of the block, whatever others do."""
    with psycopg.connect(url, connect_timeout=10, autocommit=True) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        speak_plainly(connection)
        connection.execute("SELECT 1 FROM pg_class LIMIT 1")  # the moment is that of the first statement
        yield connection


def speak_plainly(connection: psycopg.Connection) -> None:
    """Let values have the one text form archives hold, until the transaction ends."""
    for name, value in _FORM.items():
        connection.execute(sql.SQL(_PLAIN_FORM).format(sql.Identifier(name), sql.Literal(value)))


def tables(connection: psycopg.Connection) -> list[TableOf]:
    """Return every table, by name."""
    return [TableOf(name, columns) for name, columns in connection.execute(_TABLES, [VERSIONS]).fetchall()]


def rows(connection: psycopg.Connection, table: TableOf) -> Iterator[bytes]:
    """Yield the rows of a table as lines, in the order of its primary key."""
    statement = sql.SQL("COPY (SELECT {columns} FROM {table} ORDER BY {order}) TO STDOUT").format(
        columns=sql.SQL(", ").join(map(sql.Identifier, table.columns)) if table.columns else sql.SQL(""),
        table=sql.Identifier(table.name),
        order=_order(connection, table.name),
    )
    with connection.cursor().copy(statement) as copy:
        for part in copy:
            yield bytes(part)


def facts(connection: psycopg.Connection, table: TableOf) -> TableFacts:
    """Count and hash the rows of a table."""
    digest, count = hashlib.sha256(), 0
    for part in rows(connection, table):
        digest.update(part)
        count += part.count(b"\n")
    return TableFacts(table.columns, count, digest.hexdigest())


def sequences(connection: psycopg.Connection) -> dict[str, tuple[int, bool]]:
    """Return the last value of every sequence, and whether it has been given."""
    found = {}
    for (name,) in connection.execute(_SEQUENCES).fetchall():
        statement = sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(name))
        last, called = connection.execute(statement).fetchone() or (1, False)
        found[name] = (int(last), bool(called))
    return found


def migration(connection: psycopg.Connection) -> str:
    """Return the last migration of the tables, empty if there are none."""
    if connection.execute("SELECT to_regclass(%s)", [f"public.{VERSIONS}"]).fetchone() == (None,):
        return ""
    row = connection.execute(sql.SQL("SELECT version_num FROM {}").format(sql.Identifier(VERSIONS))).fetchone()
    return str(row[0]) if row else ""


def files(connection: psycopg.Connection) -> list[str]:
    """Return the SHA-256 of every file that a row refers to, each once."""
    parts = [
        sql.SQL("SELECT {column} FROM {table}").format(column=sql.Identifier(column), table=sql.Identifier(table))
        for table, column in connection.execute(_FILES).fetchall()
        if table != VERSIONS
    ]
    if not parts:
        return []
    every = sql.SQL("SELECT DISTINCT sha::text COLLATE \"C\" FROM ({}) AS named (sha) WHERE sha <> '' ORDER BY 1")
    return [sha for (sha,) in connection.execute(every.format(sql.SQL(" UNION ALL ").join(parts))).fetchall()]


def _order(connection: psycopg.Connection, table: str) -> sql.Composable:
    """Return an order that is the same on every server, whatever its collation."""
    keys = connection.execute(_KEYS, [f'public."{table}"']).fetchall()
    parts = [
        sql.SQL('{} COLLATE "C"').format(sql.Identifier(name)) if is_text else sql.Identifier(name)
        for name, is_text in keys
    ]
    whole = sql.SQL('{}::text COLLATE "C"').format(sql.Identifier(table))
    return sql.SQL(", ").join(parts) if parts else whole
