"""Sending a batch: start, pause, resume, cancel. The work itself is done in the background by `writing`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, update
from sqlmodel import Session, col, select

from core import clock
from core.errors import ConflictError
from core.i18n import N_
from models.addressees import choice_of
from models.reminder import (
    OPEN_REMINDER_STATES,
    BatchState,
    Delivery,
    DeliveryState,
    NoticeBatch,
    Reminder,
    ReminderState,
    Subject,
)
from services import access, outbox
from services.actor import Actor
from services.notices import audience
from services.notices.drafting import CONTENT
from services.notices.wording import Wording
from services.permissions import Action
from services.reminders import timing
from services.use_case import use_case

SEND = "notice.send"
FINISH = "notice.finish"
CANCELLED = N_("The batch was cancelled")
WITHDRAWN = N_("The bulletin it tells of was withdrawn")
_WITHOUT_IT = (*OPEN_REMINDER_STATES, ReminderState.FAILED)
"""States of those who have not got a notice; a failed one could be retried, so it ends with the rest."""


def start(actor: Actor, batch_id: int, *, seen: NoticeBatch | None = None) -> None:
    """Send a draft, in the background.

    Args:
        actor: who asks.
        batch_id: the draft.
        seen: the draft as the person read it before they said yes.

    Raises:
        ConflictError: the batch is no draft, has no text, says something else or to others than `seen`, its audience
            is chosen by a field that is no more, or nobody of it can be reached.
        InvalidError: a placeholder of its text is faulty.
        NotFoundError: there is no such batch or the actor may not send it.
    """
    with use_case(actor, Action.NOTICE_SEND) as session:
        batch = _in_state(session, actor, batch_id, BatchState.DRAFT)
        if seen is not None and seen.model_dump(include={*CONTENT}) != batch.model_dump(include={*CONTENT}):
            raise ConflictError(N_("Somebody has changed this notice meanwhile. Read it again, then send it."))
        if not batch.title or not batch.body:
            raise ConflictError(N_("The notice has no text yet."))
        Wording(batch.audience, batch.title, batch.body)
        _check_audience(session, batch)
        reach = audience.reach(session, actor, choice_of(batch.audience, batch.filters))
        if not reach.reachable:
            raise ConflictError(N_("Nobody of this audience can be reached."))
        batch.planned, batch.unreachable = reach.reachable, reach.unreachable
        batch.state, batch.started_at = BatchState.SENDING, clock.now()
        outbox.put(session, SEND, {"batch_id": batch_id})


def pause(actor: Actor, batch_id: int) -> None:
    """Hold back what has not gone out yet, also what a worker has claimed and not yet told.

    Raises:
        ConflictError: the batch is not being sent.
        NotFoundError: there is no such batch or the actor may not send it.
    """
    with use_case(actor, Action.NOTICE_SEND) as session:
        batch = _in_state(session, actor, batch_id, BatchState.SENDING)
        batch.state = BatchState.PAUSED
        waiting = (ReminderState.PLANNED, ReminderState.CLAIMED)
        _move(session, batch_id, waiting, state=ReminderState.HELD, claimed_until=None)


def resume(actor: Actor, batch_id: int) -> None:
    """Go on with a paused batch where it stopped.

    Raises:
        ConflictError: the batch is not paused, or its audience is chosen by a field that is no more.
        NotFoundError: there is no such batch or the actor may not send it.
    """
    with use_case(actor, Action.NOTICE_SEND) as session:
        batch = _in_state(session, actor, batch_id, BatchState.PAUSED)
        _check_audience(session, batch)
        batch.state = BatchState.SENDING
        due_at = due(session, batch)
        _move(session, batch_id, (ReminderState.HELD,), state=ReminderState.PLANNED, due_at=due_at)
        outbox.put(session, SEND, {"batch_id": batch_id})


def cancel(actor: Actor, batch_id: int) -> None:
    """Take a draft back, or stop a batch for good: whoever has not got it does not get it any more, by a retry neither.

    Raises:
        ConflictError: the batch has gone out whole, or was cancelled before.
        NotFoundError: there is no such batch or the actor may not send it.
    """
    with use_case(actor, Action.NOTICE_SEND) as session:
        batch = _in_state(session, actor, batch_id, BatchState.DRAFT, BatchState.SENDING, BatchState.PAUSED)
        batch.state, batch.ended_at = BatchState.CANCELLED, clock.now()
        _end(session, batch, CANCELLED)


def cancel_of(session: Session, bulletin_id: int) -> None:
    """Stop the notice that tells of a bulletin, as `cancel` does; whoever has it already keeps it."""
    states = (BatchState.SENDING, BatchState.PAUSED, BatchState.SENT)
    found = select(NoticeBatch).where(NoticeBatch.bulletin_id == bulletin_id, col(NoticeBatch.state).in_(states))
    for batch in session.exec(found.order_by(col(NoticeBatch.id)).with_for_update()):
        if batch.state is not BatchState.SENT:
            batch.state, batch.ended_at = BatchState.CANCELLED, clock.now()
        _end(session, batch, WITHDRAWN)


def due(session: Session, batch: NoticeBatch) -> datetime:
    """Return when what is written down now goes out: at once if it is urgent, otherwise at the next hour for it."""
    return timing.shifter(session).due(clock.now(), urgent=batch.urgent)


def _in_state(session: Session, actor: Actor, batch_id: int, *states: BatchState) -> NoticeBatch:
    batch = access.load(session, actor, Action.NOTICE_SEND, NoticeBatch, batch_id, lock=True)
    if batch.state not in states:
        raise ConflictError(N_("This notice is in another state meanwhile. Look how it stands now."))
    return batch


def _check_audience(session: Session, batch: NoticeBatch) -> None:
    if audience.is_lost(session, choice_of(batch.audience, batch.filters)):
        raise ConflictError(
            N_("This audience is chosen by a field not in use any more. Choose another, or use the field again.")
        )


def _end(session: Session, batch: NoticeBatch, why: str) -> None:
    """Let nobody get a batch who has not got it, and keep mail that failed from being sent after all."""
    ended = {"cancelled_at": clock.now(), "claimed_until": None, "note": why}
    _move(session, batch.pk, _WITHOUT_IT, state=ReminderState.CANCELLED, **ended)
    of_batch = select(Reminder.message_id).where(
        Reminder.subject == Subject.NOTICE, Reminder.subject_id == batch.pk, col(Reminder.message_id).is_not(None)
    )
    wanted = exists().where(
        col(Reminder.message_id) == Delivery.message_id, col(Reminder.state) != ReminderState.CANCELLED
    )
    failed = (col(Delivery.message_id).in_(of_batch), col(Delivery.state) == DeliveryState.FAILED, ~wanted)
    session.execute(
        update(Delivery).where(*failed).values(state=DeliveryState.CANCELLED, **ended),
        execution_options={"synchronize_session": False},
    )


def _move(session: Session, batch_id: int, states: Sequence[ReminderState], **values: Any) -> None:
    """Change the recipients that stand in some states; telling looks again at what it has claimed."""
    waiting = (
        select(Reminder.id)
        .where(Reminder.subject == Subject.NOTICE, Reminder.subject_id == batch_id, col(Reminder.state).in_(states))
        .order_by(col(Reminder.id))
        .with_for_update()
    )
    session.execute(
        update(Reminder).where(col(Reminder.id).in_(waiting)).values(values),
        execution_options={"synchronize_session": False},
    )
