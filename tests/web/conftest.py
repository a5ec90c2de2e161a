"""A real web server and what its tests ask it."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from core import db
from models.account import Account, Role
from services.accounts import set_password
from services.actor import SYSTEM
from tests.servers import Database, WebServer, environment

PASSWORD = "correct-horse-42"


@pytest.fixture(scope="module")
def web(shared_database: Database, server_folder: Path) -> Iterator[WebServer]:
    """A web server without demonstration data."""
    folder = server_folder / "web"
    folder.mkdir(exist_ok=True)
    with WebServer(environment(shared_database, folder), folder / f"{id(shared_database)}.log") as server:
        yield server


@pytest.fixture
def client(web: WebServer, same_database: None) -> Iterator[httpx.Client]:  # noqa: ARG001 - asked for its effect
    """A client of the server that keeps cookies and follows no redirect."""
    with httpx.Client(base_url=web.url) as made:
        yield made


@pytest.fixture
def account(same_database: None, request: pytest.FixtureRequest) -> Account:  # noqa: ARG001 - asked for its effect
    """An account of the test's own, with `PASSWORD`."""
    with db.transaction(actor=SYSTEM) as session:
        made = Account(username=f"u{abs(hash(request.node.name))}", name="李娜", role=Role.GRID_WORKER,
                       must_change_password=False)  # fmt: skip
        set_password(made, PASSWORD)
        session.add(made)
    return made


@pytest.fixture
def signed_in(client: httpx.Client, account: Account) -> httpx.Client:
    """The client, signed in."""
    answer = client.post("/sign-in", data={"username": account.username, "password": PASSWORD})
    assert answer.status_code == 303
    return client
