"""Who cannot be reached and why, each with the way to where it is put right."""

from collections.abc import Sequence

import streamlit as st

from core.i18n import format_number
from core.i18n import gettext as _
from pages.common.links import go
from pages.common.plain_list import plain_list
from services.notices.previewing import LISTED, Unreached

_OPENED = "opened_unreached"


def unreached_list(found: Sequence[Unreached]) -> None:
    """Show enterprises that cannot be reached; a press opens the profile, where a contact can be entered."""
    if opened := st.session_state.pop(_OPENED, None):
        go("enterprises/profile.py", enterprise=opened)
    st.caption(_("Enter a contact with an e-mail address on the enterprise’s profile; a press on a row opens it."))
    rows = [{"id": each.id, "name": each.name, "area": each.area, "why": _(each.obstacle.label)} for each in found]
    plain_list("unreached", {"name": _("Enterprise"), "area": _("Area"), "why": _("Reason")}, rows, on_open=_open)
    if len(found) == LISTED:
        st.caption(_("Only the first {count} are listed; the file holds all.").format(count=format_number(LISTED)))


def _open(enterprise_id: int) -> None:
    st.session_state[_OPENED] = enterprise_id
