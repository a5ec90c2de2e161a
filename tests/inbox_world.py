"""Rules, reminders and messages that tests of the inbox need, stored by one call each."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from core import clock
from models.account import Account
from models.reminder import (
    Message,
    Occasion,
    Relation,
    Reminder,
    ReminderRule,
    ReminderState,
    ReminderTemplate,
    StopsOn,
    Subject,
)
from services.inbox.links import message_path
from tests.factories import stored

_numbers = count(1)


def rule(
    name: str = "", *, stops_on: StopsOn = StopsOn.ACKNOWLEDGED, occasion: Occasion = Occasion.ISSUE_DEADLINE
) -> ReminderRule:
    """Store a rule with a template of its own."""
    number = next(_numbers)
    template = stored(ReminderTemplate(name=f"Template {number}", occasion=occasion, title="T", body="B"))
    made = ReminderRule(
        name=name or f"Rule {number}", occasion=occasion, recipients=[Relation.ASSIGNEE], stops_on=stops_on,
        template_id=template.pk, active=False,
    )  # fmt: skip
    return stored(made)


def reminder(of: ReminderRule | None, person: Account | None, subject_id: int = 1, **more: Any) -> Reminder:
    """Store a reminder that is still to come, to an account."""
    now = clock.now()
    given = {
        "subject": Subject.ISSUE, "occasion": of.occasion if of else Occasion.NOTICE, "due_version": 1,
        "moment": now, "due_at": now, "relation": Relation.ASSIGNEE,
    } | more  # fmt: skip
    key = f"a{person.pk}" if person else f"c{more.get('contact_id')}"
    return stored(
        Reminder(
            subject_id=subject_id, rule_id=of and of.id, recipient_id=person and person.id, recipient_key=key, **given
        )
    )


def told(of: ReminderRule | None, person: Account, subject_id: int = 1, **more: Any) -> Reminder:
    """Store a reminder that is in somebody's inbox."""
    at: datetime = more.pop("at", clock.now())
    given = {"state": ReminderState.DELIVERED, "title": "办理期限今天到期", "body": "请尽快办理。"} | more
    return reminder(of, person, subject_id, sent_at=at, delivered_at=at, **given)


def planned(of: ReminderRule, person: Account, subject_id: int = 1, *, days: int = 1, **more: Any) -> Reminder:
    """Store a reminder that is due some days from now."""
    at = clock.now() + timedelta(days=days)
    return reminder(of, person, subject_id, moment=at, due_at=at, **more)


def message(*reminders: Reminder, locale: str = "zh_CN", **more: Any) -> str:
    """Store the message some reminders were merged into and return the path of its page."""
    first = reminders[0]
    given = {
        "account_id": first.recipient_id, "contact_id": first.contact_id, "title": first.title, "body": first.body,
        "locale": locale,
    }  # fmt: skip
    made = stored(Message(**given | more))
    for each in reminders:
        each.message_id = made.pk
        stored(each)
    return message_path(made.pk)
