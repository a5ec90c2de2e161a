import streamlit as st

from core.i18n import format_date
from core.i18n import gettext as _
from pages.common import asked, ui
from pages.common.links import go
from pages.common.plain_list import plain_list
from pages.shell.session import current_actor
from services.two_way import unshared

_OPENED = "untold_opened"


def page() -> None:
    """Who was not told of a measure that solved their need, as a figure asks for them; a row opens the class."""
    actor = current_actor()
    if opened := st.session_state.pop(_OPENED, None):
        go("overview/one_class.py", id=opened)
    ui.header(
        _("Not told yet"), _("Enterprises with a need that a measure has solved for all, and who do not know of it")
    )
    lines = unshared.lines(actor, asked.numbers("area_id"), asked.number("enterprise_id"))
    if asked.narrowed():
        asked.told("", len(lines))
    if not lines:
        ui.empty(_("Nobody to be told here"), _("The enterprises you see here have been told."), icon="campaign")
        return
    columns = {"enterprise": _("Enterprise"), "title": _("Class of issues"), "since": _("In force since")}
    rows = [
        {"id": place, "enterprise": each.enterprise, "title": each.title, "since": format_date(each.in_force_on)}
        for place, each in enumerate(lines)
    ]
    plain_list("untold", columns, rows, on_open=lambda place: _open(lines[place].class_id))


def _open(class_id: int) -> None:
    """Remember what was pressed: a callback runs before the page and cannot leave it."""
    st.session_state[_OPENED] = class_id


page()
