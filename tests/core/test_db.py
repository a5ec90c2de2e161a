"""Transactions commit whole or not at all, by themselves or joined to another."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from core.db import add_late, engine, joined, kept, reset, transaction
from core.settings import settings
from models.account import Department
from workers import scheduler

pytestmark = pytest.mark.usefixtures("database")


def _make(name: str) -> None:
    with transaction() as session:
        session.add(Department(name=name, short_name=name))


def _names() -> set[str]:
    with Session(engine()) as session:
        return set(session.exec(select(Department.name).where(col(Department.name).startswith("联合"))))


def test_joined_transactions_commit_with_the_outer_one() -> None:
    """Given two transactions joined to a third, when the third goes on, then nothing is committed before its end."""
    with transaction() as outer:
        with joined(outer):
            _make("联合一")
            _make("联合二")
        assert _names() == set()

    assert _names() == {"联合一", "联合二"}


def test_an_error_in_one_undoes_all() -> None:
    def both() -> None:
        with transaction() as outer, joined(outer):
            _make("联合一")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        both()

    assert _names() == set()


def test_afterwards_transactions_are_their_own_again() -> None:
    with transaction() as outer:
        with joined(outer):
            pass
        _make("联合三")

        assert _names() == {"联合三"}


def test_a_joined_transaction_has_its_own_information_for_listeners() -> None:
    """Given an outer actor, when a joined use case names another, then listeners find that one, and later the first."""
    with transaction(actor="outer") as outer, joined(outer):
        with transaction(actor="inner") as session:
            assert session is outer
            assert session.info["actor"] == "inner"

        assert outer.info["actor"] == "outer"


def test_what_is_kept_is_read_once_while_joined_and_always_otherwise() -> None:
    numbers: Iterator[int] = iter(range(10))

    with transaction() as outer:
        with joined(outer):
            assert [kept(outer, "number", lambda: next(numbers)) for _ in range(3)] == [0, 0, 0]
        assert [kept(outer, "number", lambda: next(numbers)) for _ in range(2)] == [1, 2]


def test_what_is_added_late_is_inserted_when_the_joined_ones_end() -> None:
    with transaction() as outer:
        with joined(outer):
            with transaction() as session:
                add_late(session, Department(name="联合末", short_name="末"))
            assert not outer.new
        add_late(outer, Department(name="联合先", short_name="先"))

    assert _names() == {"联合末", "联合先"}


_KEEPALIVE = """
SELECT name, setting FROM pg_settings WHERE name LIKE 'tcp\\_%' ORDER BY name
"""
_SECONDS = {
    "tcp_keepalives_count": "3",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_user_timeout": "30000",
}


def test_the_database_soon_finds_out_that_a_machine_has_vanished() -> None:
    """Given connections over TCP, then the server itself asks whether the other side lives: it holds the locks."""
    with Session(engine()) as session:
        of_pages = {row.name: row.setting for row in session.execute(text(_KEEPALIVE))}
    with psycopg.connect(scheduler._connection_info()) as connection:
        of_scheduler = dict(connection.execute(_KEEPALIVE).fetchall())

    assert of_pages == _SECONDS
    assert of_scheduler == _SECONDS


def test_this_side_soon_finds_out_that_the_database_has_vanished() -> None:
    with Session(engine()) as session:
        raw = session.connection().connection.driver_connection
        assert isinstance(raw, psycopg.Connection)
        given = raw.info.get_parameters()

    assert (given["keepalives_idle"], given["keepalives_interval"], given["keepalives_count"]) == ("10", "5", "3")


def test_options_of_the_address_are_kept(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIANQI_DATABASE_URL", f"{database}?options=-c%20work_mem%3D7MB")
    settings.cache_clear()
    reset()

    with transaction() as session:
        assert session.execute(text("SHOW work_mem")).scalar_one() == "7MB"
        assert session.execute(text("SHOW timezone")).scalar_one() == settings().timezone
    with psycopg.connect(scheduler._connection_info()) as connection:
        assert connection.execute("SHOW work_mem").fetchone() == ("7MB",)
