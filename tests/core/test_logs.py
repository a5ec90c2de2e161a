"""The log: ids on every line, secrets on none."""

import json
import logging
from collections.abc import Iterator

import pytest
from sqlalchemy.exc import SQLAlchemyError
from structlog.contextvars import bound_contextvars

from core import logs
from core.settings import settings
from models.account import Account, Role
from tests import factories as given

SECRET = "correct-horse-42"


@pytest.fixture(params=["console", "json"])
def form(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Each form of the log; the test configures it, and afterwards it is as it was before."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    root.handlers[:] = []  # what is there is closed otherwise, and pytest needs its own again
    monkeypatch.setenv("QIANQI_LOG_FORMAT", request.param)
    settings.cache_clear()
    yield str(request.param)
    root.handlers[:], root.level = before


def test_a_line_carries_the_id_of_its_request(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    with bound_contextvars(request_id="ABCD1234"):
        logs.get("test").info("assigned", visits=3)
        logging.getLogger("library").warning("slow")

    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2, "\n".join(lines)
    assert all("ABCD1234" in line for line in lines)
    if form == "json":
        told = json.loads(lines[0])
        assert (told["event"], told["level"], told["logger"], told["visits"]) == ("assigned", "info", "test", 3)


@pytest.mark.usefixtures("form")
@pytest.mark.parametrize("key", ["password", "new_password", "secret_key", "session_token", "Cookie", "Authorization"])
def test_what_is_named_like_a_secret_is_not_told(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    logs.get("test").warning("sign-in", **{key: SECRET})

    told = capsys.readouterr().err
    assert SECRET not in told
    assert "***" in told


@pytest.mark.usefixtures("form")
def test_a_traceback_tells_no_local_variable(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()

    def check(password: str) -> None:
        raise RuntimeError(f"{len(password)} characters")

    try:
        check(SECRET)
    except RuntimeError:
        logs.get("test").exception("page failed")

    told = capsys.readouterr().err
    assert "16 characters" in told
    assert "in check" in told
    assert SECRET not in told


@pytest.mark.usefixtures("form", "database")
def test_an_error_of_the_database_tells_no_value(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    given.stored(Account(username="lina", name="李娜", role=Role.MANAGER))
    try:
        given.stored(Account(username="lina", name="李娜", role=Role.MANAGER, password_hash=SECRET))
    except SQLAlchemyError:
        logs.get("test").exception("page failed")

    told = capsys.readouterr().err
    assert "uq_account_username" in told
    assert SECRET not in told


def test_the_lines_of_the_server_with_whole_addresses_are_off(form: str) -> None:
    logs.configure()
    assert form
    assert logging.getLogger("uvicorn.access").disabled
