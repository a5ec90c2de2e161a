"""Rules, templates and hours as rows: what can be saved, what is refused and why, and who may do it."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from core import clock
from core.db import transaction
from core.errors import ConflictError
from models.account import Role
from models.issue import IssueState
from models.limits import Stage
from models.outbox import OutboxMessage
from models.reminder import Effect, Occasion, Relation, ReminderHours, ReminderRule, ReminderTemplate
from services import entities
from services.actor import SYSTEM
from services.reminders import ahead, hours, rules
from services.reminders.hours import Hours
from services.reminders.noticing import REPLAN
from services.reminders.rules import RULES
from services.reminders.templates import TEMPLATES
from services.reminders.timing import shifter
from tests import factories as given
from tests import issue_world
from tests.rule_values import template_of, values

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")


def replans() -> int:
    with transaction(actor=SYSTEM) as session:
        return len(session.exec(select(OutboxMessage).where(OutboxMessage.topic == REPLAN)).all())


def test_every_default_rule_and_template_is_acceptable_as_it_stands() -> None:
    """Given a new installation, each row can be saved again without a change."""
    admin = given.actor(Role.ADMINISTRATOR)
    for rule in given.rows(ReminderRule):
        assert entities.save(admin, RULES, {"urgent": rule.urgent}, rule.pk) == rule.pk
    for template in given.rows(ReminderTemplate):
        assert entities.save(admin, TEMPLATES, {"name": template.name}, template.pk) == template.pk


def test_a_rule_is_saved_and_all_reminders_are_planned_anew() -> None:
    """Given a new rule, it stands with its values, and the new planning is owed by the same transaction."""
    admin = given.actor(Role.ADMINISTRATOR)
    before = replans()
    saved = entities.save(admin, RULES, values(stage="handle", repeat_every=3))
    (row,) = given.rows(ReminderRule, lambda row: row.id == saved)
    assert (row.stage, row.recipients, row.repeat_every, row.active) == (Stage.HANDLE, [Relation.ASSIGNEE], 0, True)
    assert replans() == before + 1


def test_a_rule_never_used_can_be_deleted_and_a_template_in_use_cannot() -> None:
    """Given a rule without reminders, it goes; its template stays while other rules use it."""
    admin = given.actor(Role.ADMINISTRATOR)
    rule = given.rows(ReminderRule)[0]
    entities.delete(admin, RULES, rule.pk)
    assert rule.pk not in {row.pk for row in given.rows(ReminderRule)}
    with pytest.raises(ConflictError):
        entities.delete(admin, TEMPLATES, template_of(Occasion.ISSUE_DEADLINE))


def test_a_preview_tells_what_an_unsaved_rule_would_send() -> None:
    """Given an issue due in 15 working days, a rule that fits its last days is foreseen, and nothing is stored."""
    world = issue_world.build()
    issue = world.row(world.issue(IssueState.HANDLING))
    admin, before = given.actor(Role.ADMINISTRATOR), len(given.rows(ReminderRule))
    assert issue.due_at is not None
    clock.advance(issue.due_at - clock.now() - timedelta(days=4))

    found = ahead.ahead(admin, values(offset=0, recipients=["assignee", "manager"]))
    assert found is not None
    assert {line.recipient for line in found.first} == {"officer_x", "manager"}
    assert all(issue.number in line.about and issue.text not in line.about for line in found.first)
    assert found.total == len(found.first)
    assert len(given.rows(ReminderRule)) == before
    assert ahead.ahead(admin, values(recipients=[])) is None
    none = ahead.ahead(admin, values(offset=40))
    assert none is not None
    assert none.total == 0


def test_hours_are_changed_and_everything_is_planned_anew() -> None:
    """Given other hours, the one row has them in order, and the next slots follow."""
    admin, before = given.actor(Role.ADMINISTRATOR), replans()
    wanted = Hours((time(15), time(8, 30)), time(19), time(8), True)
    hours.change(admin, wanted)
    (row,) = given.rows(ReminderHours)
    assert (row.slots, row.on_days_off, replans()) == (["08:30", "15:00"], True, before + 1)
    assert hours.in_force(admin).slots == (time(8, 30), time(15))
    zone = ZoneInfo("Asia/Shanghai")
    with transaction(actor=SYSTEM) as session:  # a Saturday, which has slots now
        assert shifter(session).next_slot(datetime(2023, 12, 9, 10, tzinfo=zone)).date().day == 9
    assert hours.next_slots(admin, wanted)[:3] == [
        datetime(2023, 12, 6, 15, tzinfo=zone),
        datetime(2023, 12, 7, 8, 30, tzinfo=zone),
        datetime(2023, 12, 7, 15, tzinfo=zone),
    ]


def test_switching_a_rule_off_leaves_it_in_its_place() -> None:
    """Given a step switched off, it stays in the ladder and is not active."""
    admin = given.actor(Role.ADMINISTRATOR)
    rule = given.rows(ReminderRule, lambda row: row.effect is Effect.RED_CARD)[0]
    entities.save(admin, RULES, {"active": False}, rule.pk)
    assert [row.active for row in rules.ladders(admin)[rule.occasion] if row.pk == rule.pk] == [False]
