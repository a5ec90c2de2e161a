"""Changing calendar and limits: what moves is shown first, then moved together, and told in each issue's log."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from core import clock
from core.db import transaction
from core.errors import ConflictError, InvalidError, NotAllowedError
from models.calendar import HolidayNotice, OfficeHours
from models.configuration import CalendarDay, DayKind
from models.issue import Issue, IssueKind, IssueState, Urgency
from models.issue_log import IssueClock, IssueTask
from models.lifecycle import Verb
from models.limits import Stage
from models.worktime import Convention, LateReceipt, LimitUnit, OpenHours, TooFarError
from services import counting, issues
from services.actor import SYSTEM
from services.counting import (
    Change,
    ConventionChange,
    DaysChange,
    HoursChange,
    LimitChange,
    NoticeChange,
    NoticeRemoval,
    Preview,
    Refresh,
    reading,
    recomputing,
)
from services.issues import events
from tests import factories
from tests.issue_world import IssueWorld
from tests.statements import statements

S = IssueState
DAY_OFF = DaysChange(date(2023, 12, 20), date(2023, 12, 20), DayKind.HOLIDAY, "停电检修")
ZONE = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def preview(world: IssueWorld, change: Change) -> Preview:
    return counting.preview(world.actor("admin"), change)


def confirm(world: IssueWorld, change: Change) -> int:
    return counting.confirm(world.actor("admin"), change, preview(world, change).token)


def test_a_preview_tells_each_moved_deadline_and_changes_nothing(world: IssueWorld) -> None:
    handled, new = world.issue(S.HANDLING), world.issue(S.REGISTERED)
    before = world.row(handled)

    found = preview(world, DAY_OFF).moved

    assert [(each.number, each.stage, each.before, each.after) for each in found] == [
        (before.number, Stage.HANDLE, at("2023-12-27T17:30"), at("2023-12-28T17:30"))
    ]
    assert world.row(handled) == before
    assert world.row(new).due_at == at("2023-12-07T17:30")
    assert factories.rows(CalendarDay) == []


def test_confirming_stores_the_change_and_moves_every_deadline_with_its_event(world: IssueWorld) -> None:
    issue_id = world.issue(S.HANDLING)
    before = world.row(issue_id)

    count = confirm(world, DAY_OFF)

    row = world.row(issue_id)
    assert count == 1
    assert row.due_at == at("2023-12-28T17:30")
    assert row.due_version == before.due_version + 1
    last = world.events(issue_id)[-1]
    assert (last.verb, last.actor_name) == (Verb.RECOMPUTE, "admin")
    assert "2023" in last.reason
    assert events.replay(world.events(issue_id)) == events.snapshot(row)
    assert [each.name for each in factories.rows(CalendarDay)] == ["停电检修"]
    assert preview(world, Refresh()).moved == ()


def test_what_was_not_previewed_is_not_done(world: IssueWorld) -> None:
    world.issue(S.HANDLING)
    seen = preview(world, DAY_OFF)
    world.issue(S.HANDLING)

    with pytest.raises(ConflictError):
        counting.confirm(world.actor("admin"), DAY_OFF, seen.token)

    assert factories.rows(CalendarDay) == []


def test_a_new_limit_moves_what_it_counts_for_and_granted_days_stay_granted(world: IssueWorld) -> None:
    difficult = world.issue(S.EXTENSION_REQUESTED)  # by 3 days
    world.step(difficult, "approve_extension")
    enquiry = world.issue(S.HANDLING, kind=IssueKind.ENQUIRY)
    change = LimitChange(Stage.HANDLE, IssueKind.DIFFICULT_ISSUE, None, None, amount=10)

    confirm(world, change)

    assert world.row(difficult).due_at == at("2023-12-25T17:30")  # 13 working days from 6 December
    assert world.row(enquiry).due_at == at("2023-12-07T17:30")


def test_a_limit_in_minutes_counts_granted_days_as_minutes(world: IssueWorld) -> None:
    issue_id = world.issue(S.EXTENSION_REQUESTED)
    world.step(issue_id, "approve_extension")

    confirm(world, LimitChange(Stage.HANDLE, IssueKind.DIFFICULT_ISSUE, None, None, 60, LimitUnit.WORKING_MINUTES))

    assert world.row(issue_id).due_at == at("2023-12-11T11:00")  # 3 days and an hour from Wednesday 10:00


def test_days_granted_to_a_clock_that_counts_minutes_are_as_many_minutes(world: IssueWorld) -> None:
    confirm(world, LimitChange(Stage.HANDLE, IssueKind.DIFFICULT_ISSUE, None, None, 2520, LimitUnit.WORKING_MINUTES))
    issue_id = world.issue(S.EXTENSION_REQUESTED)

    world.step(issue_id, "approve_extension")

    assert world.row(issue_id).due_at == at("2023-12-19T10:00")  # six days of seven hours, and 3, from Wednesday 10:00


def test_minutes_granted_to_a_clock_count_as_days_once_its_limit_is_in_days(world: IssueWorld) -> None:
    confirm(world, LimitChange(Stage.HANDLE, IssueKind.DIFFICULT_ISSUE, None, None, 2520, LimitUnit.WORKING_MINUTES))
    issue_id = world.issue(S.EXTENSION_REQUESTED)
    world.step(issue_id, "approve_extension")

    confirm(world, LimitChange(Stage.HANDLE, IssueKind.DIFFICULT_ISSUE, None, None, 10, LimitUnit.WORKING_DAYS))

    assert world.row(issue_id).due_at == at("2023-12-25T17:30")  # 10 working days, and 3, from 6 December


def test_an_issue_corrected_since_keeps_the_limit_its_stage_began_with(world: IssueWorld) -> None:
    confirm(world, LimitChange(Stage.ACCEPT, None, Urgency.EMERGENCY, None, 30, LimitUnit.WORKING_MINUTES))
    issue_id = world.issue(S.REGISTERED)
    issues.correct(world.actor("lead_a"), issue_id, urgency=Urgency.EMERGENCY)

    assert preview(world, Refresh()).moved == ()
    assert [
        each.after for each in preview(world, DaysChange(date(2023, 12, 7), date(2023, 12, 7), DayKind.HOLIDAY)).moved
    ] == [at("2023-12-08T17:30")]


def test_a_year_becomes_certain_when_its_notice_is_entered_and_uncertain_when_it_is_taken_back(
    world: IssueWorld,
) -> None:
    with clock.fixed(at("2026-12-14T10:00")):
        issue_id = world.issue(S.HANDLING)
        assert world.row(issue_id).due_provisional
        assert world.row(issue_id).due_at == at("2027-01-05T17:30")

        text = "元旦：1月1日至4日放假调休，共4天。1月9日上班。"
        confirm(world, NoticeChange(2027, date(2026, 11, 20), "国办发明电〔2026〕7号", text))

        assert world.row(issue_id).due_at == at("2027-01-06T17:30")
        assert not world.row(issue_id).due_provisional
        assert [row.source for row in factories.rows(HolidayNotice)] == ["国办发明电〔2026〕7号"]

        confirm(world, NoticeRemoval(2027))
        assert world.row(issue_id).due_provisional
        assert factories.rows(HolidayNotice) == []


def test_a_corrected_notice_takes_the_place_of_the_first_and_own_days_stay(world: IssueWorld) -> None:
    """Given days of a notice and an own day, then the correction's days and the own day are left, as was shown."""
    power_cut = date(2029, 1, 10)
    confirm(world, DaysChange(power_cut, power_cut, DayKind.HOLIDAY, "停电检修"))
    confirm(world, NoticeChange(2029, None, "", "元旦：1月1日至3日放假调休，共3天。2028年12月30日上班。"))
    right = NoticeChange(2029, None, "", "元旦：1月1日放假，共1天。1月3日上班。")

    shown = preview(world, right).lost
    confirm(world, right)

    published = (DayKind.HOLIDAY, None)
    assert [(each.day, each.before, each.after) for each in shown] == [
        (date(2028, 12, 30), DayKind.WORKDAY, None), (date(2029, 1, 2), *published),
        (date(2029, 1, 3), DayKind.HOLIDAY, DayKind.WORKDAY),
    ]  # fmt: skip
    left = {row.day: (row.kind, row.notice_year) for row in factories.rows(CalendarDay)}
    assert left == {
        date(2029, 1, 1): (DayKind.HOLIDAY, 2029), date(2029, 1, 3): (DayKind.WORKDAY, 2029),
        power_cut: (DayKind.HOLIDAY, None),
    }  # fmt: skip


