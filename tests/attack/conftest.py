"""The product under attack: a real server over the demonstration's data, asked by Streamlit's own protocol."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from bench.tab import Tab, sign_in
from core import db
from core.embedded import EmbeddedPostgres, EmbeddedValkey
from core.settings import settings
from services.demo import PASSWORD
from tests.attack import hostile
from tests.servers import Database, WebServer, environment, new_database

OpenTab = Callable[[str], Tab]
Ask = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def hostile_database(postgres: EmbeddedPostgres, demo_template: str) -> Iterator[Database]:
    """The demonstration's data with hostile text in every field."""
    with new_database(postgres, demo_template) as made:
        name = made.url.rpartition("/")[2]
        assert hostile.infest(postgres.admin_url.rpartition("/")[0] + f"/{name}") > 60
        yield made


@pytest.fixture(scope="module")
def hostile_server(hostile_database: Database, valkey: EmbeddedValkey, server_folder: Path) -> Iterator[WebServer]:
    """The web application over it."""
    folder = server_folder / "hostile"
    folder.mkdir(exist_ok=True)
    env = environment(hostile_database, folder, QIANQI_REDIS_URL=valkey.url)
    with WebServer(env, folder / "web.log") as server:
        yield server


@pytest.fixture
def hostile_settings(
    hostile_database: Database,
    own_settings: None,  # noqa: ARG001 - after it
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[None]:
    """Let the test ask the database the server asks."""
    monkeypatch.setenv("QIANQI_DATABASE_URL", hostile_database.url)
    settings.cache_clear()
    db.reset()
    yield
    db.reset()


@pytest.fixture
def open_tab(hostile_server: WebServer) -> Iterator[OpenTab]:
    """Sign somebody in and return their tab: `open_tab("coordinator")`."""
    tabs: list[Tab] = []

    def enter(username: str) -> Tab:
        tabs.append(Tab(hostile_server.url, sign_in(hostile_server.url, username, PASSWORD)))
        return tabs[-1]

    yield enter
    for each in tabs:
        each.close()


@pytest.fixture(scope="module")
def ask(hostile_server: WebServer) -> Iterator[Ask]:
    """Ask for an address as it stands: `ask("/static/../app.py", signed_in=True)`."""
    cookies = sign_in(hostile_server.url, "coordinator", PASSWORD)
    with httpx.Client(trust_env=False, timeout=30) as client:

        def get(path: str, *, signed_in: bool, headers: dict[str, str] | None = None) -> httpx.Response:
            sent = {**(headers or {}), **({"Cookie": cookies} if signed_in else {})}
            url = httpx.URL(hostile_server.url).copy_with(raw_path=path.encode())
            return client.get(url, headers=sent)

        yield get
