"""Why somebody got a message, in words."""

from datetime import timedelta

import pytest
from sqlmodel import select

from core import clock
from core.db import transaction
from core.errors import NotFoundError
from core.i18n import format_moment, in_locale
from models.channel import ChannelKind
from models.issue import IssueState
from models.reminder import Delivery, DeliveryState, Effect, Relation, Reminder, ReminderRule, Subject
from services.actor import SYSTEM
from services.inbox import answering, explaining
from tests import inbox_world as given
from tests.factories import stored
from tests.issue_world import IssueWorld


def _told(world: IssueWorld, issue_id: int, **more: object) -> Reminder:
    return given.told(given.rule("到期当天提醒"), world.people["officer_x"], issue_id, due_version=900, **more)


def test_a_message_leads_back_to_its_rule_and_its_subject(world: IssueWorld) -> None:
    issue_id = world.issue(IssueState.HANDLING)
    told = _told(world, issue_id)
    row = world.row(issue_id)

    with in_locale("en"):
        why = explaining.why(world.actor("officer_x"), told.pk)

        assert (why.rule, why.because) == ("到期当天提醒", "because you are the one to act")
        assert why.link == f"/issues-issue?issue={issue_id}"
        assert row.number in why.about
        assert world.enterprises["A"].name in why.about
        assert why.due == format_moment(row.due_at)
        assert why.told_at == told.delivered_at


def test_it_tells_what_comes_next_step_by_step(world: IssueWorld) -> None:
    issue_id = world.issue(IssueState.HANDLING)
    told = _told(world, issue_id)
    third, second = given.rule("逾期三天"), given.rule("逾期一天")
    card = _with_effect(given.rule("红牌"), Effect.RED_CARD)
    at = clock.now() + timedelta(days=5)
    for name, relation in (("coordinator", Relation.COORDINATOR), ("manager", Relation.MANAGER)):
        given.planned(third, world.people[name], issue_id, days=3, due_version=900, relation=relation)
    given.planned(second, world.people["officer_x"], issue_id, days=1, due_version=900)
    given.reminder(card, None, issue_id, due_version=900, relation=None, due_at=at)
    given.planned(second, world.people["officer_y"], issue_id, due_version=901)

    why = explaining.why(world.actor("officer_x"), told.pk)

    assert [(step.rule, step.relations, step.effect) for step in why.next] == [
        ("逾期一天", (Relation.ASSIGNEE,), Effect.NONE),
        ("逾期三天", (Relation.COORDINATOR, Relation.MANAGER), Effect.NONE),
        ("红牌", (), Effect.RED_CARD),
    ]
    assert why.stopped == []


def test_after_acknowledging_it_tells_what_that_stopped(world: IssueWorld) -> None:
    issue_id = world.issue(IssueState.HANDLING)
    told = _told(world, issue_id)
    given.planned(given.rule("逾期一天"), world.people["officer_x"], issue_id, due_version=900)

    answering.acknowledge(world.actor("officer_x"), [told.pk])

    why = explaining.why(world.actor("officer_x"), told.pk)
    assert ([step.rule for step in why.stopped], why.next) == (["逾期一天"], [])


def test_it_tells_by_which_ways_it_went(world: IssueWorld) -> None:
    told = _told(world, world.issue(IssueState.HANDLING))
    given.message(told)
    ways = {"message_id": told.message_id, "address": "a@example.com"}
    stored(Delivery(kind=ChannelKind.MAIL, state=DeliveryState.SENT, sent_at=clock.now(), **ways))
    stored(Delivery(kind=ChannelKind.WECOM, state=DeliveryState.FAILED, failed_at=clock.now(), **ways))

    why = explaining.why(world.actor("officer_x"), told.pk)

    assert [(sent.kind, sent.state) for sent in why.sent] == [
        (ChannelKind.MAIL, DeliveryState.SENT),
        (ChannelKind.WECOM, DeliveryState.FAILED),
    ]


@pytest.mark.parametrize("name", ["colleague_x", "coordinator", "admin"])
def test_nobody_is_told_why_others_got_theirs(world: IssueWorld, name: str) -> None:
    told = _told(world, world.issue(IssueState.HANDLING))

    with pytest.raises(NotFoundError):
        explaining.why(world.actor(name), told.pk)


def test_a_notice_and_a_subject_that_is_gone_are_told_without_one(world: IssueWorld) -> None:
    officer = world.people["officer_x"]
    notice = given.told(None, officer, 1, subject=Subject.NOTICE, relation=Relation.ADDRESSEE)
    gone = _told(world, 10**6)

    why = explaining.why(world.actor("officer_x"), notice.pk)
    assert (why.rule, why.link) == ("", "")
    assert explaining.why(world.actor("officer_x"), gone.pk).about == ""


@pytest.mark.parametrize(("relation", "page"), [(Relation.ASSIGNEE, "record"), (Relation.LEAD, "record-view")])
def test_only_whoever_makes_a_visit_is_led_to_its_form(relation: Relation, page: str) -> None:
    assert explaining.link(Subject.VISIT, 7, relation) == f"/visits-{page}?visit=7"


def _with_effect(rule: ReminderRule, effect: Effect) -> ReminderRule:
    with transaction(actor=SYSTEM) as session:
        row = session.exec(select(ReminderRule).where(ReminderRule.id == rule.id)).one()
        row.effect = effect
    return row
