"""A need that is declined: whoever heard it is told at once, so that the enterprise learns why."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from core import clock
from core.db import transaction
from models.account import Account, Role
from models.issue import IssueState
from models.reminder import Occasion, ReminderRule, ReminderState, ReminderTemplate, Subject
from services import issues
from services.actor import SYSTEM
from services.reminders import planning
from services.reminders.rendering import renderer
from services.reminders.sources import SOURCES
from tests import issue_world
from tests.issue_world import IssueWorld
from tests.services.reminders.test_planning import names, planned, rows, run_outbox

S = IssueState
DECLINED = Occasion.ISSUE_DECLINED


@pytest.fixture
def world(database: str, frozen_clock: datetime) -> IssueWorld:  # noqa: ARG001 - servers and time
    """A small world on Wednesday, 6 December 2023, 10:00, with the rules the product comes with."""
    return issue_world.build()


def test_whoever_heard_the_need_is_told_at_once_and_nothing_else_of_it_is_planned(world: IssueWorld) -> None:
    issue_id = world.register(by="worker_a")

    world.step(issue_id, "decline")

    (row,) = planned(DECLINED, issue_id)
    assert names(world, [row]) == {"worker_a"}
    assert row.moment == clock.now()
    assert [each for occasion in Occasion if occasion is not DECLINED for each in planned(occasion, issue_id)] == []


def test_the_words_give_the_reason(world: IssueWorld) -> None:
    issue_id = world.register(by="worker_a")
    issues.decline(world.actor("lead_a"), issue_id, "属于企业内部纠纷")

    with transaction(actor=SYSTEM) as session:
        template = session.exec(select(ReminderTemplate).where(ReminderTemplate.occasion == DECLINED)).one()
        words = SOURCES[Subject.ISSUE].words(session, [issue_id])[issue_id]
        told = renderer(session).render(template.pk, "zh_CN", words)

    assert told.title.startswith(f"不予受理，请告知企业：{words['number']} ")
    assert "理由：属于企业内部纠纷（lead_a）" in told.body


def test_who_declines_what_they_heard_themselves_is_not_told(world: IssueWorld) -> None:
    issue_id = world.register(by="lead_a")

    world.step(issue_id, "decline")

    assert rows(DECLINED, issue_id) == []


def test_the_lead_is_told_where_whoever_heard_it_deals_with_enterprises_no_more(world: IssueWorld) -> None:
    issue_id = world.register(by="worker_a")
    with transaction(actor=SYSTEM) as session:
        session.get_one(Account, world.people["worker_a"].pk).role = Role.MANAGER

    issues.decline(world.actor("coordinator"), issue_id, "不属于本部门职权")

    assert names(world, planned(DECLINED, issue_id)) == {"lead_a"}


def test_taking_it_up_again_takes_the_reminder_back(world: IssueWorld) -> None:
    issue_id = world.issue(S.DECLINED)

    issues.reopen(world.actor("coordinator"), issue_id, "企业补充了材料")

    assert [row.state for row in rows(DECLINED, issue_id)] == [ReminderState.CANCELLED]


def test_a_rule_switched_off_takes_it_back_and_planning_anew_reaches_it(world: IssueWorld) -> None:
    issue_id = world.issue(S.DECLINED)
    with transaction(actor=SYSTEM) as session:
        (rule,) = (each for each in planning.rules(session) if each.occasion is DECLINED)
        session.get_one(ReminderRule, rule.pk).active = False

    run_outbox()

    assert planned(DECLINED, issue_id) == []


def test_planning_again_long_after_tells_nobody_once_more(world: IssueWorld) -> None:
    issue_id = world.issue(S.DECLINED)
    before = [(row.id, row.state) for row in rows(DECLINED, issue_id)]
    clock.advance(timedelta(days=40))

    with transaction(actor=SYSTEM) as session:
        planning.reconcile(session, Subject.ISSUE, [issue_id])

    assert [(row.id, row.state) for row in rows(DECLINED, issue_id)] == before
