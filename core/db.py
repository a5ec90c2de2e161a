"""The database: one engine per process and transactions that commit whole or not at all."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from contextvars import ContextVar, copy_context
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlmodel import Session

from core.reaching import CONNECT_SECONDS, LOCK_SECONDS, POOL_SECONDS, Connection, Reach, Trouble, trouble
from core.settings import settings

T = TypeVar("T")
U = TypeVar("U")
Patience = Callable[[Trouble, Callable[[], Trouble | None]], bool]
"""Waits for a database in trouble: given what is wrong and what tries again, it returns whether that went well."""
_KEPT, _LATE = "kept", "late"
_UNREACHED = (OperationalError, PoolTimeoutError)
_joined: ContextVar[Session | None] = ContextVar("joined", default=None)


def driver_url(url: str) -> str:
    """Return a PostgreSQL address with the driver this product uses."""
    scheme, found, rest = url.partition("://")
    if not found or not scheme.startswith("postgres"):
        raise ValueError("DATABASE_URL must start with postgresql://")
    return f"postgresql+psycopg://{rest}"


KEEPALIVE = {"keepalives": 1, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
"""How this side finds out, within half a minute, that the database's machine has vanished."""
_SERVER_KEEPALIVE = (
    "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c tcp_user_timeout=30000"
)
"""The same for the database: until it finds out, by default after 2 hours, a machine that vanished holds its locks."""

# Pages ask many short questions and share few cores: starting helpers for one costs more than they save.
_OPTIONS = "-c max_parallel_workers_per_gather=0"
_beside = ThreadPoolExecutor(max_workers=4, thread_name_prefix="beside")
_reach = Reach()
_patience: Patience | None = None


def serve_pages(patience: Patience | None) -> None:
    """Let this process serve pages: each question has a time limit, and a page waits for a database that is gone.

    Args:
        patience: asked when no connection can be had; before that nothing has been done, so nothing is done twice;
            `None`: this process serves none any more.
    """
    global _patience  # noqa: PLW0603 - one process either serves pages or does not
    _patience = patience
    reset()


def options(more: str = "") -> str:
    """Return what every session of the database begins with: what its address says, what all need, and more.

    Args:
        more: what this one needs besides.

    Raises:
        ValueError: no database address is set, or it is not PostgreSQL.
    """
    given = make_url(driver_url(settings().database_url)).query.get("options", "")
    return f"{given} {_SERVER_KEEPALIVE} {more}".strip()


@cache
def engine() -> Engine:
    """Return this process's engine.

    Raises:
        ValueError: no database address is set, or it is not PostgreSQL.
    """
    seconds = settings().statement_seconds if _patience else None
    limits = f"-c statement_timeout={seconds}s -c lock_timeout={LOCK_SECONDS}s" if seconds else ""
    made = create_engine(
        driver_url(settings().database_url),
        pool_size=settings().database_pool,
        pool_timeout=POOL_SECONDS,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,  # an error in the log must not tell what was written
        connect_args={
            **KEEPALIVE,
            "connect_timeout": CONNECT_SECONDS,
            "tcp_user_timeout": CONNECT_SECONDS * 2_000,  # a network that swallows everything
            "options": options(f"-c timezone={settings().timezone} {_OPTIONS} {limits}"),
        },
    )

    @event.listens_for(made, "do_connect")
    def _connect(_dialect: object, _record: object, args: list[Any], options: dict[str, Any]) -> Connection:
        connection = Connection.connect(*args, **options)
        connection.answer_seconds = seconds
        return connection

    return made


def reset() -> None:
    """Close every connection and forget the engine, so that the next use reads the settings again."""
    global _reach  # noqa: PLW0603 - it is about the engine
    _reach = Reach()
    if engine.cache_info().currsize:
        engine().dispose()
    engine.cache_clear()


def look() -> bool:
    """Return whether the database answers; if it does not, the log says so and what is being waited for."""
    with Session(engine()) as session, suppress(*_UNREACHED):
        _reach.connect(session)
        return True
    return False


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
            _connected(session)
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
    try:
        return found, beside.result()
    except _UNREACHED:
        return found, other()  # a thread beside a page cannot wait as the page's own does


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


def _connected(session: Session) -> None:
    """Give a session its connection, in a page when the database is back."""
    try:
        _reach.connect(session)
    except _UNREACHED as problem:
        session.rollback()
        found = trouble(problem)
        if found is None or _patience is None or not _patience(found, lambda: _try(session)):
            raise


def _try(session: Session) -> Trouble | None:
    try:
        _reach.connect(session)
    except _UNREACHED as problem:
        session.rollback()
        return trouble(problem) or Trouble.BUSY
    return None


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
