"""Who may take which step: one table, tried with everybody on an issue of their own and on one that is not theirs."""

from collections.abc import Iterator

import pytest

from core import clock
from core.errors import NotAllowedError, NotFoundError
from models.issue import IssueKind, IssueState
from models.lifecycle import STEPS, Verb
from services import issues
from services.issues import Heard
from services.issues.guards import StepRefusedError
from tests import issue_world
from tests.conftest import MOMENT
from tests.issue_world import IssueWorld
from tests.machine_steps import STEPS_TO_TRY

S = IssueState
CHOICE = 3
"""Which of the state machine's variants is taken: one with every reason and answer given."""
EVERYBODY = {
    "coordinator": "C", "lead_a": "L", "worker_a": "W", "officer_x": "D", "officer_y": "A", "manager": "M",
    "admin": "S", "lead_b": "l", "worker_b": "w", "officer_z": "d",
}  # fmt: skip
"""Coordinator, lead, worker, lead department, assisting department, manager, administrator; small: of elsewhere."""
MAY = {
    Verb.RESOLVE_ON_SITE: (S.REGISTERED, "CLW"),
    Verb.ACCEPT: (S.REGISTERED, "CL"),
    Verb.DECLINE: (S.REGISTERED, "CL"),
    Verb.ESCALATE: (S.REGISTERED, "CL"),
    Verb.EDIT: (S.REGISTERED, "CLW"),
    Verb.DISPATCH: (S.ACCEPTED, "C"),
    Verb.REDISPATCH: (S.RETURNED, "C"),
    Verb.ACKNOWLEDGE: (S.DISPATCHED, "D"),
    Verb.RETURN: (S.DISPATCHED, "D"),
    Verb.REQUEST_EXTENSION: (S.HANDLING, "D"),
    Verb.APPROVE_EXTENSION: (S.EXTENSION_REQUESTED, "C"),
    Verb.REFUSE_EXTENSION: (S.EXTENSION_REQUESTED, "C"),
    Verb.REQUEST_SHELVING: (S.HANDLING, "D"),
    Verb.APPROVE_SHELVING: (S.SHELVING_REQUESTED, "C"),
    Verb.REFUSE_SHELVING: (S.SHELVING_REQUESTED, "C"),
    Verb.RESUME: (S.SHELVED, "C"),
    Verb.RESOLVE: (S.HANDLING, "D"),
    Verb.PASS_REVIEW: (S.RESOLVED, "C"),
    Verb.FAIL_REVIEW: (S.RESOLVED, "C"),
    Verb.START_CALL_BACK: (S.ANSWERED, "CLW"),
    Verb.CALL_BACK: (S.CALL_BACK, "CLW"),
    Verb.REOPEN: (S.CLOSED, "C"),
    Verb.URGE: (S.HANDLING, "CLW"),
    Verb.SUPERVISE: (S.HANDLING, "C"),
    Verb.YELLOW_CARD: (S.HANDLING, "C"),
    Verb.RED_CARD: (S.HANDLING, "C"),
    Verb.COMMENT: (S.HANDLING, "CLWDA"),
    Verb.ADD_TASK: (S.HANDLING, "CD"),
    Verb.FINISH_TASK: (S.HANDLING, "A"),
    Verb.RETURN_TASK: (S.HANDLING, "A"),
    Verb.CANCEL_TASK: (S.HANDLING, "CD"),
}
"""Step → a state it is taken in, and who may take it."""


@pytest.fixture(scope="module")
def shared() -> dict[str, IssueWorld]:
    """Holds the world of this module's database."""
    return {}


@pytest.fixture
def world(shared: dict[str, IssueWorld], same_database: None) -> Iterator[IssueWorld]:
    """The small world, built once; the clock stands still."""
    assert same_database is None
    with clock.fixed(MOMENT):
        if "world" not in shared:
            shared["world"] = issue_world.build()
        yield shared["world"]


@pytest.mark.parametrize("verb", list(MAY))
def test_who_may_take_a_step(world: IssueWorld, verb: Verb) -> None:
    """Given an issue ready for a step, when each tries it, then those of the table can and nobody else."""
    state, may = MAY[verb]

    could = {letter for name, letter in EVERYBODY.items() if _can(world, verb, state, name)}

    assert could == set(may)


def test_the_table_holds_every_step_people_take() -> None:
    """Given the steps, then the table has all but those other tests look at, and agrees with the life cycle."""
    assert set(MAY) == set(STEPS_TO_TRY) - {Verb.ANSWER, Verb.CLOSE}
    assert all(state in STEPS[verb].sources for verb, (state, _may) in MAY.items())


def test_who_may_answer_and_close(world: IssueWorld) -> None:
    """Given a reviewed result and a confirmed call-back, then who tells the enterprise and who strikes it off."""
    answered, closed = set(), set()
    for name, letter in EVERYBODY.items():
        issue_id = _ready(world, S.RESOLVED)
        world.step(issue_id, "pass_review")
        if _takes(world, Verb.ANSWER, issue_id, name):
            answered.add(letter)
        issue_id = _ready(world, S.CALL_BACK)
        world.step(issue_id, "confirm")
        if _takes(world, Verb.CLOSE, issue_id, name):
            closed.add(letter)

    assert answered == set("CLWD")
    assert closed == set("CL")


def test_who_may_register_where(world: IssueWorld) -> None:
    """Given an enterprise of street A, then only those who serve it or the zone register its needs."""
    could = set()
    for name, letter in EVERYBODY.items():
        try:
            issues.register(world.actor(name), world.enterprises["A"].pk, Heard(IssueKind.DIFFICULT_ISSUE, "招工难"))
            could.add(letter)
        except (NotFoundError, NotAllowedError):
            continue

    assert could == set("CLW")


def _can(world: IssueWorld, verb: Verb, state: IssueState, name: str) -> bool:
    return _takes(world, verb, _ready(world, state), name)


def _ready(world: IssueWorld, state: IssueState) -> int:
    """Return a new issue in a state, with an open task of department Y where it is being handled."""
    issue_id = world.issue(state)
    if state is S.HANDLING:
        issues.add_task(world.actor("coordinator"), issue_id, world.departments["Y"].pk, "协助", mandatory=False)
    return issue_id


def _takes(world: IssueWorld, verb: Verb, issue_id: int, name: str) -> bool:
    before = world.row(issue_id).version
    try:
        STEPS_TO_TRY[verb](world, world.actor(name), issue_id, CHOICE)
    except (NotFoundError, NotAllowedError, StepRefusedError):
        assert world.row(issue_id).version == before
        return False
    return world.row(issue_id).version > before
