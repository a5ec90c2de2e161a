"""What load balancers and monitoring are told."""

from collections.abc import Iterator

import httpx
import psycopg
import pytest
from starlette.applications import Starlette

from core import db, queue
from core.embedded import EmbeddedPostgres
from core.settings import settings
from pages.shell.routes_health import routes
from services import health, outbox
from tests.servers import finish


class Client:
    """Asks the routes as a server would."""

    def get(self, path: str) -> httpx.Response:
        return finish(self._get(path))

    async def _get(self, path: str) -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=routes))
        async with httpx.AsyncClient(transport=transport, base_url="http://qianqi") as client:
            return await client.get(path)


@pytest.fixture
def client() -> Iterator[Client]:
    health.forget()
    yield Client()
    health.forget()


def test_a_living_process_says_so_without_any_server(client: Client) -> None:
    assert client.get("/healthz").text == "ok"


@pytest.mark.usefixtures("database", "queue")
def test_people_can_be_served_when_everything_answers(client: Client) -> None:
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "problems": {}})


@pytest.mark.usefixtures("queue")
def test_a_lost_database_makes_the_process_unready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIANQI_DATABASE_URL", "postgresql://x:secret-password@127.0.0.1:1/z")
    settings.cache_clear()
    db.reset()

    answer = client.get("/readyz")

    db.reset()
    assert answer.status_code == 503
    assert list(answer.json()["problems"]) == ["database"]
    assert "secret-password" not in answer.text


@pytest.mark.usefixtures("queue")
def test_a_database_without_tables_makes_the_process_unready(
    client: Client, postgres: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(postgres.admin_url, autocommit=True) as admin:
        admin.execute("CREATE DATABASE without_tables OWNER qianqi_owner")
    monkeypatch.setenv("QIANQI_DATABASE_URL", postgres.app_url.removesuffix("qianqi") + "without_tables")
    settings.cache_clear()
    db.reset()

    answer = client.get("/readyz")

    db.reset()
    assert answer.status_code == 503
    assert "migrations" in answer.json()["problems"]["database"]


@pytest.mark.usefixtures("database")
def test_a_lost_queue_is_named_but_people_are_still_served(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIANQI_REDIS_URL", "redis://127.0.0.1:1/0")
    settings.cache_clear()
    queue.reset()

    answer = client.get("/readyz")

    queue.reset()
    assert answer.status_code == 200
    assert list(answer.json()["problems"]) == ["queue"]


@pytest.mark.usefixtures("database", "queue")
def test_metrics_count_owed_work_processes_and_tasks(client: Client) -> None:
    with db.transaction() as session:
        outbox.put(session, "greet", {})
    queue.beat("worker")
    queue.count_task("greet", "done", 0.5)

    text = client.get("/metrics").text

    assert 'qianqi_outbox_messages{state="due"} 1.0' in text
    assert 'qianqi_processes_alive{kind="worker",state="ready"} 1.0' in text
    assert 'qianqi_tasks_total{outcome="done",topic="greet"} 1.0' in text
    assert "qianqi_database_up 1.0" in text


@pytest.mark.usefixtures("database", "queue")
def test_processes_nobody_hears_are_counted_as_none_so_that_an_alarm_can_ring(client: Client) -> None:
    text = client.get("/metrics").text

    for kind, state in (("scheduler", "leader"), ("scheduler", "standby"), ("worker", "ready")):
        assert f'qianqi_processes_alive{{kind="{kind}",state="{state}"}} 0.0' in text
