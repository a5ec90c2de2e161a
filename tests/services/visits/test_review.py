"""Reading and judging records, the worker's day, promises and the list: who may see and do what."""

from datetime import timedelta

import pytest

from core import clock
from core.db import transaction
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from models.account import Account, Role
from models.campaign import VisitMode
from models.enterprise import Enterprise, EnterpriseStatus
from models.geo import Point
from models.reminder import Subject
from models.visit import Outcome, Promise, Visit, VisitState
from services import assignment
from services.actor import SYSTEM
from services.assignment import Placement
from services.enterprises import listing as enterprise_list
from services.entities import Query, find
from services.exporting import export
from services.reminders import weeks
from services.reminders.sources import SOURCES
from services.two_way import picture
from services.two_way.figures import Key
from services.two_way.place import Whose
from services.visits import listing, overview, promises, review, today
from services.visits.entity import VISITS
from services.visits.overview import Wanted
from tests.meanwhile import meanwhile
from tests.visit_world import World, one, recorded, refreshed


def test_a_record_is_seen_by_its_visitor_their_lead_and_the_zone(world: World) -> None:
    visit = recorded(world.visit("one", "worker_1a"), outcome=Outcome.MET)
    for who in ("worker_1a", "lead_a", "coordinator", "manager"):
        assert review.record(world.actor(who), visit.pk).enterprise.name == "one公司"
    for who in ("worker_2a", "lead_b"):
        with pytest.raises(NotFoundError):
            review.record(world.actor(who), visit.pk)
    for who in ("officer", "admin"):
        with pytest.raises(NotAllowedError):
            review.record(world.actor(who), visit.pk)


def test_a_lead_returns_a_record_with_a_reason(world: World) -> None:
    visit = recorded(world.visit("one", "worker_1a"), outcome=Outcome.MET)
    review.give_back(world.actor("lead_a"), visit.pk, "缺少小结")
    returned = refreshed(Visit, visit.pk)
    assert (returned.state, returned.return_reason) == (VisitState.RETURNED, "缺少小结")
    assert [card.return_reason for card in today.day(world.actor("worker_1a")).returned] == ["缺少小结"]


def test_a_record_that_was_returned_and_taken_back_is_no_visit_made(world: World) -> None:
    """Given a made-up record, when it is returned and the visit taken back, then no figure counts it."""
    visit = recorded(world.visit("one", "worker_1a"), outcome=Outcome.MET, mode=VisitMode.ON_SITE)
    whose = Whose(), Whose(enterprise_id=visit.enterprise_id)
    review.give_back(world.actor("lead_a"), visit.pk, "未实际走访")
    assert [_met(world, each) for each in whose] == [1, 1]
    assert (_last_met(world, visit), _told_in_the_digest()) == (clock.today(), "1")

    assignment.take_back(world.actor("lead_a"), [visit.pk])

    assert [_met(world, each) for each in whose] == [0, 0]
    assert (_last_met(world, visit), _told_in_the_digest()) == (None, "0")


def _last_met(world: World, visit: Visit) -> object:
    """Return on which day the list of enterprises says that the visited one was last met."""
    rows = enterprise_list.find(world.actor("coordinator"), Query()).rows
    return next(row["met_on"] for row in rows if row["id"] == visit.enterprise_id)


def _told_in_the_digest() -> str:
    """Return how many visits of this week the digest of the next one will tell of."""
    _this, coming = weeks.weeks()
    with transaction(actor=SYSTEM) as session:
        return str(SOURCES[Subject.DIGEST].words(session, [coming])[coming]["visits"])


def _met(world: World, whose: Whose) -> int:
    """Return how many visits met somebody, which is also how many the list shows that the figure opens."""
    actor = world.actor("manager")
    figure = picture.picture(actor, whose).figures[Key.MET]
    assert find(actor, VISITS, listing.narrow(Query(filters=dict(figure.asked)))).total == figure.count
    return figure.count


def test_a_return_needs_a_reason_a_record_and_the_right(world: World) -> None:
    visit, planned = recorded(world.visit("one", "worker_1a")), world.visit("two", "worker_1a")
    with pytest.raises(InvalidError):
        review.give_back(world.actor("lead_a"), visit.pk, " ")
    with pytest.raises(ConflictError):
        review.give_back(world.actor("lead_a"), planned.pk, "缺少小结")
    with pytest.raises(NotFoundError):
        review.give_back(world.actor("lead_b"), visit.pk, "缺少小结")
    for who in ("worker_1a", "manager", "officer"):
        with pytest.raises(NotAllowedError):
            review.give_back(world.actor(who), visit.pk, "缺少小结")


