"""Where one is on the way from a file to rows."""

from core.i18n import N_
from core.i18n import gettext as _
from models.importing import ImportRun, ImportState
from pages.common import ui

_STEPS = (N_("Choose a file"), N_("Match columns"), N_("Look at the result"), N_("Import"))
_AT = {
    ImportState.MAPPING: 2,
    ImportState.CHECKING: 3,
    ImportState.READY: 3,
    ImportState.FAILED: 3,
    ImportState.CANCELLED: 3,
    ImportState.IMPORTING: 4,
    ImportState.DONE: 4,
}


def show_steps(present: int) -> None:
    """Show the four steps, the present one marked."""
    ui.steps([_(title) for title in _STEPS], present)


def step_of(run: ImportRun) -> int:
    """Return which step a run has reached."""
    return _AT[run.state]
