"""A bulletin's rows stand as they stood at the end of the month, whatever came later; its figures are their counts."""

from datetime import date, datetime

import pytest
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from core import clock
from core.db import transaction
from models.account import Account, Role
from models.bulletin import BulletinSettings
from models.campaign import Campaign, CampaignState
from models.commitment import Commitment
from models.issue import Issue, IssueState
from models.issue_log import TOLD_COLUMNS, IssueEvent
from models.team import Team
from models.visit import Outcome, Visit, VisitState
from services import issues
from services.actor import SYSTEM, Actor
from services.bulletin import reading
from services.bulletin.asof import Past
from services.bulletin.catalogue import FIGURES
from services.bulletin.printed import UnitKind
from services.bulletin.reading import Opened, Shown
from services.enterprises import merging
from services.issues import events
from tests import factories as given
from tests.services.bulletin.conftest import World


def test_what_happens_after_the_month_is_not_in_it(world: World) -> None:
    handled = world.issue(20, "accept", "dispatch", "acknowledge")
    with world.at(4, month=12):
        world.issues.step(handled, "resolve")

    shown = world.built()

    (row,) = world.rows(shown, "registered").issues
    assert (row.row.state, row.row.resolved_at) == (IssueState.HANDLING, None)
    assert row.state_now is IssueState.RESOLVED
    assert (shown.printed.count("responded"), shown.printed.count("resolved")) == (1, 0)
    assert shown.printed.count("open") == 1


def test_frozen_rows_stay_when_their_issues_go_on(world: World) -> None:
    issue_id = world.issue(20, "accept")
    shown = world.built()

    for step in ("dispatch", "acknowledge", "resolve"):
        world.issues.step(issue_id, step)

    (row,) = world.rows(shown, "registered", state="accepted").issues
    assert (row.row.state, row.state_now) == (IssueState.ACCEPTED, IssueState.RESOLVED)


def test_a_need_whose_enterprise_was_merged_into_another_stays_in_its_month(world: World) -> None:
    issue_id = world.issue(20, "accept")
    before = world.built()
    kept, dropped = (world.issues.enterprises[letter] for letter in "BA")
    with world.at(4, month=12):
        merging.merge(world.issues.actor("coordinator"), kept.pk, dropped.pk)

    shown = world.built()

    (row,) = world.rows(shown, "registered").issues
    assert (row.row.issue_id, row.row.enterprise_id, row.row.enterprise) == (issue_id, kept.pk, kept.name)
    assert shown.printed.count("registered") == before.printed.count("registered") == 1


def test_months_are_told_apart(world: World) -> None:
    world.closed(10, month=10)
    carried = world.issue(12, "accept", month=10)
    world.closed(13)
    world.issue(1, month=12)

    shown = world.built()

    counts = shown.printed.counts
    assert (counts["registered"], counts["last_registered"], counts["window_registered"]) == (1, 2, 3)
    assert (counts["closed_now"], counts["last_verified"], counts["last_open"], counts["open"]) == (1, 1, 1, 1)
    assert [each.row.issue_id for each in world.rows(shown, "open").issues] == [carried]


def test_what_was_late_by_then_is_late_and_nothing_else(world: World) -> None:
    late = world.issue(1, "accept", "dispatch")
    with world.at(24):
        world.issues.step(late, "acknowledge")
    later = world.issue(2, "accept", "dispatch")
    with world.at(4, month=12):
        world.issues.step(later, "acknowledge")

    shown = world.built()

    assert [each.row.issue_id for each in world.rows(shown, "late").issues] == [late]
    assert {each.row.issue_id for each in world.rows(shown, "overdue").issues} == {later, late}


