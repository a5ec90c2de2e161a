"""Several people at one issue in the same moment: one wins, the others are told, nothing is half done."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from core import clock
from core.errors import UserError
from models.issue import IssueState
from models.issue_log import LinkKind
from services import issues
from services.issues import StaleError, events
from tests.conftest import MOMENT
from tests.issue_world import IssueWorld

S = IssueState


def _at_once(*deeds: object) -> list[Exception | None]:
    """Do things in threads that start together; return what each raised."""
    start = Barrier(len(deeds))

    def one(deed: object) -> Exception | None:
        start.wait()
        try:
            deed()  # type: ignore[operator]  # each is a function without arguments
        except UserError as refusal:
            return refusal
        return None

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(one, deeds))


@pytest.mark.parametrize("attempt", range(5))
def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(world: IssueWorld, attempt: int) -> None:
    """Given a need both look at, when one accepts and one declines at once, then exactly one does."""
    assert attempt >= 0
    assert clock.now() == MOMENT
    issue_id = world.issue(S.REGISTERED)
    lead, coordinator = world.actor("lead_a"), world.actor("coordinator")

    told = _at_once(
        lambda: issues.accept(lead, issue_id, seen=1),
        lambda: issues.decline(coordinator, issue_id, "重复反映", seen=1),
    )

    assert sum(each is None for each in told) == 1
    assert sum(isinstance(each, StaleError) for each in told) == 1
    row = world.row(issue_id)
    assert row.version == 2
    assert events.replay(world.events(issue_id)) == events.snapshot(row)


def test_comments_of_many_at_once_all_arrive_in_one_order(world: IssueWorld) -> None:
    """Given eight people, when all comment in the same moment, then the log has all, numbered without a gap."""
    issue_id = world.issue(S.HANDLING)
    before = world.row(issue_id).version
    people = [world.actor(name) for name in ("lead_a", "coordinator", "worker_a", "officer_x") * 2]

    told = _at_once(*(lambda who=who: issues.comment(who, issue_id, who.name) for who in people))

    assert told == [None] * 8
    log = world.events(issue_id)
    assert [event.seq for event in log] == list(range(1, before + 9))


def test_linking_each_other_at_once_neither_hangs_nor_doubles(world: IssueWorld) -> None:
    """Given two needs, when two people link them from both ends at once, then one link is made."""
    one, two = world.issue(S.REGISTERED), world.issue(S.REGISTERED)
    lead, coordinator = world.actor("lead_a"), world.actor("coordinator")

    told = _at_once(
        lambda: issues.link(lead, one, two, LinkKind.DUPLICATE),
        lambda: issues.link(coordinator, two, one, LinkKind.DUPLICATE),
    )

    assert sum(each is None for each in told) == 1
    assert world.row(one).version == world.row(two).version == 2
