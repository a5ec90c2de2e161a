"""Stage A: every claimed reminder is in the inbox, merged into messages, and on its way; none keeps others back."""

from datetime import timedelta

import pytest

from core import clock
from models.account import Role
from models.area import Tier
from models.channel import Channel, ChannelKind
from models.enterprise import Contact
from models.reminder import (
    Delivery,
    Message,
    Occasion,
    Relation,
    Reminder,
    ReminderRule,
    ReminderState,
    ReminderTemplate,
    Subject,
)
from services.delivery import telling
from services.delivery.choosing import claim_reminders
from services.delivery.claiming import lease, rescue
from services.reminders.standing import Words
from tests import factories
from tests.services.delivery import world

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")


def tell() -> int:
    return sum(telling.tell(batch) for batch in claim_reminders())


@pytest.fixture
def rule(monkeypatch: pytest.MonkeyPatch) -> ReminderRule:
    """A rule about issues whose words are the issue's number; odd numbers have none."""

    class Numbers:
        def words(self, _session: object, ids: list[int]) -> dict[int, Words]:
            return {each: {"number": f"QY-{each}"} for each in ids if each % 2 == 0}

        def link(self, subject_id: int) -> str:
            return f"/issue?id={subject_id}"

    monkeypatch.setattr("services.delivery.wording.SOURCES", {Subject.ISSUE: Numbers()})
    template = factories.stored(
        ReminderTemplate(
            name="到期", occasion=Occasion.ISSUE_DEADLINE, title="{{ number }} 到期", body="请办理 {{ number }}。",
            title_en="{{ number }} is due", body_en="Please handle {{ number }}.",
        )
    )  # fmt: skip
    return factories.stored(
        ReminderRule(
            name="到期日", occasion=Occasion.ISSUE_DEADLINE, recipients=[Relation.ASSIGNEE], template_id=template.pk
        )
    )


def about(rule: ReminderRule, subject_id: int, **more: object) -> dict[str, object]:
    return {
        "subject": Subject.ISSUE, "subject_id": subject_id, "occasion": rule.occasion, "rule_id": rule.pk,
        "relation": Relation.ASSIGNEE, "title": "", "body": "", **more,
    }  # fmt: skip


def test_a_reminder_is_in_the_inbox_with_its_words_and_its_message() -> None:
    row = world.reminder(factories.account(Role.GRID_WORKER))

    assert tell() == 1

    told = world.stored(row)
    assert (told.state, told.delivered_at, told.sent_at) == (ReminderState.DELIVERED, clock.now(), clock.now())
    [message] = factories.rows(Message)
    assert (message.title, message.body, message.account_id) == ("停电通知", "明天 9 时起停电。", row.recipient_id)
    assert told.message_id == message.id
    assert tell() == 0


def test_each_is_told_in_their_language_with_the_words_of_the_rule(rule: ReminderRule) -> None:
    chinese, english = factories.account(Role.DEPARTMENT_OFFICER), factories.account(Role.MANAGER, locale="en")
    rows = [world.reminder(person, **about(rule, 4)) for person in (chinese, english)]

    tell()

    assert [world.stored(row).title for row in rows] == ["QY-4 到期", "QY-4 is due"]
    assert factories.rows(Message)[1].body == "Please handle QY-4.\nhttp://127.0.0.1:8501/issue?id=4"


def test_what_came_together_is_one_message_and_the_urgent_one_goes_by_itself() -> None:
    person = factories.account(Role.GRID_WORKER, email="zhang@example.org")
    rows = [world.reminder(person, due_in=-timedelta(days=day), title=f"第{day}天") for day in range(3)]
    urgent = world.reminder(person, urgent=True, title="紧急")

    tell()

    messages = {message.id: message for message in factories.rows(Message)}
    assert sorted(each.title for each in messages.values()) == ["3 条提醒", "紧急"]
    digest = messages[world.stored(rows[0]).message_id]
    assert {world.stored(row).message_id for row in rows} == {digest.id}
    assert [f"第{day}天" in digest.body for day in range(3)] == [True] * 3
    assert messages[world.stored(urgent).message_id].urgent
    assert [each.address for each in factories.rows(Delivery)] == ["zhang@example.org"] * 2


def test_a_rule_that_names_channels_leaves_the_product_by_those_only(rule: ReminderRule) -> None:
    person = factories.account(Role.GRID_WORKER, email="zhang@example.org")
    factories.stored(Channel(name="机器人", kind=ChannelKind.WECOM, account_id=person.pk))
    rule.channels = [ChannelKind.MAIL]
    factories.stored(rule)
    world.reminder(person, **about(rule, 2))
    world.reminder(person, title="都发")

    tell()

    bodies = {each.id: each.title for each in factories.rows(Message)}
    sent = {(each.kind, bodies[each.message_id]) for each in factories.rows(Delivery)}
    assert sent == {(ChannelKind.MAIL, "2 条提醒"), (ChannelKind.WECOM, "都发")}


def test_a_team_is_told_once_who_of_it_was_told(rule: ReminderRule) -> None:
    team = factories.team(factories.area(Tier.STREET))
    channel = factories.stored(Channel(name="群", kind=ChannelKind.DINGTALK, team_id=team.pk))
    people = [factories.account(Role.GRID_WORKER, name=name) for name in ("张三", "李四")]
    for person in people:
        factories.member(team, person)
        world.reminder(person, **about(rule, 2))
    outsider = factories.account(Role.GRID_WORKER)
    world.reminder(outsider, **about(rule, 4))

    tell()

    [message] = factories.rows(Message, lambda row: row.team_id == team.id)
    assert message.body.startswith("张三、李四\n请办理 QY-2。")
    [delivery] = factories.rows(Delivery)
    assert (delivery.message_id, delivery.channel_id) == (message.id, channel.id)