def test_who_was_late_by_then_stays_so_when_another_leads_the_issue_later(world: World) -> None:
    issue_id = world.issue(1, "accept", "dispatch")
    with world.at(24):
        world.issues.step(issue_id, "acknowledge")
    before = world.built()

    with world.at(4, month=12):
        other = world.issues.departments["Y"].pk
        issues.redispatch(world.issues.actor("coordinator"), issue_id, other, instruction="改由 Y 局办理")
    assert not world.issues.row(issue_id).late

    shown = world.built()
    late = [each.row for each in world.rows(shown, "late").issues]
    assert [(row.issue_id, row.department_id) for row in late] == [(issue_id, world.issues.departments["X"].pk)]
    assert shown.printed.count("late") == before.printed.count("late") == 1


def test_what_waits_for_a_review_is_overdue_with_no_department(world: World) -> None:
    with_x = world.issue(1, "accept", "dispatch")
    reviewed = world.issue(2, "accept", "dispatch", "acknowledge", "resolve")

    shown = world.built()

    x = str(world.issues.departments["X"].pk)
    assert {part.key: part.count for part in shown.printed.overdue} == {x: 1, IssueState.RESOLVED.value: 1}
    assert [each.row.issue_id for each in world.rows(shown, "overdue_with").issues] == [with_x]
    assert [each.row.issue_id for each in world.rows(shown, "overdue", state="resolved").issues] == [reviewed]


def test_a_month_is_compared_with_the_bulletin_before_it(world: World) -> None:
    world.issue(3, month=10)
    october = world.built(date(2023, 10, 1))
    world.issue(3)
    world.issue(4)

    printed = world.built().printed

    assert (printed.change("registered"), october.printed.change("registered")) == (1, None)


def test_a_visit_stands_in_its_month_whatever_was_done_with_it_since(world: World) -> None:
    """Given a visit made in November, when its record is returned and it is taken back, then November has it still."""
    visit = _visit(world, date(2023, 11, 10))
    with world.at(10):
        _change(visit, state=VisitState.RECORDED, outcome=Outcome.MET, recorded_at=clock.now())
    figures = ("visits", "visits_met", "enterprises", "window_planned", "window_as_planned")
    before = world.built().printed
    with world.at(3, month=12):
        _change(visit, state=VisitState.RETURNED, planned_on=date(2023, 12, 20))
    with world.at(4, month=12):
        _change(visit, state=VisitState.TAKEN_BACK, outcome=Outcome.REFUSED)

    shown = world.built()

    assert [shown.printed.count(key) for key in figures] == [before.count(key) for key in figures] == [1] * 5
    (row,) = world.rows(shown, "window_planned").items
    assert (row.row.due_on, row.row.text) == (date(2023, 11, 10), "met")


def test_a_commitment_whose_day_was_put_off_later_was_overdue_then(world: World) -> None:
    enterprise = world.issues.enterprises["A"]
    with world.at(2):
        owed = given.stored(
            Commitment(enterprise_id=enterprise.pk, matter="食品经营许可", text="补交", approved_on=date(2023, 11, 2),
                       due_on=date(2023, 11, 20))
        )  # fmt: skip
    with world.at(5, month=12):
        _change(owed, due_on=date(2023, 12, 31), matter="另一事项")
        merging.merge(world.issues.actor("coordinator"), world.issues.enterprises["B"].pk, enterprise.pk)

    shown = world.built()

    (row,) = world.rows(shown, "commitments_overdue").items
    assert (row.row.due_on, row.row.text) == (date(2023, 11, 20), "食品经营许可")
    assert row.row.enterprise_id == world.issues.enterprises["B"].pk


def _change(row: Visit | Commitment, **values: object) -> None:
    """Change a row as its page does: the audit log notes what stood there before."""
    with transaction(actor=SYSTEM) as session:
        stored = session.get_one(type(row), row.pk)
        for name, value in values.items():
            setattr(stored, name, value)


def _visit(world: World, planned_on: date) -> Visit:
    """Store a visit, and the campaign it is of."""
    enterprise, worker = world.issues.enterprises["A"], world.issues.people["worker_a"].pk
    running = Campaign(
        name=f"{planned_on}", starts_on=planned_on, ends_on=date(2023, 12, 31), state=CampaignState.RUNNING
    )
    return given.stored(
        Visit(campaign_id=given.stored(running).pk, enterprise_id=enterprise.pk, area_id=enterprise.area_id,
              team_id=given.rows(Team)[0].pk, assignee_id=worker, assigned_by_id=worker, planned_on=planned_on)
    )  # fmt: skip


