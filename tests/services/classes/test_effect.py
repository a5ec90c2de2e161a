"""What a measure changed, and who of those concerned was told of it."""

from datetime import date, timedelta

import pytest

from core import clock
from core.db import transaction
from core.errors import ConflictError
from core.i18n import in_locale
from models.enterprise import Contact, Enterprise
from models.issue import Issue, IssueState
from models.issue_class import EFFECTIVE_STATES, Standing
from models.reminder import Audience, NoticeBatch, Reminder, ReminderState, Subject
from services import classes, entities
from services.actor import SYSTEM
from services.classes import CLASSES, Verdict
from services.classes.effect import Effect, Period, judged
from services.classes.wording import effect_sentence
from services.enterprises import contacts, merging
from services.notices import drafting, reading, sending, writing
from tests import factories as given
from tests.services.classes.conftest import OTHERS, POWER, ClassWorld
from tests.statements import statements

DAY = date(2023, 9, 1)


def effect(before: int, after: int, *, days: tuple[int, int] = (180, 90), enterprises: int = 1000) -> Effect:
    first = Period(DAY - timedelta(days=days[0]), DAY, before, enterprises)
    return judged(first, Period(DAY, DAY + timedelta(days=days[1]), after, enterprises))


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (40, 5, Verdict.FELL),
        (14, 0, Verdict.FELL),
        (10, 30, Verdict.ROSE),
        (0, 12, Verdict.ROSE),
        (20, 9, Verdict.UNCLEAR),
        (7, 2, Verdict.TOO_FEW),
        (0, 0, Verdict.TOO_FEW),
    ],
)
def test_nothing_is_concluded_that_chance_explains(before: int, after: int, verdict: Verdict) -> None:
    assert effect(before, after).verdict is verdict


@pytest.mark.parametrize("days", [(29, 90), (180, 29), (0, 90), (180, 0)])
def test_nothing_is_concluded_from_a_short_time(days: tuple[int, int]) -> None:
    assert effect(200, 3, days=days).verdict is Verdict.TOO_FEW


def test_rates_are_told_in_plain_words_with_their_interval() -> None:
    with in_locale("zh_CN"):
        fell = effect_sentence(effect(37, 6))
        rose = effect_sentence(effect(0, 12))
        few = effect_sentence(effect(3, 1))

    assert fell == "落地前每月每千户 6.3 件，落地后 2.0 件，下降 68%（95% 置信区间 22%–89%）"
    assert rose.startswith("落地前每月每千户 0.0 件，落地后 4.1 件，为此前的 ∞ 倍")
    assert few.startswith("样本太少，暂不下结论：落地前 3 件，落地后 1 件")


def test_the_effect_counts_the_kind_before_and_after_and_all_others_beside_it(world: ClassWorld) -> None:
    class_id = world.confirmed()
    coordinator = world.actor("coordinator")
    world.heard(POWER * 2)
    assert classes.measured(coordinator, class_id) is None

    clock.advance(timedelta(days=40))
    classes.take_effect(coordinator, class_id, clock.today())
    clock.advance(timedelta(days=25))
    world.heard(OTHERS[:1])
    clock.advance(timedelta(days=25))
    world.heard(POWER[:1])
    world.heard(OTHERS)
    clock.advance(timedelta(days=1))
    classes.suggest(coordinator)

    found = classes.measured(coordinator, class_id)
    assert found is not None
    assert (found.effect.before.issues, found.effect.after.issues) == (12, 1)
    assert (found.effect.before.days, found.effect.after.days) == (40, 51)
    assert found.effect.verdict is Verdict.FELL
    assert (found.others.before.issues, found.others.after.issues) == (3, 4)
    assert classes.get(coordinator, class_id).effect == found.effect
    assert [count for _month, count in classes.by_month(coordinator, class_id)] == [12, 0, 0, 1]

    clock.advance(timedelta(days=9))
    for text in (*POWER, *OTHERS):
        world.register(text=text, category="power")
    assert classes.measured(coordinator, class_id) == found, "what came since the last look is on neither side"


def looked_at_next_day(world: ClassWorld) -> None:
    clock.advance(timedelta(days=1))
    classes.suggest(world.actor("coordinator"))


