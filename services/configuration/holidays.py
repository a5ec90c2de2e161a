"""Days on which the zone departs from the State Council's calendar."""

from core.i18n import N_
from models.configuration import CalendarDay
from services.entities import Entity
from services.permissions import Action

HOLIDAYS = Entity(
    key="calendar_day",
    model=CalendarDay,
    label=N_("Special day"),
    labels=N_("Holidays"),
    view=Action.CONFIGURE,
    edit=Action.CONFIGURE,
    natural_key=("day",),
    title="day",
    order="-day",
    deletable=True,
)
