"""What people see when something went wrong: a sentence and a number that is in the log, and no more."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from core import db
from models.account import Account, Role
from services.accounts import set_password
from services.actor import SYSTEM
from tests.browser.conftest import SignIn, wait_idle
from tests.servers import Database, WebServer, environment

pytestmark = pytest.mark.browser

PASSWORD = "battery-staple-7"


@pytest.fixture(scope="module")
def server(shared_database: Database, server_folder: Path) -> Iterator[WebServer]:
    """The product with a page that fails."""
    folder = server_folder / "failing"
    folder.mkdir()
    env = environment(shared_database, folder, QIANQI_LOG_FORMAT="json")
    with WebServer(env, folder / "web.log", app="tests.failing.app:app") as web:
        yield web


@pytest.mark.usefixtures("same_database")
def test_an_unexpected_error_shows_a_number_that_is_in_the_log_and_no_traceback(
    sign_in: SignIn, server: WebServer
) -> None:
    with db.transaction(actor=SYSTEM) as session:
        person = Account(username="lina", name="李娜", role=Role.MANAGER, must_change_password=False)
        set_password(person, PASSWORD)
        session.add(person)
    page = sign_in("lina", password=PASSWORD)

    page.goto("/failing")
    wait_idle(page)

    told = page.get_by_role("alert").inner_text()
    found = re.search(r"编号 ([0-9A-F]{8})", told)
    assert found, told
    expect(page.get_by_test_id("stException")).to_have_count(0)
    shown = page.locator("body").inner_text()
    assert "a detail for the log" not in shown
    assert "Traceback" not in shown
    line = next(line for line in server.text().splitlines() if found[1] in line)
    assert "a detail for the log" in line
    assert '"request_id"' in line
    assert f'"account_id": {person.id}' in line
    assert server.text().count("a detail for the log") == line.count("a detail for the log"), "told once"
    assert "correct-horse-42" not in server.text()
