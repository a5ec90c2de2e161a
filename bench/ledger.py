"""Measures the ledger at a million issues: `python -m bench.ledger 1000000`, on an empty database of its own.

Prints for each role and question how long a page and its count took, and which index answered.
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlmodel import select

from bench.big_ledger import fill
from bench.machine import machine
from core import clock
from core.db import transaction
from models.account import Account, Role
from models.area import Area, Tier
from services.actor import SYSTEM, Actor
from services.issues import ledger
from services.issues.ledger import Query
from services.issues.ledger_filters import QuickView
from services.issues.ledger_order import Order, cursor_at

NOW = "2023-12-06T10:00:00+08:00"


def main() -> None:
    """Make the ledger in a throw-away database, then measure."""
    issues = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with machine() as made:
        began = time.monotonic()
        fill(made.postgres.owner_url, issues, NOW)
        _say(f"{issues} issues made in {time.monotonic() - began:.0f} s")
        measure()


def measure() -> None:
    """Ask every question as everybody and print the times."""
    with clock.fixed(datetime.fromisoformat(NOW)):
        for who, actor in actors().items():
            _say(f"\n{who}")
            for label, query in _questions().items():
                _ask(actor, label, query)


def _questions() -> dict[str, Query]:
    views = {f"view {view.value}": Query(view=view) for view in QuickView}
    orders = {f"order {order.value}": Query(order=order) for order in Order}
    searches = {
        f"search {text}": Query(search=text)
        for text in ("电压不稳", "电", "专利", "QY-2021-0300", "机械", "已处理", "没有")
    }
    filters: dict[str, dict[str, Any]] = {
        "category": {"category": ["c3"]}, "area": {"area_id": [3]}, "department": {"department_id": [4]},
        "assisting": {"assisting": [5]}, "emergencies in a state": {"state": ["handling"], "urgency": ["emergency"]},
        "overdue": {"remaining": ["overdue"]}, "red cards": {"card": ["red"]}, "supervised": {"supervised": [True]},
        "not satisfied": {"satisfied": [False]}, "extra": {"park": ["east"]},
        "registered in a month": {"created_at": (clock.today().replace(day=1), clock.today())},
        "rare": {"area_id": [3], "category": ["c30"], "urgency": ["emergency"], "card": ["red"]},
    }  # fmt: skip
    return views | orders | searches | {f"filter {label}": Query(filters=each) for label, each in filters.items()}


def actors() -> dict[str, Actor]:
    """Return somebody of every role there is in the big ledger."""
    with transaction(actor=SYSTEM) as session:
        street, grid = (
            session.exec(select(Area.path).where(Area.tier == tier)).first() or "" for tier in (Tier.STREET, Tier.GRID)
        )
        found = {role: session.exec(select(Account).where(Account.role == role)).first() for role in Role}
    paths = {Role.TEAM_LEAD: (street,), Role.GRID_WORKER: (grid,)}
    return {
        role.value: Actor(row.pk, row.name, role, area_paths=paths.get(role, ()), department_id=row.department_id)
        for role, row in found.items()
        if row is not None
    }


def _ask(actor: Actor, label: str, query: Query) -> None:
    first = _timed(lambda: ledger.find(actor, query, counted=False))
    page = ledger.find(actor, query, counted=False)
    further = None
    if page.after:
        cursor = far(actor, query)
        further = _timed(lambda: ledger.find(actor, query, cursor=cursor, counted=False))
    counted = _timed(lambda: ledger.count(actor, query))
    total = ledger.count(actor, query)
    many = f"{total.number}+" if total.more else str(total.number)
    deep = f"{further * 1000:6.0f}" if further is not None else "     –"
    mark = "  <<<" if max(first, further or 0, counted) > 0.5 else ""
    _say(f"  {label:28} first {first * 1000:6.0f} ms   far {deep} ms   count {counted * 1000:6.0f} ms  ({many}){mark}")


def far(actor: Actor, query: Query) -> str:
    """Return the cursor of the row that is the last of the first 9,000, or as many as there are."""
    with transaction(actor=SYSTEM) as session:
        rows = session.exec(ledger.statement(session, actor, query).limit(9_000)).all()
        return cursor_at(rows[-60 if len(rows) > 60 else -1], query.order, backwards=False)


def _timed(ask: Callable[[], object]) -> float:
    times = []
    for _turn in range(3):
        began = time.monotonic()
        ask()
        times.append(time.monotonic() - began)
    return statistics.median(times)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
