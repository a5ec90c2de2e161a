"""Issues by the million, each with the moments of all it went through."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg

from bench.copying import NONE, copy, moment, value
from bench.programme.enterprises import Enterprises
from bench.programme.visits import Visits, begins
from bench.programme.world import World
from models.issue import Issue
from models.issue_log import IssueClock, IssueTask
from services.demo.needs import Need, issue_words

_DAY = 86_400
_FRESH, _YOUNG = (20, 0.85), (60, 0.22)
"""Age in days up to which issues are still open, and which share of them; of older ones four in a thousand."""
_LONG_OPEN = 0.004
_STATES = {
    "registered": 8, "resolved_on_site": 6, "accepted": 6, "dispatched": 14, "handling": 38, "returned": 3,
    "extension_requested": 4, "shelving_requested": 1, "shelved": 3, "resolved": 7, "answered": 5, "call_back": 5,
}  # fmt: skip
"""Open states and how often each is met."""
_STAGES = {
    "registered": "accept", "resolved_on_site": "answer", "accepted": "dispatch", "dispatched": "acknowledge",
    "returned": "dispatch", "resolved": "review", "answered": "call_back", "call_back": "call_back",
}  # fmt: skip
_PAUSED = ("extension_requested", "shelving_requested", "shelved")
_UNDISPATCHED = ("registered", "accepted", "returned", "resolved_on_site")
_ACKNOWLEDGED = ("handling", *_PAUSED, "resolved", "answered", "call_back", "closed")
_RESOLVED = ("resolved", "resolved_on_site", "answered", "call_back", "closed")
_ANSWERED = ("answered", "call_back", "closed")
_OPENINGS = ("", "企业反映：", "走访时企业提出，", "负责人说，", "多次反映：", "再次提出，")
_COLUMNS = (
    "id", "number", "kind", "urgency", "state", "text", "category", "solution", "enterprise_id", "source", "visit_id",
    "area_id", "registered_by_id", "first_receiver_id", "department_id", "cross_department", "handler_id",
    "dispatched_at", "dispatched_by_id", "acknowledged_at", "round", "review_on", "resolved_at", "resolved_by_id",
    "answer", "answered_at", "answered_by_id", "caller_id", "call_backs", "solved", "satisfied", "closed_at",
    "closed_by_id", "card", "card_department_id", "supervision", "urges", "stage", "due_at", "paused_since", "late",
    "version", "due_version", "created_at", "updated_at",
)  # fmt: skip
_MISSING = {
    "solution": "", "answer": "", "supervision": "", "stage": "", "card": "none", "round": "1", "call_backs": "0",
    "late": "f", "urges": "0", "due_version": "0", "version": "1",
}  # fmt: skip
"""What a column holds of which an issue's way says nothing; all others hold NULL."""
_CLOCK = ("issue_id", "stage", "started_at", "amount", "unit", "paused_since", "due_at")
_TASK = ("issue_id", "department_id", "text", "state", "created_at", "updated_at")


@dataclass(frozen=True)
class _Case:
    """One issue.

    Args:
        number: counted from 0.
        at: when it was registered, as seconds since 1970.
        enterprise: counted from 0.
        visit: the visit it came from, as its id.
        who: who registered it.
        state: where it stands.
        need: what is said.
    """

    number: int
    at: float
    enterprise: int
    visit: int | None
    who: int
    state: str
    need: Need


@dataclass
class _Pile:
    """What belongs to the issues, put by while they are copied.

    Args:
        first: the id of the first issue; the others follow.
        clocks: running clocks of the open ones.
        tasks: of assisting departments.
    """

    first: int
    clocks: list[Sequence[str]] = field(default_factory=list)
    tasks: list[Sequence[str]] = field(default_factory=list)


def raise_all(connection: psycopg.Connection[Any], world: World, known: Enterprises, made: Visits, count: int) -> None:
    """Add issues, the running clocks of the open ones, and the tasks of assisting departments."""
    row = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM issue").fetchone()
    assert row is not None  # noqa: S101 - an aggregate has one row
    pile = _Pile(row[0])
    cases = _cases(world, known, made, count)
    copy(connection, Issue, _COLUMNS, (_row(world, known, pile, case) for case in cases))
    copy(connection, IssueClock, _CLOCK, pile.clocks)
    copy(connection, IssueTask, _TASK, pile.tasks)


def _cases(world: World, known: Enterprises, made: Visits, count: int) -> Iterator[_Case]:
    """Yield issues in the order they were registered; seven in ten come from a visit."""
    rng, needs = world.rng, issue_words().needs
    began = begins(world, 0)
    for number in range(count):
        place = number * len(made.recorded) // count
        at = made.recorded[place] if made.recorded and rng.random() < 0.75 else 0
        visited = bool(at)
        at = at or int(began + (number + 0.5) / count * (world.end - began))
        enterprise = made.enterprises[place] if visited else rng.randrange(len(known.grids))
        who = made.visitors[place] if visited else world.coordinator
        visit = made.first + place if visited else None
        yield _Case(number, at, enterprise, visit, who, _state(world, at, visited=visited), rng.choice(needs))


def _state(world: World, at: float, *, visited: bool) -> str:
    age, draw = (world.end - at) / _DAY, world.rng.random()
    share = _FRESH[1] if age < _FRESH[0] else _YOUNG[1] if age < _YOUNG[0] else _LONG_OPEN
    if draw < share:
        state = world.rng.choices(list(_STATES), list(_STATES.values()))[0]
        return state if visited or state != "resolved_on_site" else "handling"
    return "declined" if world.rng.random() < 0.03 else "closed"


