"""How much time an issue has left, in words and colour."""

from datetime import datetime

from core import clock
from core.i18n import format_date, ngettext
from core.i18n import gettext as _
from pages.common.deadline import over
from services.issues.remaining import Remaining
from services.issues.todo import Line

COLOURS = {
    Remaining.OVERDUE: "red", Remaining.TODAY: "orange", Remaining.SOON: "yellow", Remaining.IN_TIME: "green",
    Remaining.PAUSED: "blue", Remaining.NONE: "gray",
}  # fmt: skip
"""Time left → the colour of its badge, which always carries words too."""


def badge(line: Line, of: str = "") -> str:
    """Return the time left as a coloured badge, in Markdown; empty without a deadline.

    Args:
        line: the issue.
        of: what the deadline is of, translated, where it is not the issue's own.
    """
    words = left(line)
    if words and of:
        words = _("{what}: {left}").format(what=of, left=words)
    return f":{COLOURS[line.left]}-badge[{words}]" if words else ""


def short(found: Remaining, due_at: datetime | None) -> str:
    """Return the time left in the few words a cell has room for: how late, or what is left roughly."""
    if found is Remaining.OVERDUE and due_at is not None:
        return over(due_at.astimezone(clock.zone()))
    return _(found.label)


def left(line: Line) -> str:
    """Return the time left in words; empty without a deadline."""
    if line.left is Remaining.PAUSED:
        return _("Clock paused")
    if line.due_at is None:
        return ""
    due = line.due_at.astimezone(clock.zone())
    return over(due) if line.left is Remaining.OVERDUE else _until(due)


def _until(due: datetime) -> str:
    days = (due.date() - clock.today()).days
    if days == 0:
        return _("Until {time} today").format(time=f"{due:%H:%M}")
    if days == 1:
        return _("Until {time} tomorrow").format(time=f"{due:%H:%M}")
    text = ngettext("{count} day left, until {day}", "{count} days left, until {day}", days)
    return text.format(count=days, day=format_date(due.date()))
