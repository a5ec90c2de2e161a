"""A big ledger is read through its indexes: no page of it reads all rows, for any role."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import event

from bench import big_ledger
from bench import ledger as bench_ledger
from core import clock, db
from services.issues import board, ledger
from services.issues.ledger import Query
from services.issues.ledger_filters import QuickView
from services.issues.ledger_order import Order
from tests.servers import Database

ISSUES = 20_000
WHO = ("coordinator", "team_lead", "grid_worker", "department_officer")
QUESTIONS: dict[str, Query] = {
    "everything open": Query(),
    "closed": Query(view=QuickView.CLOSED, order=Order.NEWEST),
    "supervised": Query(view=QuickView.SUPERVISED),
    "all by due": Query(view=QuickView.ALL),
    "all by urgency": Query(view=QuickView.ALL, order=Order.URGENCY),
    "all by number": Query(view=QuickView.ALL, order=Order.NUMBER),
    "all newest": Query(view=QuickView.ALL, order=Order.NEWEST),
    "search": Query("专利", view=QuickView.ALL),
    "overdue in a street": Query(filters={"area_id": [3], "remaining": ["overdue"]}),
    "department": Query(filters={"department_id": [4]}),
    "assisting": Query(filters={"assisting": [5]}),
    "extra field": Query(view=QuickView.ALL, filters={"park": ["east"]}),
}


@pytest.fixture(scope="module")
def big(shared_database: Database) -> str:
    """A ledger of 20,000 issues."""
    big_ledger.fill(shared_database.owner_url, ISSUES, bench_ledger.NOW)
    return shared_database.url


@pytest.fixture
def frozen(big: str, same_database: None) -> Iterator[None]:  # noqa: ARG001 - asked for its effect
    """The clock stands where the big ledger's deadlines lie around."""
    assert big
    with clock.fixed(datetime.fromisoformat(bench_ledger.NOW)):
        yield


def _plans(ask: Any) -> list[str]:
    """Return the plans of the statements about issues that `ask` sends."""
    plans: list[str] = []

    def explain(connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if "FROM issue " not in statement:
            return
        with connection.connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {statement}", parameters)
            plans.append("\n".join(line for (line,) in cursor.fetchall()))

    event.listen(db.engine(), "before_cursor_execute", explain)
    try:
        ask()
    finally:
        event.remove(db.engine(), "before_cursor_execute", explain)
    return plans


@pytest.mark.usefixtures("frozen")
@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("question", QUESTIONS)
def test_pages_are_read_through_an_index(who: str, question: str) -> None:
    """Given 20,000 issues, when a first page and a later one are asked for, then no plan reads the whole table."""
    actor, query = bench_ledger.actors()[who], QUESTIONS[question]
    first = ledger.find(actor, query, counted=False)

    plans = _plans(lambda: ledger.find(actor, query, counted=False))
    plans += _plans(lambda: ledger.find(actor, query, cursor=first.after, counted=False))

    assert len(plans) >= 2
    for plan in plans:
        assert "Seq Scan on issue " not in plan, plan
        assert "ix_issue_" in plan or "pk_issue" in plan or "uq_issue_number" in plan, plan


@pytest.mark.usefixtures("frozen")
@pytest.mark.parametrize(
    ("order", "index"),
    [
        (Order.DUE, "ix_issue_due_key"),
        (Order.URGENCY, "ix_issue_urgency_key"),
        (Order.NEWEST, "ix_issue_created"),
        (Order.OLDEST, "ix_issue_created"),
        (Order.NUMBER, "uq_issue_number"),
        (Order.NUMBER_DOWN, "uq_issue_number"),
    ],
)
def test_a_page_far_down_begins_at_its_cursor(order: Order, index: str) -> None:
    """Given an order, when a page after 5,000 rows is asked for, then the cursor is a condition of its index."""
    actor, query = bench_ledger.actors()["coordinator"], Query(view=QuickView.ALL, order=order)
    cursor = bench_ledger.far(actor, query)

    [plan] = _plans(lambda: ledger.find(actor, query, cursor=cursor, counted=False))

    assert f"using {index} on issue" in plan or f"Scan Backward using {index}" in plan, plan
    assert "Index Cond" in plan, plan
    assert "Sort" not in plan.replace("Sort Key", ""), plan


@pytest.mark.usefixtures("frozen")
def test_what_a_department_closed_lately_is_read_along_its_closing() -> None:
    """Given 20,000 issues, when a board is shown, then neither the closed ones nor their number are read whole."""
    plans = _plans(lambda: board.board(bench_ledger.actors()["coordinator"], 4))

    closed = [plan for plan in plans if "ix_issue_department_closed" in plan]
    assert closed, plans
    assert not any("Sort" in plan for plan in closed), closed
