"""The board of a department: its columns, who may look at which, and what each card offers."""

from datetime import timedelta

import pytest

from core import clock
from core.errors import NotAllowedError, NotFoundError
from models.issue import IssueState
from models.lifecycle import Verb
from services import issues
from services.issues import Assistance, board
from services.issues.board import Board, Column
from tests.issue_world import IssueWorld

S = IssueState


def _lies(shown: Board) -> dict[Column, list[int]]:
    return {pile.column: [line.issue.pk for line in pile.lines] for pile in shown.piles if pile.lines}


def test_an_officers_board_holds_their_departments_issues_by_state(world: IssueWorld) -> None:
    """Given issues in every state, then the board of department X has those it leads, each in its column."""
    ids = {state: world.issue(state) for state in IssueState}

    shown = board.board(world.actor("officer_x"), world.departments["X"].pk)

    assert [pile.column for pile in shown.piles] == list(Column)
    assert _lies(shown) == {
        Column.DISPATCHED: [ids[S.DISPATCHED]],
        Column.HANDLING: [ids[S.HANDLING]],
        Column.WAITING: [ids[S.EXTENSION_REQUESTED], ids[S.SHELVING_REQUESTED]],
        Column.SHELVED: [ids[S.SHELVED]],
        Column.RESOLVED: [ids[S.RESOLVED]],
        Column.CALL_BACK: [ids[S.ANSWERED], ids[S.CALL_BACK]],
        Column.CLOSED: [ids[S.CLOSED]],
    }
    assert {key: rule.step for key, rule in shown.steps.items()} == {
        ids[S.DISPATCHED]: Verb.ACKNOWLEDGE,
        ids[S.HANDLING]: Verb.RESOLVE,
    }


def test_a_coordinators_cards_offer_the_coordinators_steps_and_a_managers_none(world: IssueWorld) -> None:
    asked, resolved, answered = (world.issue(s) for s in (S.EXTENSION_REQUESTED, S.RESOLVED, S.ANSWERED))
    department_id = world.departments["X"].pk

    shown = board.board(world.actor("coordinator"), department_id)

    assert {key: rule.step for key, rule in shown.steps.items()} == {
        asked: Verb.APPROVE_EXTENSION,
        resolved: Verb.PASS_REVIEW,
        answered: Verb.START_CALL_BACK,
    }
    watched = board.board(world.actor("manager"), department_id)
    assert _lies(watched) == _lies(shown)
    assert watched.steps == {}


def test_a_full_column_shows_the_most_pressing_and_counts_the_rest(world: IssueWorld) -> None:
    ids = [world.issue(S.DISPATCHED) for _ in range(3)]

    pile = board.board(world.actor("officer_x"), world.departments["X"].pk, most=2).piles[0]

    assert [line.issue.pk for line in pile.lines] == ids[:2]
    assert pile.count == 3


def test_what_was_closed_long_ago_is_off_the_board(world: IssueWorld) -> None:
    world.issue(S.CLOSED)
    clock.advance(timedelta(days=board.LATELY + 1))

    assert _lies(board.board(world.actor("coordinator"), world.departments["X"].pk)) == {}


def test_each_role_chooses_among_the_departments_in_its_sight(world: IssueWorld) -> None:
    """Given three departments, then an officer has their own only, others all, an administrator none."""
    every = {each.pk for each in world.departments.values()}

    assert set(board.departments(world.actor("coordinator"))) == every
    assert set(board.departments(world.actor("officer_y"))) == {world.departments["Y"].pk}
    with pytest.raises(NotFoundError):
        board.board(world.actor("officer_y"), world.departments["X"].pk)
    with pytest.raises(NotFoundError):
        board.board(world.actor("coordinator"), 999_999)
    with pytest.raises(NotAllowedError):
        board.board(world.actor("admin"), world.departments["X"].pk)


def test_a_lead_sees_of_a_department_what_comes_from_their_area(world: IssueWorld) -> None:
    own = world.issue(S.HANDLING)

    department_id = world.departments["X"].pk
    assert _lies(board.board(world.actor("lead_a"), department_id)) == {Column.HANDLING: [own]}
    assert _lies(board.board(world.actor("lead_b"), department_id)) == {}


def test_the_board_opens_at_the_department_with_most_overdue(world: IssueWorld) -> None:
    world.issue(S.HANDLING)
    assert board.busiest(world.actor("coordinator")) is None

    clock.advance(timedelta(days=60))

    assert board.busiest(world.actor("coordinator")) == world.departments["X"].pk
    assert board.busiest(world.actor("lead_b")) is None


def test_an_officer_who_helps_others_still_opens_their_own_board(world: IssueWorld) -> None:
    """Given an overdue issue of department X that Y helps with, then the officer of Y is not sent to the board of X."""
    issue_id = world.issue(S.ACCEPTED)
    assisting = [Assistance(world.departments["Y"].pk, "核实用地")]
    issues.dispatch(world.actor("coordinator"), issue_id, world.departments["X"].pk, assisting=assisting)
    clock.advance(timedelta(days=60))

    assert board.busiest(world.actor("officer_y")) is None
    assert board.busiest(world.actor("officer_x")) == world.departments["X"].pk