def test_an_own_day_a_notice_speaks_of_otherwise_is_told_before(world: IssueWorld) -> None:
    day = date(2027, 1, 9)
    confirm(world, DaysChange(day, day, DayKind.HOLIDAY, "停电检修"))

    shown = preview(world, NoticeChange(2027, None, "", "元旦：1月1日至4日放假调休，共4天。1月9日上班。")).lost

    assert [(each.day, each.name, each.after) for each in shown] == [(day, "停电检修", DayKind.WORKDAY)]


NATIONAL_DAY = NoticeChange(2032, None, "", "国庆节：10月1日至7日放假调休，共7天。9月26日上班。")


def told(world: IssueWorld, *days: date) -> list[tuple[str, str]]:
    shown = [reading.day_shown(world.actor("admin"), day) for day in days]
    return [(each.reason, each.name) for each in shown]


def test_as_published_gives_a_day_back_what_the_entered_notice_says_of_it(world: IssueWorld) -> None:
    """Given own days over days of a notice, when they are as published again, then the notice's days are back."""
    off, worked, power_cut = date(2032, 10, 5), date(2032, 9, 26), date(2032, 11, 3)
    confirm(world, NATIONAL_DAY)
    confirm(world, DaysChange(off, off, DayKind.WORKDAY, "加班"))
    confirm(world, DaysChange(worked, worked, DayKind.HOLIDAY, "停电检修"))
    confirm(world, DaysChange(power_cut, power_cut, DayKind.HOLIDAY, "停电检修"))
    assert told(world, off, worked) == [("The zone's own working day", "加班"), ("The zone's own day off", "停电检修")]

    again = DaysChange(worked, power_cut, None)
    shown = preview(world, again).lost
    confirm(world, again)

    assert [(each.day, each.before, each.after) for each in shown] == [
        (worked, DayKind.HOLIDAY, DayKind.WORKDAY), (off, DayKind.WORKDAY, DayKind.HOLIDAY),
        (power_cut, DayKind.HOLIDAY, None),
    ]  # fmt: skip
    assert told(world, off, worked, power_cut) == [
        ("Public holiday", "国庆节"), ("Make-up working day", "国庆节"), ("Ordinary working day", ""),
    ]  # fmt: skip