def test_a_record_whose_enterprise_is_assigned_anew_is_not_returned(world: World) -> None:
    visit = recorded(world.visit("one", "worker_1a"), outcome=Outcome.NOT_FOUND)
    world.visit("one", "worker_2a")
    with pytest.raises(ConflictError):
        review.give_back(world.actor("lead_a"), visit.pk, "缺少小结")


def test_a_record_whose_enterprise_is_just_being_assigned_anew_is_not_returned(world: World) -> None:
    visit, lead = recorded(world.visit("one", "worker_1a"), outcome=Outcome.NOT_FOUND), world.actor("lead_a")
    anew = Placement(visit.enterprise_id, world.people["worker_2a"].pk, clock.today())

    with pytest.raises(ConflictError):
        meanwhile(
            lambda: assignment.assign(lead, world.campaign.pk, [anew]),
            lambda: review.give_back(lead, visit.pk, "缺少小结"),
        )


def test_a_lead_confirms_that_an_enterprise_moved_away(world: World) -> None:
    moved = recorded(world.visit("one", "worker_1a"), outcome=Outcome.MOVED_AWAY)
    met = recorded(world.visit("two", "worker_1a"), outcome=Outcome.MET)
    review.confirm_moved(world.actor("lead_a"), moved.pk)
    assert refreshed(Enterprise, world.enterprises["one"].pk).status is EnterpriseStatus.MOVED_AWAY
    with pytest.raises(ConflictError):
        review.confirm_moved(world.actor("lead_a"), met.pk)
    with pytest.raises(NotFoundError):
        review.confirm_moved(world.actor("lead_b"), moved.pk)


def test_the_records_of_a_team_are_filtered(world: World) -> None:
    recorded(world.visit("one", "worker_1a"), outcome=Outcome.MET, days_ago=5)
    recorded(world.visit("three", "worker_2a"), outcome=Outcome.REFUSED)
    recorded(world.visit("far", "worker_3b"), outcome=Outcome.MET)
    lead = world.actor("lead_a")

    def names(**wanted: object) -> list[str]:
        return [line.enterprise for line in overview.records(lead, Wanted(**wanted))]  # type: ignore[arg-type]

    assert names() == ["three公司", "one公司"]
    assert names(search="WORKER_1") == ["one公司"]
    assert names(search="three") == ["three公司"]
    assert names(outcome=Outcome.REFUSED) == ["three公司"]
    assert names(state=VisitState.RETURNED) == []
    assert names(first=clock.today()) == ["three公司"]
    assert names(last=clock.today() - timedelta(days=5)) == ["one公司"]
    with pytest.raises(NotAllowedError):
        overview.records(world.actor("worker_1a"), Wanted())


def test_the_day_shows_first_what_is_late_and_only_ones_own(world: World) -> None:
    world.visit("one", "worker_1a", days=-2)
    world.visit("two", "worker_1a")
    world.visit("three", "worker_1a", days=1)
    recorded(world.visit("four", "worker_1a"), outcome=Outcome.MET)
    world.visit("far", "worker_3b")
    day = today.day(world.actor("worker_1a"))
    groups = {
        name: [card.enterprise for card in getattr(day, name)]
        for name in ("returned", "overdue", "today", "tomorrow", "this_week", "later", "done")
    }
    assert groups == {
        "returned": [], "overdue": ["one公司"], "today": ["two公司"], "tomorrow": ["three公司"], "this_week": [],
        "later": [], "done": ["four公司"],
    }  # fmt: skip
    assert (day.overdue[0].contact, day.overdue[0].phone) == ("王经理", "+8613800000001")
    assert day.centre == Point(118.05, 36.83)


def test_cards_of_a_day_are_ordered_by_distance(world: World) -> None:
    for name in ("four", "one", "three"):
        world.visit(name, "worker_1a")
    cards = today.by_distance(today.day(world.actor("worker_1a")).today, Point(118.05, 36.83))
    assert [card.enterprise for card, _distance in cards] == ["one公司", "three公司", "four公司"]
    assert cards[0][1] == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("who", ["coordinator", "manager", "officer", "admin"])
