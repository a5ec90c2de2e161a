"""What the database's errors mean, how long anybody waits for it, and that a page waits while others are refused."""

import socket
import time
from collections.abc import Callable, Iterator
from threading import Event, Thread

import psycopg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from structlog.testing import capture_logs

from core import db, reaching
from core.embedded.process import free_port
from core.reaching import Trouble, trouble
from core.settings import settings


@pytest.fixture
def waits() -> Iterator[list[Trouble]]:
    """Let this process serve pages that give up at once; holds what they were told to wait for."""
    asked: list[Trouble] = []

    def patience(found: Trouble, _again: object) -> bool:
        asked.append(found)
        return False

    db.serve_pages(patience)
    yield asked
    db.serve_pages(None)


def failure(statement: str) -> DBAPIError:
    with pytest.raises(DBAPIError) as caught, db.transaction() as session:
        session.execute(text(statement))
    return caught.value


def raising(state: str) -> str:
    return f"DO $$ BEGIN RAISE EXCEPTION 'for a test' USING ERRCODE = '{state}'; END $$"


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("state", "meaning"),
    [
        ("57P01", Trouble.GONE),
        ("57P03", Trouble.GONE),
        ("08006", Trouble.GONE),
        ("57014", Trouble.BUSY),
        ("55P03", Trouble.BUSY),
        ("40P01", Trouble.BUSY),
        ("53300", Trouble.BUSY),
        ("53100", Trouble.FULL),
        ("23505", None),
        ("22012", None),
        ("42P01", None),
    ],
)
def test_only_what_is_not_the_questions_own_fault_is_trouble(state: str, meaning: Trouble | None) -> None:
    assert trouble(failure(raising(state))) is meaning


def test_other_errors_are_no_trouble() -> None:
    assert trouble(ValueError("x")) is None
    assert trouble(SQLAlchemyError("x")) is None
    assert trouble(PoolTimeoutError("x")) is Trouble.BUSY


def test_a_connection_that_ends_in_the_middle_is_gone_and_the_next_one_is_well(database: str) -> None:
    def cut_short() -> None:
        with db.transaction() as session:
            (number,) = session.execute(text("SELECT pg_backend_pid()")).one()
            with psycopg.connect(database) as other:
                other.execute("SELECT pg_terminate_backend(%s)", [number])
            session.execute(text("SELECT 1"))

    with pytest.raises(OperationalError) as caught:
        cut_short()
    assert trouble(caught.value) is Trouble.GONE
    with db.transaction() as session:
        assert session.execute(text("SELECT 1")).scalar_one() == 1


@pytest.mark.usefixtures("database")
def test_a_pages_question_and_its_wait_for_a_row_have_an_end(
    waits: list[Trouble], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QIANQI_STATEMENT_SECONDS", "1")
    settings.cache_clear()
    db.reset()
    began = time.monotonic()
    assert trouble(failure("SELECT pg_sleep(20)")) is Trouble.BUSY
    assert time.monotonic() - began < 5
    assert waits == []  # it had begun: nobody does it again by itself
    with db.transaction() as session:
        assert session.execute(text("SHOW lock_timeout")).scalar_one() == f"{reaching.LOCK_SECONDS}s"


@pytest.mark.usefixtures("database")
def test_other_processes_have_no_limit() -> None:
    with db.transaction() as session:
        assert session.execute(text("SHOW statement_timeout")).scalar_one() == "0"


@pytest.mark.usefixtures("database")
def test_a_page_that_finds_no_free_connection_is_told_to_queue(
    waits: list[Trouble], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QIANQI_DATABASE_POOL", "1")
    settings.cache_clear()
    db.reset()
    with db.transaction(), pytest.raises(PoolTimeoutError), db.transaction():
        pytest.fail("there was none to be had")
    assert waits == [Trouble.BUSY]


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A database that nobody serves."""
    monkeypatch.setenv("QIANQI_DATABASE_URL", f"postgresql://a:b@127.0.0.1:{free_port()}/c")
    settings.cache_clear()
    db.reset()
    yield
    db.reset()


@pytest.mark.usefixtures("nowhere")
def test_a_database_that_is_gone_is_told_once_however_many_ask(waits: list[Trouble]) -> None:
    with capture_logs() as told:
        for _time in range(20):
            with pytest.raises(OperationalError), db.transaction():
                pytest.fail("nothing may be done")

    assert waits == [Trouble.GONE] * 20
    assert [line["event"] for line in told].count("database does not answer") == 1
    assert told[0]["waiting_for"] == f"127.0.0.1:{make_url(settings().database_url).port}"


@pytest.mark.usefixtures("database")
def test_a_page_goes_on_once_when_the_database_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a single connection, which another holds until the page has been told to wait."""
    monkeypatch.setenv("QIANQI_DATABASE_POOL", "1")
    settings.cache_clear()
    held, begun, done = Event(), Event(), []

    def hold() -> None:
        with db.transaction():
            begun.set()
            held.wait(30)

    def patience(_found: Trouble, again: Callable[[], Trouble | None]) -> bool:
        held.set()
        while again() is not None:
            time.sleep(0.05)
        return True

    db.serve_pages(patience)
    other = Thread(target=hold)
    other.start()
    begun.wait(30)
    with db.transaction() as session:
        done.append(session.execute(text("SELECT 1")).scalar_one())
    other.join()
    db.serve_pages(None)
    assert done == [1]


@pytest.mark.usefixtures("nowhere")
def test_a_reader_beside_a_page_is_asked_again_by_the_page_itself() -> None:
    asked: list[str] = []

    def other() -> int:
        asked.append("other")
        if len(asked) == 1:
            raise OperationalError(None, None, psycopg.OperationalError("gone"))
        return 2

    assert db.side_by_side(lambda: 1, other) == (1, 2)
    assert asked == ["other", "other"]


@pytest.mark.usefixtures("silent")
def test_a_server_that_takes_connections_and_says_nothing_is_given_up() -> None:
    began = time.monotonic()
    with pytest.raises(OperationalError) as caught, db.transaction():
        pytest.fail("nothing may be done")
    assert trouble(caught.value) is Trouble.GONE
    assert time.monotonic() - began < reaching.CONNECT_SECONDS * 2 + 2


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A port that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"postgresql://a:b@127.0.0.1:{server.getsockname()[1]}/c"
        monkeypatch.setenv("QIANQI_DATABASE_URL", address)
        settings.cache_clear()
        db.reset()
        yield
    db.reset()