def test_as_published_takes_no_day_from_a_notice_that_was_entered(world: IssueWorld) -> None:
    confirm(world, NATIONAL_DAY)

    change = DaysChange(date(2032, 9, 20), date(2032, 10, 8), None)
    assert preview(world, change).lost == ()
    confirm(world, change)

    assert len(factories.rows(CalendarDay)) == 8
    assert told(world, date(2032, 10, 1)) == [("Public holiday", "国庆节")]


def test_a_day_off_that_was_made_a_working_day_is_the_notice_s_when_it_is_off_again(world: IssueWorld) -> None:
    day = date(2032, 10, 5)
    confirm(world, NATIONAL_DAY)

    for kind in (DayKind.WORKDAY, DayKind.HOLIDAY, DayKind.WORKDAY, None):
        confirm(world, DaysChange(day, day, kind, "加班"))

    assert told(world, day) == [("Public holiday", "国庆节")]


def test_own_days_a_corrected_notice_does_not_speak_of_are_own_days_like_any_other(world: IssueWorld) -> None:
    day = date(2032, 10, 5)
    confirm(world, NATIONAL_DAY)
    confirm(world, DaysChange(day, day, DayKind.WORKDAY, "加班"))
    confirm(world, NoticeChange(2032, None, "", "国庆节：10月1日至3日放假，共3天。"))
    assert told(world, day) == [("The zone's own working day", "加班")]

    confirm(world, DaysChange(day, day, None))

    assert told(world, day) == [("Ordinary working day", "")]


