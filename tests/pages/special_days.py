"""A page of a simple entity, which only tests open: the days of the calendar as a plain list."""

from models.configuration import CalendarDay
from pages.common.entity_page import entity_page
from services.entities import Entity
from services.permissions import Action

SPECIAL_DAYS = Entity(
    key="calendar_day",
    model=CalendarDay,
    label="Special day",
    labels="Special days",
    view=Action.CONFIGURE,
    edit=Action.CONFIGURE,
    natural_key=("day",),
    title="day",
    order="-day",
    deletable=True,
)


def page() -> None:
    """Keep the list."""
    entity_page(SPECIAL_DAYS)


page()