def test_what_was_left_out_is_not_counted(world: ClassWorld) -> None:
    class_id = world.confirmed()
    coordinator = world.actor("coordinator")
    classes.take_effect(coordinator, class_id, clock.today())
    one = classes.of_class(coordinator, class_id, Standing.MEMBER).rows[0]

    classes.leave_out(coordinator, class_id, [one.id])
    looked_at_next_day(world)

    found = classes.measured(coordinator, class_id)
    assert found is not None
    assert found.effect.after.issues == 3
    assert sum(count for _month, count in classes.by_month(coordinator, class_id)) == 3


def test_what_was_declined_counts_on_neither_side(world: ClassWorld) -> None:
    class_id = in_force(world)
    coordinator = world.actor("coordinator")
    of_kind = classes.of_class(coordinator, class_id, Standing.MEMBER).rows[0].id
    other = next(each.pk for each in given.rows(Issue) if each.text == OTHERS[0])
    looked_at_next_day(world)

    with transaction(actor=SYSTEM) as session:
        for issue_id in (of_kind, other):
            session.get_one(Issue, issue_id).state = IssueState.DECLINED

    found = classes.measured(coordinator, class_id)
    assert found is not None
    assert (found.effect.after.issues, found.others.after.issues) == (3, 2)


def test_the_effects_of_many_classes_are_asked_for_as_those_of_one(world: ClassWorld) -> None:
    in_force(world)
    coordinator = world.actor("coordinator")
    with statements() as for_one:
        classes.every(coordinator, *EFFECTIVE_STATES)
    for issue_id in world.heard(["燃气压力不足", "门口道路积水"], category="gas"):
        class_id = classes.begin(coordinator, issue_id, world.departments["Y"].pk)
        entities.save(coordinator, CLASSES, {"measure": "…"}, class_id)
        classes.take_effect(coordinator, class_id, clock.today())

    with statements() as for_all:
        found = classes.every(coordinator, *EFFECTIVE_STATES)

    assert [each.effect is not None for each in found] == [True] * 3
    assert len(for_all) == len(for_one)


def in_force(world: ClassWorld) -> int:
    class_id = world.confirmed()
    classes.take_effect(world.actor("coordinator"), class_id, clock.today())
    return class_id


def told(world: ClassWorld, class_id: int) -> set[bool]:
    rows = classes.of_class(world.actor("coordinator"), class_id, Standing.MEMBER).rows
    return {each.told for each in rows}


def test_one_press_drafts_a_notice_to_those_who_were_not_told(world: ClassWorld) -> None:
    class_id = world.confirmed()
    coordinator = world.actor("coordinator")
    assert classes.untold(coordinator) == []
    with pytest.raises(ConflictError):
        classes.draft_notice(coordinator, class_id)
    classes.take_effect(coordinator, class_id, clock.today())
    (waiting,) = classes.untold(coordinator)
    for enterprise_id in waiting.enterprises:
        given.stored(Contact(enterprise_id=enterprise_id, name="刘洋", email=f"e{enterprise_id}@example.cn"))

    batch_id = classes.draft_notice(coordinator, class_id)

    (batch,) = given.rows(NoticeBatch)
    assert (batch.pk, batch.audience) == (batch_id, Audience.ENTERPRISES)
    assert "增容报装一次受理、限时办结" in batch.body
    assert "{{ enterprise }}" in batch.body
    found = reading.get(coordinator, batch_id)
    drafting.choose(coordinator, found.choice, batch_id)
    assert told(world, class_id) == {False}
    sending.start(coordinator, batch_id)
    with pytest.raises(ConflictError, match="仍在发送"):
        classes.draft_notice(coordinator, class_id)
    _send(batch_id)
    assert told(world, class_id) == {True}
    assert classes.untold(coordinator) == []
    with pytest.raises(ConflictError, match="均已告知"):
        classes.draft_notice(coordinator, class_id)


def test_a_notice_that_was_begun_is_gone_on_with_and_tells_everybody_once(world: ClassWorld) -> None:
    """Given a draft to the untold, when another is asked for, then it is that one; a discarded one is none."""
    class_id, coordinator = in_force(world), world.actor("coordinator")
    (waiting,) = classes.untold(coordinator)
    for enterprise_id in waiting.enterprises:
        given.stored(Contact(enterprise_id=enterprise_id, name="刘洋", email=f"e{enterprise_id}@example.cn"))
    assert classes.drafted(coordinator, class_id) is None
    discarded = classes.draft_notice(coordinator, class_id)
    sending.cancel(coordinator, discarded)
    assert classes.drafted(coordinator, class_id) is None

    batch_id, again = classes.draft_notice(coordinator, class_id), classes.draft_notice(coordinator, class_id)

    assert batch_id == again == classes.drafted(coordinator, class_id)
    assert {row.pk for row in given.rows(NoticeBatch)} == {discarded, batch_id}
    sending.start(coordinator, batch_id)
    _send(batch_id)
    assert classes.untold(coordinator) == []
    assert len(given.rows(Reminder, lambda row: row.subject is Subject.NOTICE)) == len(waiting.enterprises)


