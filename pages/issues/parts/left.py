"""How much time an issue has left, in words and colour."""

from datetime import datetime

from core import clock
from core.i18n import format_date, ngettext
from core.i18n import gettext as _
from services.issues.remaining import Remaining
from services.issues.todo import Line

COLOURS = {
    Remaining.OVERDUE: "red", Remaining.TODAY: "orange", Remaining.SOON: "yellow", Remaining.IN_TIME: "green",
    Remaining.PAUSED: "blue", Remaining.NONE: "gray",
}  # fmt: skip
"""Time left → the colour of its badge, which always carries words too."""


def badge(line: Line) -> str:
    """Return the time left as a coloured badge, in Markdown; empty without a deadline."""
    words = left(line)
    return f":{COLOURS[line.left]}-badge[{words}]" if words else ""


def left(line: Line) -> str:
    """Return the time left in words; empty without a deadline."""
    if line.left is Remaining.PAUSED:
        return _("Clock paused")
    if line.due_at is None:
        return ""
    due = line.due_at.astimezone(clock.zone())
    return _over(due) if line.left is Remaining.OVERDUE else _until(due)


def _over(due: datetime) -> str:
    days = (clock.today() - due.date()).days
    if days:
        return ngettext("Overdue by {count} day", "Overdue by {count} days", days).format(count=days)
    hours = int((clock.now() - due).total_seconds() // 3600)
    if hours:
        return ngettext("Overdue by {count} hour", "Overdue by {count} hours", hours).format(count=hours)
    return _("Just overdue")


def _until(due: datetime) -> str:
    days = (due.date() - clock.today()).days
    if days == 0:
        return _("Until {time} today").format(time=f"{due:%H:%M}")
    if days == 1:
        return _("Until {time} tomorrow").format(time=f"{due:%H:%M}")
    text = ngettext("{count} day left, until {day}", "{count} days left, until {day}", days)
    return text.format(count=days, day=format_date(due.date()))