def test_days_of_a_notice_taken_back_are_taken_back_one_by_one(world: IssueWorld) -> None:
    day = date(2032, 9, 26)
    confirm(world, NATIONAL_DAY)
    confirm(world, NoticeRemoval(2032))

    confirm(world, DaysChange(day, day, None))

    assert day not in {row.day for row in factories.rows(CalendarDay)}


def test_office_hours_and_convention_move_deadlines_too(world: IssueWorld) -> None:
    issue_id = world.issue(S.REGISTERED)

    confirm(world, HoursChange((OpenHours(time(13), time(17)), OpenHours(time(8, 30), time(11, 30)))))
    assert world.row(issue_id).due_at == at("2023-12-07T17:00")
    assert [row.opens for row in factories.rows(OfficeHours)] == [time(8, 30), time(13)]

    confirm(world, ConventionChange(Convention(receipt_counts=True, late=LateReceipt.NEXT_WORKING_DAY)))
    assert world.row(issue_id).due_at == at("2023-12-06T17:00")
    assert world.row(issue_id).due_version == 3


def test_a_task_of_an_assisting_department_moves_with_its_clock(world: IssueWorld) -> None:
    issue_id = world.issue(S.ACCEPTED)
    wanted = issues.Assistance(department_id=world.departments["Y"].pk, text="协助核实线路负荷")
    issues.dispatch(
        world.actor("coordinator"), issue_id, world.departments["X"].pk, instruction="请牵头", assisting=[wanted]
    )

    confirm(world, LimitChange(Stage.ASSIST, None, None, None, amount=5))

    assert [row.due_at for row in factories.rows(IssueTask)] == [at("2023-12-13T17:30")]
    assert events.replay(world.events(issue_id)) == events.snapshot(world.row(issue_id))


def test_a_task_that_waits_keeps_waiting_when_limits_change(world: IssueWorld) -> None:
    """Given a returned issue with an open task, when its limit changes, then the task has no deadline yet."""
    issue_id = world.issue(S.ACCEPTED)
    wanted = issues.Assistance(department_id=world.departments["Y"].pk, text="协助核实线路负荷")
    issues.dispatch(world.actor("coordinator"), issue_id, world.departments["X"].pk, assisting=[wanted])
    world.step(issue_id, "return")

    confirm(world, LimitChange(Stage.ASSIST, None, None, None, amount=5))

    assert [row.due_at for row in factories.rows(IssueTask)] == [None]


def test_own_days_are_replaced_and_taken_back(world: IssueWorld) -> None:
    confirm(world, DaysChange(date(2023, 12, 20), date(2023, 12, 22), DayKind.HOLIDAY, "停电"))
    confirm(world, DaysChange(date(2023, 12, 22), date(2023, 12, 23), DayKind.WORKDAY))
    confirm(world, DaysChange(date(2023, 12, 20), date(2023, 12, 20), None))

    assert {row.day.day: row.kind for row in factories.rows(CalendarDay)} == {
        21: DayKind.HOLIDAY, 22: DayKind.WORKDAY, 23: DayKind.WORKDAY,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (DaysChange(date(2023, 12, 21), date(2023, 12, 20), DayKind.HOLIDAY), "last"),
        (DaysChange(date(2023, 12, 21), date(2025, 12, 20), DayKind.HOLIDAY), "last"),
        (HoursChange(()), "hours"),
        (HoursChange((OpenHours(time(12), time(9)),)), "hours"),
        (HoursChange((OpenHours(time(9), time(12)), OpenHours(time(11), time(13)))), "hours"),
        (NoticeChange(2027, None, "", "明年放假安排另行通知。"), "text"),
        (NoticeChange(1999, None, "", "元旦：1月1日放假。"), "year"),
        (LimitChange(Stage.HANDLE, None, None, None, 0), "amount"),
        (LimitChange(Stage.HANDLE, None, None, None, 20_000), "amount"),
    ],
)
def test_what_makes_no_sense_is_refused(world: IssueWorld, change: Change, field: str) -> None:
    with pytest.raises(InvalidError) as refused:
        preview(world, change)

    assert list(refused.value.problems) == [field]


