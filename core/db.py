"""The database: one engine per process and transactions that commit whole or not at all."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from functools import cache
from typing import TypeVar

from sqlalchemy import Engine, create_engine
from sqlmodel import Session

from core.settings import settings

T = TypeVar("T")
U = TypeVar("U")
_KEPT, _LATE = "kept", "late"
_joined: ContextVar[Session | None] = ContextVar("joined", default=None)


def driver_url(url: str) -> str:
    """Return a PostgreSQL address with the driver this product uses."""
    scheme, found, rest = url.partition("://")
    if not found or not scheme.startswith("postgres"):
        raise ValueError("DATABASE_URL must start with postgresql://")
    return f"postgresql+psycopg://{rest}"


# Pages ask many short questions and share few cores: starting helpers for one costs more than they save.
_OPTIONS = "-c max_parallel_workers_per_gather=0"
_beside = ThreadPoolExecutor(max_workers=4, thread_name_prefix="beside")


@cache
def engine() -> Engine:
    """Return this process's engine.

    Raises:
        ValueError: no database address is set, or it is not PostgreSQL.
    """
    return create_engine(
        driver_url(settings().database_url),
        pool_size=settings().database_pool,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,  # an error in the log must not tell what was written
        connect_args={"connect_timeout": 5, "options": f"-c timezone={settings().timezone} {_OPTIONS}"},
    )


def reset() -> None:
    """Close every connection and forget the engine, so that the next use reads the settings again."""
    if engine.cache_info().currsize:
        engine().dispose()
    engine.cache_clear()


@contextmanager
def transaction(**info: object) -> Iterator[Session]:
    """Open a session, commit at the end of the block, roll back if it raises.

    Inside `joined` the session given there is used instead, and its own block commits it.

    Args:
        **info: what listeners find in `session.info`; the audit log reads `actor` there.

    Yields:
        A session whose rows stay readable after the commit.
    """
    outer = _joined.get()
    if outer is not None:
        with _informed(outer, info):
            yield outer
        return
    with Session(engine(), expire_on_commit=False, info=info) as session:
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


@contextmanager
def joined(session: Session) -> Iterator[None]:
    """Let every transaction of the block be part of `session`'s: all of them commit together with it, or none does.

    For what takes many use cases as one, such as loading the demonstration data. A use case that raises has not been
    rolled back by itself, so let its error end the outer transaction too. Nothing in the block changes what is `kept`.
    Queries do not flush first: each use case is flushed at its end. Only the present thread joins.
    """
    token = _joined.set(session)
    late: list[object] = []
    session.info |= {_KEPT: {}, _LATE: late}
    try:
        with session.no_autoflush:
            yield
        flush_late(session)
    finally:
        _joined.reset(token)
        del session.info[_KEPT], session.info[_LATE]


def side_by_side(mine: Callable[[], T], other: Callable[[], U]) -> tuple[T, U]:
    """Run two functions that read, each with transactions of its own, at the same time and return what both return.

    The database answers one while Python prepares the other. The caller must hold no transaction open, for each of the
    two waits for a connection; inside `joined`, where there is one session, they run one after the other.
    """
    if _joined.get() is not None:
        return mine(), other()
    beside = _beside.submit(copy_context().run, other)
    try:
        found = mine()
    finally:
        wait([beside])
    return found, beside.result()


def add_late(session: Session, row: object) -> None:
    """Add a row that nothing else in its use case needs: joined use cases insert theirs together at the end."""
    late: list[object] | None = session.info.get(_LATE)
    if late is None:
        session.add(row)
    else:
        late.append(row)


def flush_late(session: Session) -> None:
    """Insert what joined use cases left for the end: for a reader in their midst that needs it."""
    late: list[object] = session.info.get(_LATE, [])
    session.add_all(late)
    late.clear()
    session.flush()


def kept(session: Session, key: str, make: Callable[[], T]) -> T:
    """Return what `make` reads, kept under `key` from one joined use case to the next; read anew in all others.

    For what hardly ever changes and every step asks for, such as the calendar.
    """
    found: dict[str, T] | None = session.info.get(_KEPT)
    if found is None:
        return make()
    if key not in found:
        found[key] = make()
    return found[key]


@contextmanager
def _informed(session: Session, info: dict[str, object]) -> Iterator[None]:
    """Give a joined session what its listeners are to find during one use case; its changes are flushed within."""
    before = dict(session.info)
    session.info.update(info)
    try:
        yield
        session.flush()  # while the audit log still finds who did it
    finally:
        session.info.clear()
        session.info.update(before)
