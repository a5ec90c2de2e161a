"""What the visits ask for next, as tiles that lead there."""

from core.i18n import format_number
from core.i18n import gettext as _
from pages.home.tiles import Tile, tiles
from services.overview import Waiting


def visits(waiting: Waiting) -> None:
    """Show what of the visits waits for the person; what is late is red."""
    tiles(tasks(waiting), key="visits")


def tasks(waiting: Waiting) -> list[Tile]:
    """Return what the role can do something about, what is urgent first."""
    page = "assignment/assign.py" if waiting.unassigned is not None else "visits/list.py"
    every = [
        (waiting.orphaned, _("Visits of people who left"), "assignment/assign.py", False),
        (waiting.overdue, _("Visits overdue"), page, True),
        (waiting.overdue_promises, _("Promises overdue"), "visits/promises.py", True),
        (waiting.unassigned, _("Enterprises not assigned"), "assignment/assign.py", False),
        (waiting.recorded_lately, _("Records since yesterday"), "visits/review.py", False),
        (waiting.imports, _("Imports waiting"), "imports/history.py", False),
    ]
    return [
        Tile(name, format_number(count), page, late=_("late") if late and count else "", quiet=not count)
        for count, name, page, late in every
        if count is not None
    ]
