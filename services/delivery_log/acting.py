"""What administrators do about reminders and deliveries: retry, drop, cancel; some, or all that match."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from enum import Enum
from typing import Any

from sqlmodel import Session, col
from sqlmodel.sql.expression import SelectOfScalar

from core.i18n import N_
from models.base import LabelledEnum
from models.reminder import OPEN_REMINDER_STATES, Delivery, DeliveryState, Reminder, ReminderState
from services import access, audit_trail, delivery
from services.actor import Actor
from services.delivery_log import deliveries, listing, numbers, pulse
from services.delivery_log.deliveries import SendingQuery
from services.delivery_log.listing import CAP
from services.delivery_log.query import Query
from services.permissions import Action
from services.use_case import use_case

_CHUNK = 5_000
_Mechanics = Callable[[Session, Sequence[int]], int]


class Deed(LabelledEnum):
    """What can be done; the value is the verb of the audit log."""

    RETRY = "retried", N_("Retry")
    DROP = "dropped", N_("Drop")
    CANCEL = "cancelled", N_("Cancel sending")


FITTING: Mapping[Deed, tuple[ReminderState, ...]] = {
    Deed.RETRY: (ReminderState.FAILED,),
    Deed.DROP: (ReminderState.FAILED,),
    Deed.CANCEL: OPEN_REMINDER_STATES,
}
"""The states in which a reminder may stand for each deed; others are left as they are."""
SENDING_FITTING: Mapping[Deed, tuple[DeliveryState, ...]] = {
    Deed.RETRY: (DeliveryState.FAILED, DeliveryState.PLANNED),
    Deed.DROP: (DeliveryState.FAILED, DeliveryState.PLANNED, DeliveryState.CLAIMED),
}
"""The same for deliveries."""
_MECHANICS: Mapping[Deed, _Mechanics] = {
    Deed.RETRY: delivery.retry,
    Deed.DROP: delivery.drop,
    Deed.CANCEL: delivery.cancel,
}
_SENDING_MECHANICS: Mapping[Deed, _Mechanics] = {
    Deed.RETRY: delivery.retry_deliveries,
    Deed.DROP: delivery.drop_deliveries,
}


def do(actor: Actor, deed: Deed, reminder_ids: Sequence[int]) -> int:
    """Retry, drop or cancel chosen reminders.

    Returns:
        How many it was done with; those that stand elsewhere by now are left as they are.

    Raises:
        NotAllowedError: the role may not do this.
    """
    found = access.visible(actor, Action.DELIVERY_MANAGE, Reminder).where(col(Reminder.id).in_(list(reminder_ids)))
    return _do(actor, Reminder, deed, found.where(col(Reminder.state).in_(FITTING[deed])), _MECHANICS[deed], {})


def do_matching(actor: Actor, deed: Deed, query: Query) -> int:
    """Retry, drop or cancel all reminders a query leaves, up to `CAP` of them; otherwise as `do`."""
    found = listing.matching(actor, Action.DELIVERY_MANAGE, query).where(col(Reminder.state).in_(FITTING[deed]))
    return _do(actor, Reminder, deed, found, _MECHANICS[deed], asdict(query))


def fitting(actor: Actor, deed: Deed, query: Query) -> int:
    """Return with how many of the reminders a query leaves this can be done, up to one more than `CAP`."""
    return listing.count(actor, query, *FITTING[deed])


def do_sending(actor: Actor, deed: Deed, delivery_ids: Sequence[int]) -> int:
    """Retry or drop chosen deliveries; otherwise as `do`."""
    found = access.visible(actor, Action.DELIVERY_MANAGE, Delivery).where(col(Delivery.id).in_(list(delivery_ids)))
    fitting_ones = found.where(col(Delivery.state).in_(SENDING_FITTING[deed]))
    return _do(actor, Delivery, deed, fitting_ones, _SENDING_MECHANICS[deed], {})


def do_sending_matching(actor: Actor, deed: Deed, query: SendingQuery) -> int:
    """Retry or drop all deliveries a query leaves, up to `CAP` of them; otherwise as `do`."""
    found = deliveries.matching(actor, Action.DELIVERY_MANAGE, query)
    fitting_ones = found.where(col(Delivery.state).in_(SENDING_FITTING[deed]))
    return _do(actor, Delivery, deed, fitting_ones, _SENDING_MECHANICS[deed], asdict(query))


def sending_fitting(actor: Actor, deed: Deed, query: SendingQuery) -> int:
    """Return with how many of the deliveries a query leaves this can be done, up to one more than `CAP`."""
    return deliveries.count(actor, query, *SENDING_FITTING[deed])


def _do(  # noqa: PLR0917 - the parts in which the four use cases differ
    actor: Actor,
    model: type[Reminder] | type[Delivery],
    deed: Deed,
    found: SelectOfScalar[Any],
    mechanics: _Mechanics,
    filters: Mapping[str, Any],
) -> int:
    with use_case(actor, Action.DELIVERY_MANAGE) as session:
        ids = list(session.execute(found.with_only_columns(col(model.id)).order_by(col(model.id)).limit(CAP)).scalars())
        done = sum(mechanics(session, ids[start : start + _CHUNK]) for start in range(0, len(ids), _CHUNK))
        if done:
            one = str(ids[0]) if len(ids) == 1 else ""
            asked = {name: _plain(value) for name, value in filters.items() if value not in (None, "")}
            audit_trail.note(session, str(model.__tablename__), one, deed.value, count=done, filters=asked)
    numbers.forget()
    pulse.forget()
    return done


def _plain(value: object) -> str:
    return str(value.value) if isinstance(value, Enum) else str(value)
