"""Random steps by random people: whatever they try, log, clocks and permissions hold.

Hypothesis plays people who press any button of any issue, legal or not, at any time of any day.
"""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlmodel import col, select

from core import clock
from core.db import transaction
from core.errors import UserError
from models.account import Role
from models.issue import ENDED_STATES, Issue, IssueState
from models.issue_log import IssueClock, IssueEvent
from models.lifecycle import STEPS, Verb
from services import issues
from services.actor import SYSTEM, Actor
from services.issues import clocks, events
from services.issues.guards import StepRefusedError
from services.issues.steps import ACTIONS
from services.permissions import Scope, scope
from tests import issue_world
from tests.issue_world import IssueWorld
from tests.machine_steps import STEPS_TO_TRY

PEOPLE = (
    "worker_a", "worker_b", "lead_a", "lead_b", "coordinator", "officer_x", "colleague_x", "officer_y", "officer_z",
    "manager", "admin",
)  # fmt: skip
FORWARD = {verb for verb in STEPS_TO_TRY if STEPS[verb].targets} - {Verb.REDISPATCH, Verb.DECLINE, Verb.REOPEN} | {
    Verb.PASS_REVIEW, Verb.CALL_BACK, Verb.FINISH_TASK,
}  # fmt: skip
LIVELY = ("worker_a", "lead_a", "coordinator", "officer_x", "officer_y")


class Ledger(RuleBasedStateMachine):
    """Two issues, eleven people and every step there is."""

    world: IssueWorld

    @initialize(state=st.sampled_from(IssueState))
    def begin(self, state: IssueState) -> None:
        """Sign everybody in; drive a need of street A to some state and register one in street B."""
        self.actors = {name: self.world.actor(name) for name in PEOPLE}
        self.ids = [self.world.issue(state), self.world.register(by="worker_b", at="B")]

    @rule(
        place=st.sampled_from([0, 0, 0, 1]),
        name=st.one_of(st.sampled_from(LIVELY), st.sampled_from(PEOPLE)),
        verb=st.sampled_from(sorted(STEPS_TO_TRY, key=lambda each: each.value)),
        wait=st.sampled_from([0, 1, 60, 60 * 24, 60 * 24 * 4]),
        choice=st.integers(0, 5),
    )
    def anybody_tries_anything(self, place: int, name: str, verb: Verb, wait: int, choice: int) -> None:
        """Somebody takes a step, legal or not, after some minutes."""
        clock.advance(timedelta(minutes=wait + 1))
        self._try(self.ids[place], name, verb, choice)

    @rule(place=st.sampled_from([0, 0, 0, 1]), choice=st.integers(0, 5), wait=st.sampled_from([1, 30, 60 * 20]))
    def somebody_leads_it_on(self, place: int, choice: int, wait: int) -> None:
        """Somebody takes one of the steps that lead on: random pressing alone would seldom come far."""
        clock.advance(timedelta(minutes=wait))
        issue_id = self.ids[place]
        on = [
            (name, verb)
            for name in LIVELY
            for verb, refusal in self._allowed(issue_id, name).items()
            if refusal is None and verb in FORWARD
        ]
        if on:
            name, verb = on[choice * len(on) // 6]
            self._try(issue_id, name, verb, choice)

    def _allowed(self, issue_id: int, name: str) -> dict[Verb, str | None]:
        try:
            return issues.allowed(self.actors[name], issue_id)
        except UserError:
            return {}

    def _try(self, issue_id: int, name: str, verb: Verb, choice: int) -> None:
        before, actor = self.world.row(issue_id), self.actors[name]
        offered = self._allowed(issue_id, name)
        try:
            STEPS_TO_TRY[verb](self.world, actor, issue_id, choice)
        except StepRefusedError:
            assert offered.get(verb) is not None or verb not in offered, "a step that was offered is refused"
        except UserError:
            pass
        after = self.world.row(issue_id)
        if after.version == before.version:
            assert events.snapshot(after) == events.snapshot(before), "a refused step has changed something"
            return
        self._check_step(actor, before, after, offered)

    def _check_step(self, actor: Actor, before: Issue, after: Issue, offered: dict[Verb, str | None]) -> None:
        event = self.world.events(after.pk)[-1]
        step = STEPS[event.verb]
        assert event.actor_id == actor.account_id
        assert before.state in step.sources
        assert after.state in (step.targets or (before.state,))
        assert scope(actor, ACTIONS[event.verb]) > Scope.NONE
        assert actor.role not in {Role.MANAGER, Role.ADMINISTRATOR}
        assert offered.get(event.verb, "") is None, "a step succeeded that was not offered"
        if after.due_at != before.due_at:
            assert after.due_version > before.due_version
        if after.state is IssueState.CLOSED:
            assert actor.account_id not in {before.handler_id, before.resolved_by_id}
            assert actor.role in {Role.COORDINATOR, Role.TEAM_LEAD}

    @invariant()
    def the_log_replays_to_the_row(self) -> None:
        """The fold of an issue's events is its row, and none is missing."""
        for issue_id in getattr(self, "ids", []):
            row, log = self.world.row(issue_id), self.world.events(issue_id)
            assert events.replay(log) == events.snapshot(row)
            assert [event.seq for event in log] == list(range(1, row.version + 1))
            _each_event_begins_where_the_last_ended(log)

    @invariant()
    def one_clock_runs_and_the_issue_repeats_it(self) -> None:
        """An open issue has one running clock of its stage; one that has ended has none."""
        for issue_id in getattr(self, "ids", []):
            row, running = self.world.row(issue_id), _running(issue_id)
            if row.state in ENDED_STATES:
                assert running == []
                assert (row.due_at, row.stage, row.paused_since) == (None, "", None)
                continue
            (only,) = running
            assert only.stage is clocks.stage_of(row)
            assert (row.stage, row.paused_since) == (only.stage.value, only.paused_since)
            assert row.due_at == (None if only.paused_since else only.due_at)
            assert only.due_at > only.started_at


def _each_event_begins_where_the_last_ended(log: list[IssueEvent]) -> None:
    state: dict[str, Any] = {}
    for event in log:
        assert all(state.get(name) == value for name, value in event.before.items())
        state |= event.after


def _running(issue_id: int) -> list[IssueClock]:
    with transaction(actor=SYSTEM) as session:
        found = select(IssueClock).where(
            IssueClock.issue_id == issue_id, col(IssueClock.ended_at).is_(None), col(IssueClock.task_id).is_(None)
        )
        return list(session.exec(found).all())


@pytest.mark.usefixtures("same_database", "frozen_clock")
def test_whatever_anybody_tries_the_ledger_holds() -> None:
    """Given the small world, when random people take random steps, then every promise of the ledger holds."""

    class Machine(Ledger):
        world = issue_world.build()

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=50, stateful_step_count=30, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_every_step_is_tried() -> None:
    """Given the verbs people can take, then the machine tries each: the others come from files or the product."""
    assert set(Verb) - set(STEPS_TO_TRY) == {
        Verb.REGISTER, Verb.ATTACH, Verb.WITHDRAW_FILE, Verb.LINK, Verb.UNLINK, Verb.RECOMPUTE, Verb.REDO,
    }  # fmt: skip
