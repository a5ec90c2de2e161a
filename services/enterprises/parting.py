"""What stays known when a contact goes: whom the same person got messages as, and that their enterprise was told."""

from sqlalchemy import ColumnElement, and_, update
from sqlmodel import Session, col, func, select

from core import clock
from models.enterprise import Contact
from models.issue import Issue
from models.issue_class import IssueClassMember
from models.reminder import REACHED_STATES, Message, Reminder, ReminderState, Subject

_GONE_OUT = (ReminderState.SENT, *REACHED_STATES)


def gone_out() -> ColumnElement[bool]:
    """Return the condition, asked beside `IssueClassMember`, that a reminder is the notice of its class and counts."""
    return and_(
        col(Reminder.subject) == Subject.NOTICE,
        col(Reminder.subject_id) == IssueClassMember.notice_id,
        col(Reminder.state).in_(_GONE_OUT),
    )


def hand_over(session: Session, gone: Contact, stays: Contact) -> None:
    """Let what was sent to a contact belong to another entry of the same person; before the first is deleted."""
    for model in (Reminder, Message):
        statement = update(model).where(col(model.contact_id) == gone.pk).values(contact_id=stays.pk)
        session.execute(statement, execution_options={"synchronize_session": False})


def keep_told(session: Session, gone: Contact) -> None:
    """Note of a contact's enterprise what it was told of by notices to this contact; before the contact is deleted."""
    moment = func.coalesce(Reminder.delivered_at, Reminder.sent_at, clock.now())
    statement = (
        select(IssueClassMember, moment)
        .join(Issue, col(Issue.id) == IssueClassMember.issue_id)
        .join(Reminder, gone_out())
        .where(
            Reminder.contact_id == gone.pk,
            Issue.enterprise_id == gone.enterprise_id,
            col(IssueClassMember.told_at).is_(None),
        )
    )
    for member, at in session.exec(statement):
        member.told_at = at