def test_who_records_nothing_has_no_day(world: World, who: str) -> None:
    with pytest.raises(NotAllowedError):
        today.day(world.actor(who))


def promise(world: World, who: str, enterprise: str, days: int) -> Promise:
    visit = recorded(world.visit(enterprise, who), outcome=Outcome.MET)
    return one(
        Promise(
            enterprise_id=visit.enterprise_id, visit_id=visit.pk, promised_by_id=visit.assignee_id,
            text=f"答复{enterprise}", due_on=clock.today() + timedelta(days=days),
        )
    )  # fmt: skip


def test_promises_are_seen_by_who_made_them_and_their_lead(world: World) -> None:
    promise(world, "worker_1a", "one", 2)
    promise(world, "worker_2a", "three", -1)
    promise(world, "worker_3b", "far", 1)
    assert [line.text for line in promises.promises(world.actor("worker_1a"))] == ["答复one"]
    seen = promises.promises(world.actor("lead_a"))
    assert [(line.text, line.is_overdue) for line in seen] == [("答复three", True), ("答复one", False)]
    assert (
        len(promises.promises(world.actor("coordinator")))
        == promises.count(world.actor("coordinator"), promises.Wanted())
        == 3
    )
    (last,) = promises.promises(world.actor("coordinator"), page=2, page_size=2)
    assert last.text == "答复one"
    with pytest.raises(NotAllowedError):
        promises.promises(world.actor("officer"))


def test_a_promise_is_kept_once_by_who_made_it_with_a_note(world: World) -> None:
    made = promise(world, "worker_1a", "one", 2)
    with pytest.raises(NotFoundError):
        promises.keep(world.actor("lead_a"), made.pk, "已答复")
    with pytest.raises(InvalidError):
        promises.keep(world.actor("worker_1a"), made.pk, "  ")
    promises.keep(world.actor("worker_1a"), made.pk, "已电话答复")
    assert not promises.promises(world.actor("worker_1a"))
    assert [line.kept_note for line in promises.kept_lately(world.actor("worker_1a"))] == ["已电话答复"]
    with pytest.raises(ConflictError):
        promises.keep(world.actor("worker_1a"), made.pk, "再来一次")


@pytest.mark.parametrize("gone", [{"active": False}, {"role": Role.COORDINATOR}])
def test_the_lead_keeps_what_somebody_promised_who_left(world: World, gone: dict[str, object]) -> None:
    """Given promises of a worker who leaves or changes roles, then the leads of the area keep them, and no others."""
    made, others = promise(world, "worker_1a", "one", 2), promise(world, "worker_2a", "three", 2)
    with transaction(actor=SYSTEM) as session:
        session.get_one(Account, world.people["worker_1a"].pk).sqlmodel_update(gone)
    lead = world.actor("lead_a")

    assert [line.promise_id for line in promises.promises(lead, promises.Wanted(own=True))] == [made.pk]
    assert [line.promise_id for line in promises.promises(lead, promises.Wanted(own=False))] == [others.pk]
    for who in ("lead_b", "worker_2a"):
        with pytest.raises(NotFoundError):
            promises.keep(world.actor(who), made.pk, "已答复")
    promises.keep(lead, made.pk, "已由队长答复")
    assert refreshed(Promise, made.pk).kept_note == "已由队长答复"


def test_the_list_shows_what_is_in_sight_and_filters_with_the_areas_below(world: World) -> None:
    world.visit("one", "worker_1a")
    world.visit("three", "worker_2a")
    world.visit("far", "worker_3b")
    assert find(world.actor("manager"), VISITS, Query()).total == 3
    assert find(world.actor("lead_a"), VISITS, Query()).total == 2
    assert find(world.actor("worker_1a"), VISITS, Query()).total == 1
    street = Query(filters={"area_id": world.areas["street_a"].pk})
    assert find(world.actor("manager"), VISITS, street).total == 2


def test_the_export_is_for_those_who_may(world: World) -> None:
    world.visit("one", "worker_1a")
    assert export(world.actor("manager"), VISITS, Query()).startswith(b"PK")
    with pytest.raises(NotAllowedError):
        export(world.actor("worker_1a"), VISITS, Query())
