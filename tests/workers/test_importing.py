"""An import through a real queue and worker: from the click to the stored rows."""

import io
import threading
import time
from collections.abc import Iterator

import pytest
from dramatiq import Worker
from dramatiq.brokers.redis import RedisBroker

from models.account import Role
from models.area import Tier
from models.enterprise import Enterprise
from models.importing import ImportState
from services.actor import Actor
from services.importing import runs
from tests import factories
from tests.services.imports import xlsx
from workers import scheduler

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def _leader(broker: RedisBroker, database: str) -> Iterator[None]:  # noqa: ARG001 - both must outlive it
    running = scheduler.Scheduler()
    thread = threading.Thread(target=running.run)
    thread.start()
    yield
    running.stop()
    thread.join()


def _reached(actor: Actor, run_id: int, state: ImportState) -> None:
    deadline = time.monotonic() + 30
    while (found := runs.get(actor, run_id)).state is not state:
        assert time.monotonic() < deadline, f"still {found.state}: {found.message}"
        time.sleep(0.1)


@pytest.mark.usefixtures("_leader", "worker")
def test_a_file_is_checked_and_imported_by_a_worker(worker: Worker) -> None:
    grid = factories.area(Tier.GRID, name="东村第1网格")
    actor = factories.actor(Role.COORDINATOR, locale="zh_CN")
    content = xlsx([("企业名称", "所属网格"), ["淄博甲机械有限公司", grid.name], ["淄博乙陶瓷有限公司", grid.code]])

    run_id = runs.upload(actor, "enterprise", "企业.xlsx", io.BytesIO(content))
    layout = runs.layout(actor, run_id)
    runs.check(actor, run_id, sheet=layout.sheet, header_row=layout.header_row, mapping=layout.mapping)
    _reached(actor, run_id, ImportState.READY)
    runs.confirm(actor, run_id)
    _reached(actor, run_id, ImportState.DONE)

    assert [each.name for each in factories.rows(Enterprise)] == ["淄博甲机械有限公司", "淄博乙陶瓷有限公司"]
    assert worker.broker is not None
