"""What the words of all sources have in common."""

from datetime import date, datetime, timedelta

from core import clock
from core.i18n import format_moment
from models.worktime import Calendar
from services.reminders.standing import Words

NO_ROW: Words = dict.fromkeys(("number", "enterprise", "department", "stage", "kind", "person", "said"), "")
"""What a subject that is no row of one enterprise, such as a bulletin, has no words for."""
_FURTHEST = 400


def due_words(calendar: Calendar, due_at: datetime | None) -> dict[str, object]:
    """Return `due` and `days_left` of a moment; empty and 0 for none."""
    if due_at is None:
        return {"due": "", "days_left": 0}
    return {"due": format_moment(due_at), "days_left": days_left(calendar, due_at.astimezone(calendar.zone).date())}


def days_left(calendar: Calendar, day: date) -> int:
    """Return how many working days lie after today up to a day; negative for those that have passed since."""
    today = clock.today()
    first, last, sign = (today, day, 1) if day >= today else (day, today, -1)
    span = min((last - first).days, _FURTHEST)
    return sign * sum(calendar.is_working(first + timedelta(days=n)) for n in range(1, span + 1))
