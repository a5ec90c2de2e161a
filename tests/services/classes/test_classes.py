"""From one need to a class: suggested, confirmed or not, put in force, closed; who sees what of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest

from core import clock
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from models.issue import Issue
from models.issue_class import ClassState, IssueClassMember, Standing
from services import classes, entities, issues, upkeep
from services.classes import CLASSES, suggesting
from tests import factories as given
from tests.services.classes.conftest import OTHERS, POWER, ClassWorld


def ids(world: ClassWorld, class_id: int, *standings: Standing, by: str = "coordinator") -> set[int]:
    return {each.id for each in classes.of_class(world.actor(by), class_id, *standings).rows}


def test_the_same_need_of_several_enterprises_is_suggested_as_a_class(world: ClassWorld) -> None:
    power = world.heard(POWER)
    world.heard(OTHERS)

    assert classes.suggest(world.actor("coordinator")) == 1

    (shown,) = world.everybody
    assert shown.row.state is ClassState.SUGGESTED
    assert shown.row.category == "power"
    assert shown.row.title == "报装变压器增容两个月没有消息"
    assert (shown.issues, shown.enterprises) == (4, 4)
    assert ids(world, shown.row.pk, Standing.OFFERED) == set(power)


def test_two_enterprises_or_two_categories_are_no_class_yet(world: ClassWorld) -> None:
    world.heard(POWER[:2])
    world.heard(POWER[2:], category="gas")

    assert classes.suggest(world.actor("coordinator")) == 0


def test_one_enterprise_that_repeats_itself_is_no_class(world: ClassWorld) -> None:
    for text in POWER:
        world.register(text=text, category="power")

    assert classes.suggest(world.actor("coordinator")) == 0


def test_a_few_suggestions_wait_at_a_time_those_of_most_enterprises_first(
    world: ClassWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suggesting, "WAITING", 1)
    world.heard(["厂区门口道路破损积水，货车进出困难。"] * 3, category="road")
    world.heard(POWER)

    assert classes.suggest(world.actor("coordinator")) == 1
    assert world.everybody[0].row.category == "power"
    assert classes.suggest(world.actor("coordinator")) == 0

    classes.dismiss(world.actor("coordinator"), world.everybody[0].row.pk)
    assert classes.suggest(world.actor("coordinator")) == 1


def test_what_is_no_class_is_not_suggested_again_nor_what_is_like_it(world: ClassWorld) -> None:
    class_id = world.suggested()
    coordinator = world.actor("coordinator")

    classes.dismiss(coordinator, class_id)
    clock.advance(timedelta(hours=1))
    world.heard(POWER)

    assert classes.suggest(coordinator) == 0
    assert [each.row.state for each in world.everybody] == [ClassState.DISMISSED]

    classes.reconsider(coordinator, class_id)
    assert [each.row.state for each in world.everybody] == [ClassState.SUGGESTED]


def test_confirming_names_who_is_in_charge_and_leaves_out_what_is_another_matter(world: ClassWorld) -> None:
    class_id = world.suggested()
    coordinator = world.actor("coordinator")
    first = min(ids(world, class_id, Standing.OFFERED))
    with pytest.raises(InvalidError) as refused:
        classes.confirm(coordinator, class_id, {"title": "变压器增容"}, world.ruled(class_id))
    assert set(refused.value.problems) == {"department_id"}

    given_ = {"title": "变压器增容", "department_id": world.departments["X"].pk, "due_on": date(2023, 12, 29)}
    classes.confirm(coordinator, class_id, given_, world.ruled(class_id, first))

    shown = classes.get(coordinator, class_id)
    assert (shown.row.title, shown.row.state, shown.department) == ("变压器增容", ClassState.CONFIRMED, "X 局")
    assert (shown.row.confirmed_at, shown.row.confirmed_by_id) == (clock.now(), coordinator.account_id)
    assert shown.issues == 3
    assert ids(world, class_id, Standing.LEFT_OUT) == {first}
    placed = {
        (each.placed_by, each.placed_at) for each in classes.of_class(coordinator, class_id, Standing.MEMBER).rows
    }
    assert placed == {("coordinator", clock.now())}


def test_what_nobody_was_shown_stays_offered(world: ClassWorld) -> None:
    """Given issues offered after a suggestion was read, when it is confirmed, then they wait to be ruled on."""
    class_id = world.suggested()
    coordinator, shown = world.actor("coordinator"), world.ruled(class_id)
    late = set(world.heard([POWER[0] + "请尽快答复"]))
    classes.suggest(coordinator)

    classes.confirm(coordinator, class_id, {"department_id": world.departments["X"].pk}, shown)

    assert ids(world, class_id, Standing.MEMBER) == set(shown)
    assert ids(world, class_id, Standing.OFFERED) == late


def test_at_least_one_issue_stays_and_a_suggestion_is_confirmed_once(world: ClassWorld) -> None:
    class_id = world.suggested()
    coordinator = world.actor("coordinator")
    every = world.ruled(class_id)
    wanted = {"department_id": world.departments["X"].pk}

    with pytest.raises(InvalidError, match="至少"):
        classes.confirm(coordinator, class_id, wanted, world.ruled(class_id, *every))
    classes.confirm(coordinator, class_id, wanted, every)
    with pytest.raises(ConflictError):
        classes.confirm(coordinator, class_id, wanted, every)
    with pytest.raises(ConflictError):
        classes.dismiss(coordinator, class_id)


def test_a_class_confirmed_by_mistake_is_dismissed_and_lets_its_issues_go(world: ClassWorld) -> None:
    """Given a class begun by mistake, when it is said to be none, then its issue is free, and it can be suggested."""
    coordinator, office = world.actor("coordinator"), world.departments["X"].pk
    first, *_others = world.heard(POWER)
    class_id = classes.begin(coordinator, first, office)
    assert ids(world, class_id, Standing.OFFERED)

    classes.dismiss(coordinator, class_id, seen=ClassState.CONFIRMED)

    assert classes.get(coordinator, class_id).row.state is ClassState.DISMISSED
    assert classes.belonging(coordinator, first).class_id is None
    assert ids(world, class_id, Standing.OFFERED) == {first}
    other = classes.begin(coordinator, first, office)
    assert classes.belonging(coordinator, first).class_id == other


def test_a_press_meant_for_a_suggestion_dismisses_no_class_confirmed_meanwhile(world: ClassWorld) -> None:
    class_id = world.confirmed()
    with pytest.raises(ConflictError):
        classes.dismiss(world.actor("coordinator"), class_id)
    classes.take_effect(world.actor("coordinator"), class_id, clock.today())
    with pytest.raises(ConflictError):
        classes.dismiss(world.actor("coordinator"), class_id, seen=ClassState.IN_FORCE)


def test_an_issue_whose_category_is_corrected_is_offered_no_more(world: ClassWorld) -> None:
    """Given offered issues, when one is corrected to another category, then the others are put in, and it is free."""
    class_id, coordinator = world.confirmed(), world.actor("coordinator")
    clock.advance(timedelta(hours=1))
    wrong, *right = world.heard(POWER)
    upkeep.run({})
    assert ids(world, class_id, Standing.OFFERED) == {wrong, *right}

    issues.correct(world.actor("lead_a"), wrong, category="gas", reason="实为用气问题")

    assert ids(world, class_id, Standing.OFFERED) == set(right)
    classes.add(coordinator, class_id, right)
    with pytest.raises(ConflictError, match=given.rows(Issue)[-len(POWER)].number):
        classes.add(coordinator, class_id, [wrong])


def test_new_issues_of_the_kind_are_offered_at_night_and_ruled_on(world: ClassWorld) -> None:
    class_id = world.confirmed()
    coordinator = world.actor("coordinator")
    clock.advance(timedelta(hours=1))
    like, other, unlike, same = *world.heard(POWER[:2]), *world.heard(["食堂排烟管道老化", "食堂的排烟管道老化"])

    upkeep.run({})

    assert ids(world, class_id, Standing.OFFERED) == {like, other}
    assert classes.get(coordinator, class_id).offered == 2

    classes.add(coordinator, class_id, [like, unlike])
    classes.leave_out(coordinator, class_id, [other])
    clock.advance(timedelta(hours=1))
    upkeep.run({})

    assert ids(world, class_id, Standing.OFFERED) == {same}, "like what a person has put in, whatever its words"
    assert {like, unlike} < ids(world, class_id, Standing.MEMBER)
    assert ids(world, class_id, Standing.LEFT_OUT) == {other}


def test_a_class_holds_one_category_and_an_issue_belongs_to_one_class(world: ClassWorld) -> None:
    class_id = world.confirmed()
    coordinator = world.actor("coordinator")
    (gas,) = world.heard(["燃气压力不足"], category="gas")
    member = min(ids(world, class_id, Standing.MEMBER))

    with pytest.raises(ConflictError, match="分类"):
        classes.add(coordinator, class_id, [gas])
    another = classes.begin(coordinator, gas, world.departments["Y"].pk)
    with pytest.raises(ConflictError, match="另一"):
        classes.begin(coordinator, member, world.departments["Y"].pk)

    assert classes.belonging(coordinator, gas).class_id == another
    assert classes.belonging(coordinator, member).class_id == class_id


def test_a_class_begun_from_an_issue_is_offered_what_is_like_it(world: ClassWorld) -> None:
    first, *rest = world.heard(POWER)
    world.heard(OTHERS)
    coordinator = world.actor("coordinator")

    class_id = classes.begin(coordinator, first, world.departments["X"].pk)

    assert ids(world, class_id, Standing.MEMBER) == {first}
    assert ids(world, class_id, Standing.OFFERED) == set(rest)
    assert classes.belonging(coordinator, rest[0]).offered == {class_id: "新上两条生产线"}
    (nothing,) = world.heard(["没有分类"], category="")
    with pytest.raises(ConflictError, match="分类"):
        classes.begin(coordinator, nothing, world.departments["X"].pk)


def test_a_measure_takes_effect_on_a_day_and_the_class_is_closed_with_a_conclusion(world: ClassWorld) -> None:
    class_id = world.confirmed(measure="")
    coordinator = world.actor("coordinator")
    today = clock.today()
    for wrong in (None, today + timedelta(days=1)):
        with pytest.raises(InvalidError) as refused:
            classes.take_effect(coordinator, class_id, wrong)
        assert set(refused.value.problems) == {"day"}
    with pytest.raises(InvalidError) as refused:
        classes.take_effect(coordinator, class_id, today)
    assert set(refused.value.problems) == {"measure"}
    entities.save(coordinator, CLASSES, {"measure": "增容报装限时办结"}, class_id)

    classes.take_effect(coordinator, class_id, today)
    classes.take_effect(coordinator, class_id, today - timedelta(days=2))
    with pytest.raises(InvalidError):
        classes.close(coordinator, class_id, " ")
    classes.close(coordinator, class_id, "已形成长效机制")

    row = classes.get(coordinator, class_id).row
    assert (row.state, row.in_force_on) == (ClassState.CLOSED, today - timedelta(days=2))
    assert (row.conclusion, row.closed_by_id) == ("已形成长效机制", coordinator.account_id)
    with pytest.raises(ConflictError):
        entities.save(coordinator, CLASSES, {"measure": "…"}, class_id)
    classes.reopen(coordinator, class_id)
    assert classes.get(coordinator, class_id).row.state is ClassState.IN_FORCE


def test_the_person_in_charge_belongs_to_the_department(world: ClassWorld) -> None:
    class_id = world.confirmed(owner_id=world.people["officer_x"].pk)
    coordinator = world.actor("coordinator")
    assert classes.get(coordinator, class_id).owner == "officer_x"

    with pytest.raises(InvalidError) as refused:
        entities.save(coordinator, CLASSES, {"owner_id": world.people["officer_y"].pk}, class_id)

    assert set(refused.value.problems) == {"owner_id"}
    with pytest.raises(ConflictError):
        entities.save(coordinator, CLASSES, {"title": "从天而降"})


def test_a_measure_that_is_late_is_overdue(world: ClassWorld) -> None:
    class_id = world.confirmed(due_on=clock.today())
    assert not classes.get(world.actor("coordinator"), class_id).is_overdue

    clock.advance(timedelta(days=1))

    assert classes.get(world.actor("coordinator"), class_id).is_overdue


def test_everybody_counts_all_issues_and_reads_their_own(world: ClassWorld) -> None:
    class_id = world.suggested()
    for name in ("manager", "lead_a", "officer_x"):
        with pytest.raises(NotFoundError):
            classes.get(world.actor(name), class_id)
    wanted = {"department_id": world.departments["X"].pk}
    classes.confirm(world.actor("coordinator"), class_id, wanted, world.ruled(class_id))

    seen = {
        name: (classes.get(world.actor(name), class_id).issues, len(ids(world, class_id, Standing.MEMBER, by=name)))
        for name in ("manager", "lead_a", "lead_b", "officer_x")
    }

    assert seen == {"manager": (4, 4), "lead_a": (4, 4), "lead_b": (4, 0), "officer_x": (4, 0)}
    assert classes.of_class(world.actor("lead_b"), class_id, Standing.MEMBER).total == 4
    with pytest.raises(NotAllowedError):
        classes.get(world.actor("worker_a"), class_id)
    for name in ("manager", "lead_a", "officer_x"):
        with pytest.raises(NotAllowedError):
            classes.dismiss(world.actor(name), class_id)


def test_an_issue_in_a_suggestion_can_be_put_into_a_class_at_once(world: ClassWorld) -> None:
    class_id = world.suggested()
    coordinator = world.actor("coordinator")
    first = min(ids(world, class_id, Standing.OFFERED))

    another = classes.begin(coordinator, first, world.departments["X"].pk)

    assert ids(world, another, Standing.MEMBER) == {first}
    assert first not in ids(world, class_id, Standing.OFFERED)


def test_no_issue_stands_in_two_classes(world: ClassWorld) -> None:
    world.confirmed()
    world.heard(["园区线路老化，跳闸三次，设备受损"] * 3)
    classes.suggest(world.actor("coordinator"))

    rows = [each.issue_id for each in given.rows(IssueClassMember) if each.standing is not Standing.LEFT_OUT]

    assert len(rows) == len(set(rows)) > 4
    assert len(given.rows(Issue)) > len(rows)


def test_a_suggestion_stays_what_it_was_suggested_for(world: ClassWorld) -> None:
    class_id = world.suggested()
    coordinator = world.actor("coordinator")
    clock.advance(timedelta(hours=1))
    (both,) = world.heard(["变压器增容报装没有答复，食堂排烟管道老化漏水"])
    classes.suggest(coordinator)
    clock.advance(timedelta(hours=1))
    (other,) = world.heard(["食堂排烟管道老化漏水"])

    classes.suggest(coordinator)

    assert both in ids(world, class_id, Standing.OFFERED)
    assert other not in ids(world, class_id, Standing.OFFERED), "like what was offered later only"


def test_what_was_dismissed_keeps_no_issue_from_a_class_confirmed_later(world: ClassWorld) -> None:
    dismissed = world.suggested()
    coordinator = world.actor("coordinator")
    before = ids(world, dismissed, Standing.OFFERED)
    classes.dismiss(coordinator, dismissed)
    clock.advance(timedelta(hours=1))
    first, *later = world.heard(POWER)

    confirmed = classes.begin(coordinator, first, world.departments["X"].pk)

    assert ids(world, confirmed, Standing.OFFERED) == before | set(later)
    assert not ids(world, dismissed, Standing.OFFERED)


def test_two_coordinators_place_one_issue_and_one_is_told(world: ClassWorld) -> None:
    coordinator = world.actor("coordinator")
    *firsts, disputed = world.heard(["变压器容量不够", "门口道路积水", "食堂排烟管道老化"])
    own = [classes.begin(coordinator, each, world.departments["X"].pk) for each in firsts]
    start = Barrier(2)

    def put(class_id: int) -> str:
        start.wait()
        try:
            classes.add(coordinator, class_id, [disputed])
        except ConflictError as problem:
            return problem.message
        return ""

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(put, own))

    assert told[0] == ""
    assert told[1]
    assert [disputed in ids(world, each, Standing.MEMBER) for each in own].count(True) == 1