def test_a_draft_to_those_told_meanwhile_does_not_stand_for_the_others(world: ClassWorld) -> None:
    class_id, coordinator = in_force(world), world.actor("coordinator")
    (first,) = classes.untold(coordinator)
    draft = classes.draft_notice(coordinator, class_id)
    classes.record_told(coordinator, class_id, list(first.enterprises))
    (joined,) = world.heard(POWER[:1])
    classes.add(coordinator, class_id, [joined])

    again = classes.draft_notice(coordinator, class_id)

    assert again != draft
    (left,) = classes.untold(coordinator)
    assert reading.get(coordinator, again).choice.only == tuple(left.enterprises)


def test_who_sees_a_part_of_a_class_is_told_how_many_others_wait(world: ClassWorld) -> None:
    class_id = in_force(world)
    waiting = classes.untold(world.actor("coordinator"))[0].enterprises

    assert classes.untold(world.actor("lead_b"), class_id=class_id) == []
    assert classes.untold_of(world.actor("lead_b"), class_id) == ({}, len(waiting))
    assert classes.untold_of(world.actor("coordinator"), class_id) == (waiting, 0)


@pytest.mark.parametrize("parted", ["removed", "merged"])
def test_an_enterprise_stays_told_when_the_contact_who_got_the_notice_goes(world: ClassWorld, parted: str) -> None:
    class_id, coordinator = in_force(world), world.actor("coordinator")
    (waiting,) = classes.untold(coordinator)
    told_id = next(iter(waiting.enterprises))
    asked = given.stored(Contact(enterprise_id=told_id, name="刘洋", email="liu@example.cn"))
    batch_id = classes.draft_notice(coordinator, class_id)
    sending.start(coordinator, batch_id)
    _send(batch_id)

    if parted == "removed":
        contacts.remove(coordinator, asked.pk)
    else:
        again = given.stored(Enterprise(name="同一家企业", area_id=world.enterprises["A"].area_id))
        given.stored(Contact(enterprise_id=again.pk, name="刘洋", email="liu@example.cn"))
        merging.merge(coordinator, again.pk, told_id)

    (left,) = classes.untold(coordinator)
    assert len(left.enterprises) == len(waiting.enterprises) - 1


def _send(batch_id: int) -> None:
    """Write the batch down as workers do, and have it delivered."""
    writing.write({"batch_id": batch_id})
    with transaction(actor=SYSTEM) as session:
        for row in given.rows(Reminder):
            session.get_one(Reminder, row.pk).state = ReminderState.DELIVERED


def test_who_was_told_by_phone_is_recorded(world: ClassWorld) -> None:
    class_id = in_force(world)
    coordinator = world.actor("coordinator")
    (waiting,) = classes.untold(coordinator, class_id=class_id)
    first, *rest = waiting.enterprises

    classes.record_told(coordinator, class_id, [first])

    (left,) = classes.untold(coordinator)
    assert list(left.enterprises) == rest
    assert told(world, class_id) == {True, False}


def test_untold_is_narrowed_to_an_area_an_enterprise_and_to_what_one_may_see(world: ClassWorld) -> None:
    in_force(world)
    coordinator = world.actor("coordinator")
    enterprise = next(iter(classes.untold(coordinator)[0].enterprises))
    area, other = world.enterprises["A"].area_id, world.enterprises["B"].area_id

    assert len(classes.untold(coordinator, area_id=area)[0].enterprises) == 4
    assert classes.untold(coordinator, area_id=other) == []
    assert list(classes.untold(coordinator, enterprise_id=enterprise)[0].enterprises) == [enterprise]
    assert len(classes.untold(world.actor("lead_a"))[0].enterprises) == 4
    assert classes.untold(world.actor("lead_b")) == []


def test_the_workbook_has_a_line_for_each_confirmed_class(world: ClassWorld) -> None:
    in_force(world)

    assert classes.workbook(world.actor("manager"))[:2] == b"PK"
