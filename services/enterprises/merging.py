"""Making two rows of one enterprise into one: only when somebody says so, and all of it in the audit log."""

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, delete, select

from core.errors import InvalidError
from core.i18n import gettext
from models.campaign import CampaignTarget
from models.commitment import Commitment
from models.enterprise import Contact, Enterprise
from models.issue import Issue
from models.lifecycle import Verb
from models.reminder import Message, Reminder
from models.visit import OPEN_VISIT_STATES, Attachment, Promise, Visit, VisitState
from services import access, audit_trail
from services.actor import Actor
from services.enterprises import duplicates
from services.issues import events
from services.permissions import Action
from services.use_case import use_case

_FILLED = ("credit_code", "address", "industry", "scale", "legal_representative", "founded_year", "employees", "note")
"""Fields the kept row takes over where it has nothing."""
_OF_A_PERSON = ("title", "wechat", "email")
"""The same of a contact whom both had with the same name and number."""


def merge(actor: Actor, keep_id: int, drop_id: int) -> None:
    """Move all that belongs to one enterprise to another and delete it. There is no way back.

    Contacts, visits, issues, promises, commitments, notices, attachments and campaigns come along. What the kept one
    does not know is taken from the other. Where both have an open visit in one campaign, that of the deleted one is
    taken back.

    Raises:
        InvalidError: both are the same row.
        NotFoundError: one of them does not exist or the actor may not change it.
    """
    if keep_id == drop_id:
        raise InvalidError({"": gettext("An enterprise cannot be merged with itself.")})
    with use_case(actor, Action.ENTERPRISE_EDIT) as session:
        rows = {
            row_id: access.load(session, actor, Action.ENTERPRISE_EDIT, Enterprise, row_id, lock=True)
            for row_id in sorted((keep_id, drop_id))
        }
        keep, drop = rows[keep_id], rows[drop_id]
        _take_back_double_visits(session, keep_id, drop_id)
        for model in (Visit, Promise, Commitment):
            for row in session.exec(select(model).where(model.enterprise_id == drop_id)):
                row.enterprise_id = keep_id
        _move_issues(session, actor, keep_id, drop)
        _move_contacts(session, keep_id, drop_id)
        _move_notices(session, keep_id, drop_id)
        _move_attachments(session, keep_id, drop_id)
        _move_targets(session, keep_id, drop_id)
        known = {name: getattr(drop, name) for name in (*_FILLED, "longitude", "latitude")}
        extra = drop.extra
        session.delete(drop)
        session.flush()  # frees the credit code, which only one row may have
        _fill(keep, known, extra)
        audit_trail.note(session, "enterprise", keep_id, "merged", dropped=drop_id, name=drop.name)
    duplicates.forget()


def _take_back_double_visits(session: Session, keep_id: int, drop_id: int) -> None:
    open_here = select(Visit.campaign_id).where(Visit.enterprise_id == keep_id, col(Visit.state).in_(OPEN_VISIT_STATES))
    double = select(Visit).where(
        Visit.enterprise_id == drop_id,
        col(Visit.state).in_(OPEN_VISIT_STATES),
        col(Visit.campaign_id).in_(open_here),
    )
    for visit in session.exec(double.with_for_update()):
        visit.state = VisitState.TAKEN_BACK
        visit.version += 1
    session.flush()


def _move_issues(session: Session, actor: Actor, keep_id: int, drop: Enterprise) -> None:
    for issue in session.exec(select(Issue).where(Issue.enterprise_id == drop.pk).with_for_update()).all():
        before = events.snapshot(issue)
        issue.enterprise_id = keep_id
        reason = gettext("Its enterprise “{name}” was merged into this one.").format(name=drop.name)
        events.record(session, actor, issue, Verb.EDIT, before, reason=reason)


def _move_contacts(session: Session, keep_id: int, drop_id: int) -> None:
    kept = session.exec(select(Contact).where(Contact.enterprise_id == keep_id)).all()
    there = {(row.name, row.phone): row for row in kept}
    has_main = any(row.is_primary for row in kept)
    for contact in session.exec(select(Contact).where(Contact.enterprise_id == drop_id)).all():
        becomes_main = contact.is_primary and not has_main
        same = there.get((contact.name, contact.phone))
        if same is None:
            contact.enterprise_id, contact.is_primary = keep_id, becomes_main
            continue
        same.is_primary = same.is_primary or becomes_main
        _complete(same, contact)
        _hand_over(session, contact, same)
        session.delete(contact)


def _hand_over(session: Session, gone: Contact, stays: Contact) -> None:
    """Let what was sent to a contact belong to the other entry of the same person."""
    for model in (Reminder, Message):
        statement = update(model).where(col(model.contact_id) == gone.pk).values(contact_id=stays.pk)
        session.execute(statement, execution_options={"synchronize_session": False})


def _complete(same: Contact, gone: Contact) -> None:
    for name in _OF_A_PERSON:
        if not getattr(same, name):
            setattr(same, name, getattr(gone, name))


def _move_notices(session: Session, keep_id: int, drop_id: int) -> None:
    statement = update(Reminder).where(col(Reminder.enterprise_id) == drop_id).values(enterprise_id=keep_id)
    session.execute(statement, execution_options={"synchronize_session": False})


def _move_attachments(session: Session, keep_id: int, drop_id: int) -> None:
    own = select(Attachment).where(Attachment.subject == "enterprise", Attachment.subject_id == drop_id)
    for attachment in session.exec(own):
        attachment.subject_id = keep_id


def _move_targets(session: Session, keep_id: int, drop_id: int) -> None:
    campaigns = session.exec(select(CampaignTarget.campaign_id).where(CampaignTarget.enterprise_id == drop_id)).all()
    if campaigns:
        rows = [{"campaign_id": campaign_id, "enterprise_id": keep_id} for campaign_id in campaigns]
        session.execute(insert(CampaignTarget).on_conflict_do_nothing(), rows)
    session.execute(delete(CampaignTarget).where(col(CampaignTarget.enterprise_id) == drop_id))


def _fill(keep: Enterprise, known: dict[str, object], extra: dict[str, object]) -> None:
    for name in _FILLED:
        if getattr(keep, name) in (None, ""):
            setattr(keep, name, known[name])
    if keep.longitude is None:
        keep.longitude, keep.latitude = known["longitude"], known["latitude"]  # type: ignore[assignment]  # both floats or both nothing
    if merged := {**extra, **{key: value for key, value in keep.extra.items() if value not in (None, "", [])}}:
        keep.extra = merged
