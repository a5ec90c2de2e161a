"""Whether the database can be reached: what its errors mean, how long a question may take, who looks if it is back."""

import time
from enum import StrEnum
from threading import Lock
from typing import Any, TypeVar

import psycopg
from psycopg import OperationalError as DriverError
from psycopg.abc import PQGen
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import SQLAlchemyError as DatabaseError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlmodel import Session

from core import logs

__all__ = ["Connection", "DatabaseError", "Reach", "Trouble", "reason", "trouble"]
RV = TypeVar("RV")
CONNECT_SECONDS = 4
"""How long a connection may take to be made, and one from the pool to show that it lives."""
POOL_SECONDS = 5
"""How long to wait for a connection while others use all of them."""
LOCK_SECONDS = 10
"""How long a page waits for rows that another transaction holds."""
_SPARE_SECONDS = 5
_BUSY = ("40001", "40P01", "53300", "55P03", "57014")
_FULL = ("53100", "58030")
_GONE = ("08", "57P")
_log = logs.get(__name__)


class Trouble(StrEnum):
    """What is wrong with the database rather than with a question."""

    GONE = "gone"
    BUSY = "busy"
    FULL = "full"


def trouble(problem: BaseException) -> Trouble | None:
    """Return what an error tells of the database; `None` if the question itself was wrong.

    By the classes of SQLSTATE: https://www.postgresql.org/docs/18/errcodes-appendix.html. A lost or refused connection
    has no SQLSTATE at all.
    """
    if isinstance(problem, PoolTimeoutError):
        return Trouble.BUSY
    if not isinstance(problem, DBAPIError):
        return None
    state = getattr(problem.orig, "sqlstate", None) or ""
    if state in _FULL:
        return Trouble.FULL
    if state in _BUSY:
        return Trouble.BUSY
    lost = problem.connection_invalidated or (isinstance(problem, OperationalError) and not state)
    return Trouble.GONE if lost or state.startswith(_GONE) else None


def reason(problem: BaseException) -> str:
    """Return what a database's error says, in one line: what follows repeats the question."""
    return str(getattr(problem, "orig", problem)).strip().split("\n")[0]


class Connection(psycopg.Connection[Any]):
    """A connection that does not wait for ever for a server that is there and says nothing.

    The server's own `statement_timeout` ends long questions; this is for a server that is frozen or cut off.
    """

    answer_seconds: float | None = None
    """How long a question may take in a page; `None`: as long as it takes."""

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Wait for an answer and close the connection if none comes.

        Raises:
            psycopg.OperationalError: none came.
        """
        # The pool asks outside of a transaction whether a connection lives; everything else is within one.
        limit = CONNECT_SECONDS if self.autocommit else self.answer_seconds and self.answer_seconds + _SPARE_SECONDS
        try:
            return super().wait(gen, interval, timeout=timeout or limit)
        except psycopg.errors._WaitTimeout as problem:  # noqa: SLF001 - it has no public name
            self.close()
            raise DriverError(f"the server did not answer within {timeout or limit:.0f} s") from problem


class Reach:
    """What this process knows of the database: while it is gone, one caller at a time looks whether it is back.

    The others are refused at once instead of waiting for their own time limit, and the log tells it once.
    """

    def __init__(self) -> None:
        self._looking = Lock()
        self._problem: OperationalError | None = None
        self._since = 0.0

    def connect(self, session: Session) -> None:
        """Give a session its connection.

        Raises:
            sqlalchemy.exc.OperationalError: the database is not there.
            sqlalchemy.exc.TimeoutError: all connections are in use.
        """
        known = self._problem
        if known is None:
            self._ask(session)
            return
        if not self._looking.acquire(blocking=False):
            raise OperationalError(None, None, known.orig or known)
        try:
            self._ask(session)
        finally:
            self._looking.release()

    def _ask(self, session: Session) -> None:
        try:
            session.connection()
        except OperationalError as problem:
            if self._problem is None and trouble(problem) is Trouble.GONE:
                self._problem, self._since = problem, time.monotonic()
                _log.error("database does not answer", waiting_for=_place(session), reason=reason(problem))
            raise
        if self._problem is not None:
            self._problem = None
            _log.warning("database answers again", seconds=round(time.monotonic() - self._since, 1))


def _place(session: Session) -> str:
    """Return host and port of a session's database, as a log may show them."""
    url = session.get_bind().engine.url
    return f"{url.host or 'localhost'}:{url.port or 5432}"