def test_a_stage_keeps_its_general_limit_and_others_can_go(world: IssueWorld) -> None:
    with pytest.raises(ConflictError):
        preview(world, LimitChange(Stage.HANDLE, None, None, None, amount=None))

    issue_id = world.issue(S.HANDLING)
    confirm(world, LimitChange(Stage.HANDLE, IssueKind.DIFFICULT_ISSUE, None, None, amount=None))

    assert world.row(issue_id).due_at == at("2023-12-13T17:30")  # the general five days


def test_a_change_after_which_nothing_could_be_computed_is_refused_whole(world: IssueWorld) -> None:
    world.issue(S.HANDLING)

    with pytest.raises(TooFarError):
        preview(world, LimitChange(Stage.HANDLE, IssueKind.DIFFICULT_ISSUE, None, None, amount=9_000))


@pytest.mark.parametrize("who", ["coordinator", "lead_a", "worker_a", "officer_x", "manager"])
def test_only_administrators_change_how_deadlines_are_counted(world: IssueWorld, who: str) -> None:
    with pytest.raises(NotAllowedError):
        counting.preview(world.actor(who), DAY_OFF)
    with pytest.raises(NotAllowedError):
        counting.confirm(world.actor(who), DAY_OFF, "")


def test_a_step_under_way_is_waited_for(world: IssueWorld) -> None:
    issue_id = world.issue(S.HANDLING)
    seen = preview(world, DAY_OFF)
    with ThreadPoolExecutor(1) as thread:
        with transaction() as session:
            session.exec(select(Issue).where(Issue.id == issue_id).with_for_update()).one()
            waiting = thread.submit(counting.confirm, world.actor("admin"), DAY_OFF, seen.token)
            with pytest.raises(FutureTimeoutError):
                waiting.result(timeout=0.5)
        assert waiting.result(timeout=30) == 1

    assert world.row(issue_id).due_at == at("2023-12-28T17:30")


class _Told:
    """A change that counts how often it is asked what it is."""

    def __init__(self) -> None:
        self.times = 0

    def carry_out(self, session: Session) -> None:
        DAY_OFF.carry_out(session)

    def told(self) -> str:
        self.times += 1
        return DAY_OFF.told()


def test_many_issues_are_moved_in_batches_and_told_once(world: IssueWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given more moved clocks than a batch, then all are moved, and numbers come without loading whole issues."""
    monkeypatch.setattr(recomputing, "_BATCH", 2)
    ids = [world.issue(S.HANDLING) for _ in range(3)]
    change = _Told()

    with statements() as previewed:
        seen = preview(world, change)
    count = counting.confirm(world.actor("admin"), change, seen.token)

    assert [each.number for each in seen.moved] == [world.row(each).number for each in ids]
    assert not [sent for sent in previewed if "issue.text" in sent]
    assert (count, change.times) == (3, 1)
    assert {world.row(each).due_at for each in ids} == {at("2023-12-28T17:30")}


def test_a_stage_that_is_over_is_not_counted_again(world: IssueWorld) -> None:
    """Given an issue resolved before, when a day off is entered, then its handling keeps the deadline it had."""
    issue_id = world.issue(S.RESOLVED)
    handling = [each for each in _clocks(issue_id) if each.stage is Stage.HANDLE]

    confirm(world, DAY_OFF)

    assert [each for each in _clocks(issue_id) if each.stage is Stage.HANDLE] == handling
    assert not [each for each in preview(world, Refresh()).moved if each.stage is Stage.HANDLE]


def _clocks(issue_id: int) -> list[IssueClock]:
    return factories.rows(IssueClock, lambda each: each.issue_id == issue_id)


def test_an_issue_that_has_ended_is_not_counted_any_more(world: IssueWorld) -> None:
    """Given a clock that still runs for a declined issue, when the calendar changes, then it is left alone."""
    issue_id = world.issue(S.HANDLING)
    with transaction(actor=SYSTEM) as session:
        session.get_one(Issue, issue_id).state = S.DECLINED

    assert preview(world, DAY_OFF).moved == ()
