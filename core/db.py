"""The database: one engine per process and transactions that commit whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import Engine, create_engine
from sqlmodel import Session

from core.settings import settings


def driver_url(url: str) -> str:
    """Return a PostgreSQL address with the driver this product uses."""
    scheme, found, rest = url.partition("://")
    if not found or not scheme.startswith("postgres"):
        raise ValueError("DATABASE_URL must start with postgresql://")
    return f"postgresql+psycopg://{rest}"


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
        connect_args={"connect_timeout": 5, "options": f"-c timezone={settings().timezone}"},
    )


def reset() -> None:
    """Close every connection and forget the engine, so that the next use reads the settings again."""
    if engine.cache_info().currsize:
        engine().dispose()
    engine.cache_clear()


@contextmanager
def transaction(**info: object) -> Iterator[Session]:
    """Open a session, commit at the end of the block, roll back if it raises.

    Args:
        **info: what listeners find in `session.info`; the audit log reads `actor` there.

    Yields:
        A session whose rows stay readable after the commit.
    """
    with Session(engine(), expire_on_commit=False, info=info) as session:
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
