"""The demonstration is loaded in two parts: what can be done between them, and what becomes of one cut short."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest
from sqlmodel import Session, func, select

from core import db
from core.settings import settings
from models.account import Account
from models.enterprise import Enterprise
from models.issue import Issue
from models.reminder import ReminderRule
from models.visit import Visit
from services import accounts, demo
from tests.servers import ROOT

_HELD = "SELECT 1 FROM pg_locks WHERE relation = 'issue'::regclass AND mode = 'ExclusiveLock' AND granted"
_WRITING = (
    "UPDATE number_series SET last = last + 1",
    "SELECT FROM enterprise FOR UPDATE",  # would wait for the end holding a row that issues are to point to
    "SELECT FROM account FOR UPDATE",
)


@contextmanager
def _half_loaded() -> Iterator[subprocess.Popen[bytes]]:
    """Load the demonstration in a process of its own, until it tells what became of the visits."""
    command = [sys.executable, "-c", "from services import demo; demo.load()"]
    loading = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        with psycopg.connect(settings().database_url, autocommit=True) as watching:
            ends = time.monotonic() + 60
            while watching.execute(_HELD).fetchone() is None:
                assert loading.poll() is None
                assert time.monotonic() < ends
                time.sleep(0.02)
        yield loading
    finally:
        loading.kill()
        loading.wait()


def _count(model: type[Account | Enterprise | Issue | ReminderRule | Visit]) -> int:
    with Session(db.engine()) as session:
        return session.exec(select(func.count()).select_from(model)).one()


@pytest.mark.usefixtures("database")
def test_after_the_first_part_everything_can_be_looked_at_and_whoever_writes_waits() -> None:
    with _half_loaded() as loading:
        assert accounts.sign_in("coordinator", demo.PASSWORD, ip="", user_agent="")
        assert _count(Enterprise) == 660
        assert _count(Visit) > 660
        assert _count(Issue) == 0
        with psycopg.connect(settings().database_url, options="-c lock_timeout=200ms") as writing:
            for statement in _WRITING:
                with pytest.raises(psycopg.errors.LockNotAvailable):
                    writing.execute(statement)
                writing.rollback()
        assert loading.poll() is None


@pytest.mark.usefixtures("database")
def test_another_who_loads_waits_and_makes_anew_what_was_cut_short() -> None:
    rules, told = _count(ReminderRule), list[str]()
    assert not demo.is_unfinished()

    with _half_loaded() as loading, ThreadPoolExecutor(1) as thread:
        other = thread.submit(demo.begin, lambda: told.append("anew"))
        time.sleep(0.5)
        assert not other.done()
        assert told == []
        loading.kill()
        tell = other.result(60)

    assert told == ["anew"]
    assert demo.is_unfinished()
    assert (_count(Enterprise), _count(Issue)) == (660, 0)
    assert _count(ReminderRule) == rules  # what a new installation begins with

    tell()

    assert not demo.is_unfinished()
    assert _count(Issue) > 300


@pytest.mark.usefixtures("demo_database")
def test_one_that_is_whole_is_left_alone() -> None:
    before = _count(Account), _count(Issue)

    assert not demo.is_unfinished()
    demo.load()

    assert (_count(Account), _count(Issue)) == before
