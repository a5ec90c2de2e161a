"""The background work of sending: writes down the recipients, chunk by chunk, and sees when all of them are told.

Every step may be repeated, or owed twice: it goes on where the batch stands, a row that is there already is left
alone, and a batch that was paused or cancelled meanwhile is not gone on with.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, func, select

from core import clock
from core.db import transaction
from models.addressees import choice_of
from models.reminder import (
    OPEN_REMINDER_STATES,
    BatchState,
    NoticeBatch,
    Occasion,
    Relation,
    Reminder,
    ReminderState,
    Subject,
)
from services import outbox
from services.actor import SYSTEM
from services.notices import audience, sending
from services.notices.audience import Addressee
from services.notices.states import counts_of
from services.notices.wording import Wording
from services.reminders.rendering import TemplateError

CHUNK = 500
_LOOK_AGAIN, _SELDOM = timedelta(seconds=4), timedelta(minutes=5)


def write(payload: Mapping[str, Any]) -> None:
    """Write down the next recipients of a batch, and owe the rest of the work in the same transaction."""
    with transaction(actor=SYSTEM, action=sending.SEND) as session:
        batch = _being_sent(session, int(payload["batch_id"]))
        if batch is None:
            return
        choice = choice_of(batch.audience, batch.filters)
        # As the product itself: what was decided when it was sent holds, whoever decided it and whatever they are now.
        found = audience.chunk(session, SYSTEM, choice, batch.written_up_to, CHUNK)
        _store(session, batch, [each for each in found if each.obstacle is None])
        _keep_place(session, batch, found)
        if len(found) == CHUNK:
            outbox.put(session, sending.SEND, {"batch_id": batch.pk})
            return
        written = counts_of(session, [batch.pk])[batch.pk].total
        if written != batch.planned:  # the audience has changed since it was counted
            batch.planned = written
        _look_again(session, batch, looked=0)


def finish(payload: Mapping[str, Any]) -> None:
    """Call a batch sent once nobody waits for it any more; look again later until then."""
    with transaction(actor=SYSTEM, action=sending.FINISH) as session:
        batch = _being_sent(session, int(payload["batch_id"]))
        if batch is None:
            return
        if counts_of(session, [batch.pk])[batch.pk].open:
            _look_again(session, batch, looked=int(payload.get("looked", 0)))
        else:
            batch.state, batch.ended_at = BatchState.SENT, clock.now()


def _being_sent(session: Session, batch_id: int) -> NoticeBatch | None:
    """Return a batch held until the transaction ends; `None` if it is not being sent any more."""
    batch = session.exec(select(NoticeBatch).where(NoticeBatch.id == batch_id).with_for_update()).one_or_none()
    return batch if batch is not None and batch.state is BatchState.SENDING else None


def _store(session: Session, batch: NoticeBatch, found: list[Addressee]) -> None:
    if not found:
        return
    wording = Wording(batch.audience, batch.title, batch.body)
    due_at = sending.due(session, batch)
    rows = [_row(batch, each, wording, due_at) for each in found]
    session.execute(insert(Reminder).on_conflict_do_nothing(constraint="uq_reminder_once"), rows)


def _keep_place(session: Session, batch: NoticeBatch, found: Sequence[Addressee]) -> None:
    """Note how far the audience has been gone through, for the next step: its rows and contacts may move."""
    if found:
        statement = update(NoticeBatch).where(col(NoticeBatch.id) == batch.pk).values(written_up_to=found[-1].id)
        statement = statement.execution_options(unaudited=True)  # a count of the machine's, nobody's deed
        session.execute(statement)


def _row(batch: NoticeBatch, to: Addressee, wording: Wording, due_at: datetime) -> dict[str, Any]:
    now = clock.now()
    return {
        "subject": Subject.NOTICE, "subject_id": batch.pk, "occasion": Occasion.NOTICE, "rule_id": None,
        "due_version": 1, "step": 0, "relation": Relation.ADDRESSEE, "recipient_id": to.account_id,
        "contact_id": to.contact_id, "enterprise_id": to.enterprise_id, "recipient_key": to.key,
        "moment": batch.started_at, "due_at": due_at, "urgent": batch.urgent, "created_at": now, "updated_at": now,
        **_said(wording, to),
    }  # fmt: skip


def _said(wording: Wording, to: Addressee) -> dict[str, Any]:
    """Return what a recipient is told; one to whom it cannot be said has failed, and the others get it all the same."""
    try:
        worded = wording.for_(to)
    except TemplateError as problem:
        failed = {"state": ReminderState.FAILED, "failed_at": clock.now(), "note": problem.reason[:1000]}
        return {"title": "", "body": "", **failed}
    return {
        "title": worded.title, "body": worded.body, "state": ReminderState.PLANNED, "failed_at": None, "note": ""
    }  # fmt: skip


def _look_again(session: Session, batch: NoticeBatch, looked: int) -> None:
    """Owe another look at whether everybody was told: soon after the next are due, and ever more seldom."""
    of = (Reminder.subject == Subject.NOTICE, Reminder.subject_id == batch.pk)
    first = select(func.min(Reminder.due_at)).where(*of, col(Reminder.state).in_(OPEN_REMINDER_STATES))
    due_at = max(session.exec(first).one() or clock.now(), clock.now())
    wait = min(_LOOK_AGAIN * 2 ** min(looked, 20), _SELDOM)
    outbox.put(session, sending.FINISH, {"batch_id": batch.pk, "looked": looked + 1}, due_at=due_at + wait)
