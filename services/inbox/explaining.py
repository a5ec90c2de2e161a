"""Why somebody got a message: rule, relation, subject, deadline, what comes next and where it went."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from core.i18n import N_, gettext
from models.channel import ChannelKind
from models.reminder import Delivery, DeliveryState, Relation, Reminder, ReminderRule, Subject
from services import access
from services.actor import Actor
from services.inbox import ladders
from services.inbox.ladders import Step
from services.permissions import Action
from services.reminders.sources import SOURCES
from services.use_case import use_case

_BECAUSE: dict[Relation, str] = {
    Relation.ASSIGNEE: N_("because you are the one to act"),
    Relation.LEAD: N_("because you lead the team in charge"),
    Relation.NEXT_TIER: N_("because you lead the tier above"),
    Relation.DEPARTMENT_HEAD: N_("because you head the department"),
    Relation.COORDINATOR: N_("because you are the campaign coordinator"),
    Relation.MANAGER: N_("because you are a manager of the zone"),
    Relation.FIRST_RECEIVER: N_("because you were the first to receive it"),
    Relation.ENTERPRISE_CONTACT: N_("because you are the main contact of the enterprise"),
    Relation.ADDRESSEE: N_("because the notice is addressed to you"),
}


@dataclass(frozen=True)
class Sent:
    """One way a message went out besides the inbox."""

    kind: ChannelKind
    state: DeliveryState
    at: datetime
    kept_only: bool


@dataclass(frozen=True)
class Why:
    """Why a message was sent.

    Args:
        rule: the rule's name; empty for a notice.
        because: what the recipient is to the subject, as a clause.
        subject: what kind of thing it is about.
        about: which one, in a few words; empty if it is gone.
        link: the path of its page; empty if it has none.
        due: its deadline in words; empty if it has none.
        next: what is still to come about it, the next first.
        stopped: what acknowledging stopped.
        told_at: when it was put into the inbox.
        sent: by which other ways it went.
    """

    rule: str
    because: str
    subject: Subject
    about: str
    link: str
    due: str
    next: list[Step]
    stopped: list[Step]
    told_at: datetime | None
    sent: list[Sent] = field(default_factory=list)


def why(actor: Actor, reminder_id: int) -> Why:
    """Return why the actor got one of their messages.

    Raises:
        NotFoundError: it is not theirs.
    """
    with use_case(actor, Action.INBOX) as session:
        return explained(session, access.load(session, actor, Action.INBOX, Reminder, reminder_id))


def explained(session: Session, reminder: Reminder) -> Why:
    """Return why a reminder was sent, in the present language."""
    matter = ladders.matter(reminder)
    rule = session.get(ReminderRule, reminder.rule_id) if reminder.rule_id else None
    words = words_of(session, reminder.subject, reminder.subject_id)
    return Why(
        rule=rule.name if rule else "",
        because=gettext(_BECAUSE[reminder.relation]) if reminder.relation else "",
        subject=reminder.subject,
        about=about(words),
        link=link(reminder.subject, reminder.subject_id, reminder.relation),
        due=str(words.get("due", "")),
        next=ladders.to_come(session, [matter])[matter],
        stopped=ladders.stopped(session, [matter])[matter],
        told_at=reminder.delivered_at,
        sent=_sent(session, reminder),
    )


def words_of(session: Session, subject: Subject, subject_id: int) -> dict[str, Any]:
    """Return what may be said about a subject; nothing if it is gone or says nothing itself."""
    source = SOURCES.get(subject)
    return dict(source.words(session, [subject_id]).get(subject_id, {})) if source else {}


def about(words: dict[str, Any]) -> str:
    """Return which subject it is, in a few words: number, enterprise and title as far as it has them."""
    return " · ".join(str(words[key]) for key in ("number", "enterprise", "title") if words.get(key))


def link(subject: Subject, subject_id: int, relation: Relation | None) -> str:
    """Return the path of a subject's page for whoever stands in a relation to it; empty if it has none."""
    if subject is Subject.VISIT and relation is not Relation.ASSIGNEE:
        return f"/visits-record-view?visit={subject_id}"  # the form is for whoever makes the visit
    source = SOURCES.get(subject)
    return source.link(subject_id) if source else ""


def _sent(session: Session, reminder: Reminder) -> list[Sent]:
    if reminder.message_id is None:
        return []
    rows: Sequence[Delivery] = session.exec(
        select(Delivery).where(Delivery.message_id == reminder.message_id).order_by(col(Delivery.id))
    ).all()
    return [Sent(row.kind, row.state, row.sent_at or row.failed_at or row.due_at, row.kept_only) for row in rows]
