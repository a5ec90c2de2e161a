"""One reminder in full: every moment, why this recipient, what was said, and each delivery with the server's answer."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from core.i18n import N_, gettext
from models.channel import ChannelKind
from models.reminder import Delivery, DeliveryState, Relation, Reminder
from services import access
from services.actor import Actor
from services.delivery_log import listing, subjects
from services.delivery_log.listing import Line
from services.permissions import Action
from services.use_case import use_case

MOMENTS = {
    "created_at": N_("Put into the plan"),
    "moment": N_("Wanted by the rule"),
    "due_at": N_("To be told at"),
    "claimed_at": N_("Taken by a worker"),
    "sent_at": N_("Sent"),
    "delivered_at": N_("Delivered"),
    "read_at": N_("Read"),
    "acted_at": N_("Acted on"),
    "failed_at": N_("Sending failed"),
    "cancelled_at": N_("Cancelled"),
}
"""Each moment a reminder has, in the order they usually come, and what it is called."""


@dataclass(frozen=True)
class Sending:
    """One delivery of the reminder's message."""

    id: int
    kind: ChannelKind
    address: str
    state: DeliveryState
    kept_only: bool
    attempts: int
    due_at: datetime
    moment: datetime | None
    """When it was sent, failed or was cancelled."""
    answer: str
    """What the server answered when it failed last."""


@dataclass(frozen=True)
class Detail:
    """One reminder in full."""

    line: Line
    relation: Relation | None
    step: int
    attempts: int
    body: str
    moments: dict[str, datetime]
    """Name of each moment that has come, as in `MOMENTS`."""
    sendings: list[Sending]
    together: int
    """How many reminders its message tells of; 0 while it has none."""
    link: str
    """Path of the subject's page; empty for somebody who may not open it."""


def detail(actor: Actor, reminder_id: int) -> Detail:
    """Return one reminder in full.

    Raises:
        NotAllowedError: the role may not see the delivery log.
        NotFoundError: there is no such reminder.
    """
    with use_case(actor, Action.DELIVERY_VIEW) as session:
        row = access.load(session, actor, Action.DELIVERY_VIEW, Reminder, reminder_id)
        return Detail(
            line=listing.lines(session, [row])[0],
            relation=row.relation,
            step=row.step,
            attempts=row.attempts,
            body=row.body,
            moments={name: moment for name in MOMENTS if (moment := getattr(row, name)) is not None},
            sendings=_sendings(session, row),
            together=_together(session, row),
            link=subjects.link(actor, row.subject, row.subject_id),
        )


def _sendings(session: Session, row: Reminder) -> list[Sending]:
    if row.message_id is None:
        return []
    asked = select(Delivery).where(Delivery.message_id == row.message_id).order_by(col(Delivery.id))
    return [
        Sending(
            id=each.pk,
            kind=each.kind,
            address=each.address,
            state=each.state,
            kept_only=each.kept_only,
            attempts=each.attempts,
            due_at=each.due_at,
            moment=each.sent_at or each.failed_at or each.cancelled_at,
            answer=gettext(each.note),
        )
        for each in session.exec(asked)
    ]


def _together(session: Session, row: Reminder) -> int:
    if row.message_id is None:
        return 0
    return len(session.exec(select(Reminder.id).where(Reminder.message_id == row.message_id)).all())