def test_a_contact_is_sent_to_or_cannot_be_reached(rule: ReminderRule) -> None:
    enterprise = factories.enterprise(factories.area(Tier.GRID))
    contacts = [
        factories.stored(Contact(enterprise_id=enterprise.pk, name="王总", email=email))
        for email in ("wang@example.org", "")
    ]
    rows = [
        world.reminder(None, **about(rule, 2, contact_id=contact.pk, recipient_key=f"c{contact.pk}"))
        for contact in contacts
    ]

    tell()

    assert [world.state_of(row) for row in rows] == ["sent", "failed"]
    assert world.stored(rows[1]).note == telling.UNREACHABLE
    [message] = factories.rows(Message)
    assert "http" not in message.body, "a contact cannot open the page of an issue"
    assert [each.address for each in factories.rows(Delivery)] == ["wang@example.org"]


def test_what_a_rule_keeps_from_every_way_to_a_contact_is_no_reminder_sent(rule: ReminderRule) -> None:
    """Given a contact with an address and a rule for robots only, then it is told as not sent; what may go, goes."""
    enterprise = factories.enterprise(factories.area(Tier.GRID))
    contact = factories.stored(Contact(enterprise_id=enterprise.pk, name="王总", email="wang@example.org"))
    rule.channels = [ChannelKind.WECOM]
    factories.stored(rule)
    to = {"contact_id": contact.pk, "recipient_key": f"c{contact.pk}"}
    rows = [world.reminder(None, **about(rule, 2, **to)), world.reminder(None, title="可发", **to)]

    tell()

    assert [world.state_of(row) for row in rows] == ["failed", "sent"]
    assert world.stored(rows[0]).note == telling.KEPT_OFF
    assert [each.title for each in factories.rows(Message)] == ["可发"]


def test_a_faulty_template_parks_its_rows_and_the_others_are_told(rule: ReminderRule) -> None:
    person = factories.account(Role.GRID_WORKER)
    with_fault = factories.stored(
        ReminderTemplate(name="坏", occasion=Occasion.ISSUE_DEADLINE, title="{{ unknown }}", body="x")
    )
    faulty = factories.stored(
        ReminderRule(name="坏", occasion=rule.occasion, recipients=[Relation.ASSIGNEE], template_id=with_fault.pk)
    )
    bad, good = world.reminder(person, **about(faulty, 2)), world.reminder(person, **about(rule, 2))

    tell()

    assert (world.state_of(bad), world.state_of(good)) == ("failed", "delivered")
    assert "unknown" in world.stored(bad).note


def test_a_subject_that_is_gone_and_a_person_who_left_are_cancelled_with_the_reason(rule: ReminderRule) -> None:
    gone = world.reminder(factories.account(Role.GRID_WORKER), **about(rule, 3))
    left = world.reminder(factories.account(Role.GRID_WORKER, active=False))

    tell()

    assert [(world.state_of(row), world.stored(row).note) for row in (gone, left)] == [
        ("cancelled", "What it was about does not exist any more"),
        ("cancelled", "The account is not active any more"),
    ]


def test_a_row_that_breaks_its_batch_is_tried_again_and_parked_while_the_others_are_told(
    rule: ReminderRule, monkeypatch: pytest.MonkeyPatch
) -> None:
    from services.delivery import wording

    class Breaking(type(wording.SOURCES[Subject.ISSUE])):  # type: ignore[misc]
        def words(self, session: object, ids: list[int]) -> dict[int, Words]:
            if 8 in ids:
                raise KeyError(8)
            found: dict[int, Words] = super().words(session, ids)
            return found

    monkeypatch.setattr(wording, "SOURCES", {Subject.ISSUE: Breaking()})
    people = [factories.account(Role.GRID_WORKER) for _each in range(5)]
    rows = [world.reminder(person, **about(rule, 2 * number)) for number, person in enumerate(people, 2)]
    bad = next(row for row in rows if row.subject_id == 8)

    tell()
    assert [world.state_of(row) for row in rows] == ["delivered", "delivered", "planned", "delivered", "delivered"]
    for _attempt in range(4):
        clock.advance(timedelta(hours=2))
        tell()

    assert (world.state_of(bad), world.stored(bad).note) == ("failed", "KeyError: 8")


def test_what_was_cancelled_while_it_waited_is_not_told() -> None:
    row = world.reminder(factories.account(Role.GRID_WORKER))
    [batch] = claim_reminders()
    row.state = ReminderState.CANCELLED
    factories.stored(row)

    telling.tell(batch)

    assert world.state_of(row) == "cancelled"
    assert factories.rows(Message) == []


def test_a_batch_the_queue_delivers_twice_is_told_once() -> None:
    world.reminder(factories.account(Role.GRID_WORKER, email="zhang@example.org"))
    [batch] = claim_reminders()

    assert telling.tell(batch) == 1
    assert telling.tell(batch) == 0
    clock.advance(2 * lease())
    rescue(telling.REMINDERS)
    assert tell() == 0
    assert len(factories.rows(Delivery)) == 1


def test_a_long_digest_lists_fifty_and_says_how_many_more() -> None:
    person = factories.account(Role.GRID_WORKER)
    for number in range(53):
        world.reminder(person, title=f"第{number}条")

    tell()

    [message] = factories.rows(Message)
    assert message.title == "53 条提醒"
    assert message.body.endswith("还有 3 条")
    assert len({row.message_id for row in factories.rows(Reminder)}) == 1