def _row(world: World, known: Enterprises, pile: _Pile, case: _Case) -> Sequence[str]:
    rng, grid = world.rng, known.grids[case.enterprise]
    issue_id, since = str(pile.first + case.number), moment(case.at)
    desk, officer = world.desks[case.need.category]
    cross = case.number % 13 == 0 and case.state not in _UNDISPATCHED
    row = {
        "id": issue_id,
        "number": f"QY-{since[:4]}-{case.number:07}",
        "kind": case.need.kind.value,
        "urgency": "emergency" if case.number % 97 == 0 else "urgent" if case.number % 11 == 0 else "normal",
        "state": case.state,
        "text": rng.choice(_OPENINGS) + case.need.text.replace("{count}", str(rng.randint(3, 90))),
        "category": case.need.category,
        "enterprise_id": str(known.first + case.enterprise),
        "source": "page" if case.visit is None else "visit",
        "visit_id": value(case.visit),
        "area_id": str(grid.area_id),
        "registered_by_id": str(case.who),
        "first_receiver_id": str(case.who),
        "cross_department": value(cross),
        "created_at": since,
        "updated_at": since,
        **_way(world, case, desk, officer),
    }
    if case.state in _STATES:
        row |= _clock(world, case, issue_id, pile)
    if cross:
        other = rng.choice(list(world.desks.values()))[0]
        pile.tasks.append(
            (
                issue_id,
                str(other),
                case.need.task or "协助办理",
                "done" if case.state == "closed" else "open",
                since,
                since,
            )
        )
    return [row.get(column) or _MISSING.get(column, NONE) for column in _COLUMNS]


def _way(world: World, case: _Case, desk: int, officer: int) -> dict[str, str]:
    """Return what an issue went through up to its state."""
    rng = world.rng
    if case.state == "declined":
        return {"version": "2"}
    on_site = case.state == "resolved_on_site" or (
        case.state == "closed" and case.visit is not None and rng.random() < 0.5
    )
    steps = _moments(world, case.at, on_site=on_site)
    way: dict[str, str] = {"version": "3"}
    if not on_site and case.state not in _UNDISPATCHED:
        way |= {"department_id": str(desk), "dispatched_at": steps[0], "dispatched_by_id": str(world.coordinator)}
        if case.state in _ACKNOWLEDGED:
            way |= {"handler_id": str(officer), "acknowledged_at": steps[1], "version": "5"}
    if case.state in _RESOLVED:
        by = case.who if on_site else officer
        said = (case.need.on_site if on_site else case.need.later) or "已办理"
        way |= {
            "solution": said,
            "resolved_at": steps[2],
            "resolved_by_id": str(by),
            "late": value(rng.random() < 0.08),
        }
    if case.state in _ANSWERED:
        way |= {
            "answer": "已办理并答复企业。",
            "answered_at": steps[3],
            "answered_by_id": str(officer),
            "caller_id": str(case.who),
        }
    if case.state == "closed":
        way |= _closed(world, case, steps[4], on_site=on_site)
    card = rng.random()
    way["card"] = "red" if card < 0.005 else "yellow" if card < 0.02 else "none"
    return way if way["card"] == "none" else way | {"card_department_id": way.get("department_id", "")}


def _closed(world: World, case: _Case, at: str, *, on_site: bool) -> dict[str, str]:
    rng = world.rng
    # Nobody closes what they resolved.
    by = world.coordinator if on_site else case.who
    return {
        "solved": value(rng.random() < 0.96), "satisfied": value(rng.random() < 0.93), "call_backs": "1",
        "closed_at": at, "closed_by_id": str(by), "round": "2" if rng.random() < 0.03 else "1", "updated_at": at,
        "version": "9",
    }  # fmt: skip


def _moments(world: World, at: float, *, on_site: bool) -> list[str]:
    """Return when an issue was dispatched, acknowledged, resolved, answered and closed, none of it to come."""
    rng = world.rng
    waits = [
        rng.uniform(0.05, 1), rng.uniform(0, 1), 0 if on_site else rng.expovariate(1 / 4), rng.uniform(0, 1.5),
        rng.uniform(0.1, 3),
    ]  # fmt: skip
    if on_site:
        waits[0] = waits[1] = 0
    fit = min(1.0, (world.end - at) / _DAY / sum(waits))
    past, found = at, []
    for wait in waits:
        past += wait * fit * _DAY
        found.append(moment(past))
    return found


def _clock(world: World, case: _Case, issue_id: str, pile: _Pile) -> dict[str, str]:
    """Add the running clock of an open issue and return what the issue repeats of it."""
    stage = _STAGES.get(case.state, "handle")
    paused = moment(min(case.at + _DAY, world.end)) if case.state in _PAUSED else NONE
    due = moment(world.end + world.rng.uniform(-4, 12) * _DAY)
    pile.clocks.append((issue_id, stage, moment(case.at), "5", "working_days", paused, due))
    review = moment(world.end + 20 * _DAY)[:10] if case.state in ("shelving_requested", "shelved") else NONE
    return {
        "stage": stage, "due_at": NONE if case.state in _PAUSED else due, "paused_since": paused, "review_on": review,
        "due_version": "1", "supervision": f"DB-B-{case.number:07}" if case.number % 31 == 0 else "",
    }  # fmt: skip
