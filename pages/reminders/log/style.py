"""How states look: the same colours in lists, drawers and the chart."""

from datetime import datetime

from core import clock
from core.i18n import gettext as _
from models.reminder import DeliveryState
from services.delivery_log.numbers import Outcome
from services.delivery_log.query import Stand

STANDS = {
    Stand.PLANNED: "gray",
    Stand.DUE: "orange",
    Stand.HELD: "violet",
    Stand.CLAIMED: "blue",
    Stand.SENT: "blue",
    Stand.DELIVERED: "blue",
    Stand.READ: "green",
    Stand.ACTED_ON: "green",
    Stand.FAILED: "red",
    Stand.CANCELLED: "gray",
}
SENDINGS = {
    DeliveryState.PLANNED: "orange",
    DeliveryState.CLAIMED: "blue",
    DeliveryState.SENT: "green",
    DeliveryState.FAILED: "red",
    DeliveryState.CANCELLED: "gray",
}
OUTCOMES = {
    Outcome.ACTED_ON: "#1b8a5a",
    Outcome.READ: "#7cc4a2",
    Outcome.DELIVERED: "#1f5fbf",
    Outcome.WAITING: "#f0b64c",
    Outcome.FAILED: "#d64545",
    Outcome.CANCELLED: "#c3c9d4",
}


def sending_label(state: DeliveryState, *, kept_only: bool) -> str:
    """Return what people call where a delivery stands."""
    if state is DeliveryState.FAILED:
        return _("Sending failed")
    return _("Kept only") if kept_only and state is DeliveryState.SENT else _(state.label)


def short(moment: datetime) -> str:
    """Return a moment as narrow columns show it: without its year while that is the present one."""
    local = moment.astimezone(clock.zone())
    return f"{local:%m-%d %H:%M}" if local.year == clock.today().year else f"{local:%Y-%m-%d %H:%M}"


def lasting(seconds: float) -> str:
    """Return how long something has lasted, in the unit that says it best."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return _("{count} s").format(count=int(seconds))
    if minutes < 120:
        return _("{count} min").format(count=minutes)
    hours = minutes // 60
    return _("{count} h").format(count=hours) if hours < 48 else _("{count} days").format(count=hours // 24)
