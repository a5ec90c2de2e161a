"""What is raised to be looked at, and what is not: each flag has a threshold, and names its rows."""

from datetime import datetime, timedelta

import pytest

from core import clock
from core.db import transaction
from models.bulletin import BulletinItem, ItemKind
from services import issues
from services.actor import SYSTEM
from services.bulletin import schedule
from services.bulletin.flags import longest_burst
from services.bulletin.printed import FlagKind
from tests.services.bulletin.conftest import World

_TO_CALL = ("accept", "dispatch", "acknowledge", "resolve", "pass_review", "answer", "start_call_back")
_NOON = datetime(2023, 11, 15, 12, tzinfo=clock.zone())


def _flags(world: World) -> dict[FlagKind, list[tuple[str, int, int]]]:
    found: dict[FlagKind, list[tuple[str, int, int]]] = {}
    for flag in world.built().printed.flags:
        found.setdefault(flag.kind, []).append((flag.unit, flag.count, flag.of))
    return found


def test_closures_bunched_at_the_end_are_raised_with_exactly_these_rows(world: World) -> None:
    ids = [world.closed(day) for day in (6, 29, 29, 30, 30, 30)]

    shown = world.built()

    (flag,) = (each for each in shown.printed.flags if each.kind is FlagKind.BUNCHED)
    assert (flag.unit, flag.count, flag.of) == ("X 局", 5, 6)
    assert sorted(each.row.issue_id for each in world.rows(shown, flag.mark).issues) == ids[1:]


def test_closures_spread_over_the_month_are_not(world: World) -> None:
    for day in (2, 6, 9, 14, 20, 29):
        world.closed(day)

    assert FlagKind.BUNCHED not in _flags(world)


def test_closures_without_a_call_back_that_reached_anybody_are_raised(world: World) -> None:
    world.closed(6)
    world.issue(7, *_TO_CALL, "not_reached", "not_reached", "not_reached", "close")

    assert _flags(world)[FlagKind.UNCALLED] == [("X 局", 1, 2)]


def _told(world: World, *results: str) -> None:
    """Let one officer resolve an issue with each of these texts, in turn at two enterprises; two alike are a flag."""
    officer = world.issues.actor("officer_x")
    for number, result in enumerate(results):
        street = "ab"[number % 2]
        issue_id = world.issue(6 + number, by=f"worker_{street}", at=street.upper())
        with world.at(6 + number, 15):
            issues.accept(world.issues.actor(f"lead_{street}"), issue_id)
            world.issues.step(issue_id, "dispatch")
            world.issues.step(issue_id, "acknowledge")
            issues.resolve(officer, issue_id, result)


def _twice_is_copied() -> None:
    with transaction(actor=SYSTEM) as session:
        settings = schedule.settings_of(session)
        settings.copied_times = 2
        session.add(settings)


def test_the_same_words_of_one_person_to_several_enterprises_are_raised(world: World) -> None:
    same = "已按有关规定，予以妥善处理。"
    _told(world, same, same, "已新装变压器并验收送电。")
    assert FlagKind.COPIED not in _flags(world)
    _twice_is_copied()

    assert _flags(world)[FlagKind.COPIED] == [("X 局", 2, 0)]


@pytest.mark.parametrize(("endings", "raised"), [("甲乙", False), ("。，", True)])
def test_long_texts_are_the_same_only_if_they_are_to_the_end(world: World, endings: str, raised: bool) -> None:
    _told(world, *("已现场核查并协调供电公司处理。" * 20 + ending for ending in endings))
    _twice_is_copied()

    assert (FlagKind.COPIED in _flags(world)) is raised


@pytest.mark.parametrize(("minutes", "raised"), [(5, True), (15, False)])
def test_a_call_back_within_minutes_of_the_answer_is_raised(world: World, minutes: int, raised: bool) -> None:
    issue_id = world.issue(6, *_TO_CALL[:-2])
    with world.at(7):
        world.issues.step(issue_id, "answer")
        world.issues.step(issue_id, "start_call_back")
        clock.advance(timedelta(minutes=minutes))
        world.issues.step(issue_id, "confirm")

    assert (FlagKind.QUICK in _flags(world)) is raised


def _visit(minute: int, latitude: float = 36.8) -> BulletinItem:
    return BulletinItem(
        bulletin_id=1, kind=ItemKind.VISIT, subject_id=1, enterprise_id=1, enterprise="甲", longitude=118.0,
        latitude=latitude, text="met", mode="on_site", area_id=1, street="", village="", team_id=1, team="一队",
        department_id=None, person_id=1, person="李娜", due_on=_NOON.date(), done_at=_NOON + timedelta(minutes=minute),
        marks=[],
    )  # fmt: skip


def test_a_burst_is_many_visits_within_an_hour_far_apart() -> None:
    far = [_visit(0), _visit(10), _visit(20, 36.84), _visit(50), _visit(300)]
    near = [_visit(0), _visit(10), _visit(20, 36.801), _visit(50)]
    slow = [_visit(0), _visit(30), _visit(61, 36.84), _visit(95)]

    assert longest_burst(far, 4, 3) == far[:4]
    assert longest_burst(near, 4, 3) == []
    assert longest_burst(slow, 4, 3) == []
