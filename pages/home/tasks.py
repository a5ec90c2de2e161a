"""What the visits ask for next, as tiles that lead there."""

from core.i18n import format_number
from core.i18n import gettext as _
from pages.home.tiles import Tile, tiles
from services.assignment import Among
from services.overview import Waiting


def visits(waiting: Waiting) -> None:
    """Show what of the visits waits for the person; what is late is red."""
    tiles(tasks(waiting), key="visits")


def tasks(waiting: Waiting) -> list[Tile]:
    """Return what the role can do something about, what is urgent first."""
    late: dict[str, object] = {"campaign": waiting.overdue_in, "_view": "assigned", "standing": Among.OVERDUE.value}
    left: dict[str, object] = {"campaign": waiting.orphaned_in, "_view": "assigned", "standing": Among.LEFT.value}
    every: list[tuple[int | None, str, str, dict[str, object], bool]] = [
        (waiting.orphaned, _("Visits of people who left"), "assignment/assign.py", left, False),
        (waiting.overdue, _("Visits overdue"), "assignment/assign.py", late if waiting.overdue else {}, True),
        (waiting.overdue_promises, _("Promises overdue"), "visits/promises.py", {}, True),
        (waiting.unassigned, _("Enterprises to assign"), "assignment/assign.py", {}, False),
        (waiting.recorded_lately, _("Records since yesterday"), "visits/review.py", {}, False),
        (waiting.imports, _("Imports waiting"), "imports/history.py", {}, False),
    ]
    return [
        Tile(name, format_number(count), page, query, urgent=urgent, quiet=not count)
        for count, name, page, query, urgent in every
        if count is not None
    ]