def test_visits_are_counted_in_the_months_that_are_ranked_and_no_other(world: World) -> None:
    """Given a ranking of one month, then a visit planned in the month before is none of it."""
    with transaction(actor=SYSTEM) as session:
        session.exec(select(BulletinSettings)).one().window_months = 1
    for month in (10, 11):
        _visit(world, date(2023, month, 10))

    shown = world.built()

    assert [each.row.due_on for each in world.rows(shown, "window_planned").items] == [date(2023, 11, 10)]
    assert shown.printed.count("window_planned") == 1


def test_a_look_at_half_a_month_is_nothing_to_compare_with(world: World) -> None:
    world.issue(3, month=10)
    with world.at(20, month=10):
        world.built(date(2023, 10, 1))
    world.issue(3)

    assert world.built().printed.change("registered") is None


@pytest.fixture
def november(demo_database: str) -> tuple[Actor, Shown]:
    """The coordinator of the demonstration and its bulletin of November."""
    assert demo_database
    who = given.acting(given.rows(Account, lambda row: row.role is Role.COORDINATOR)[0])
    return who, reading.of_month(who, 202311)


def test_every_figure_of_the_demonstration_is_the_count_of_the_rows_it_opens(november: tuple[Actor, Shown]) -> None:
    actor, shown = november
    printed = shown.printed
    asked = {Opened(key): printed.count(key) for key in FIGURES}
    asked |= {Opened("registered", kind=part.key): part.count for part in printed.kinds}
    asked |= {Opened("registered", state=part.key): part.count for part in printed.states}
    asked |= {Opened("registered", category=part.key): part.count for part in printed.categories}
    asked |= {reading.opened_by(printed, part): part.count for part in printed.overdue}
    asked |= {Opened(flag.mark): flag.count for flag in printed.flags}
    for unit in printed.units[UnitKind.DEPARTMENT]:
        asked |= {Opened(key, department_id=unit.id): count for key, count in unit.counts.items() if key in _OF_ISSUES}
    for unit in printed.units[UnitKind.TEAM][:5]:
        asked |= {Opened(key, team_id=unit.id): count for key, count in unit.counts.items()}

    counted = {opened: reading.rows(actor, shown.bulletin.pk, opened, page_size=1).total for opened in asked}

    assert counted == asked
    assert printed.count("registered") > 50
    assert printed.flags
    assert sum(part.count for part in printed.overdue) == printed.count("overdue")


_OF_ISSUES = {key for key, figure in FIGURES.items() if figure.items is None}


@pytest.mark.parametrize("day", ["2023-09-15", "2023-11-01", "2023-12-05"])
def test_the_past_of_every_issue_is_what_its_log_tells(november: tuple[Actor, Shown], day: str) -> None:
    assert november
    until = datetime.fromisoformat(f"{day}T12:00:00+08:00")
    past = Past(datetime(2023, 1, 1, tzinfo=clock.zone()), until)
    names = [name for name in TOLD_COLUMNS if name not in {"extra"}]

    with transaction(actor=SYSTEM) as session:
        rows = session.execute(
            select_columns(past.row.c.id, *(past.row.c[name] for name in names))
            .select_from(past.source).where(past.where)
        ).all()  # fmt: skip
        log: dict[int, list[IssueEvent]] = {}
        for event in session.exec(select(IssueEvent).where(IssueEvent.at < until).order_by(col(IssueEvent.seq))):
            log.setdefault(event.issue_id, []).append(event)
        assert len(rows) == len(log) > 10
        for issue_id, *values in rows:
            then = Issue.model_construct(**dict(zip(names, values, strict=True)), extra={})
            told = events.replay(log[issue_id])
            assert {**events.snapshot(then), "extra": None} == {**told, "extra": None}, issue_id
