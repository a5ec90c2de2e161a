import streamlit as st

from core.i18n import format_moment
from core.i18n import gettext as _
from pages.common import asked, paging, ui
from pages.common.links import go
from pages.common.plain_list import plain_list
from pages.shell.session import current_actor
from services.notices import received
from services.notices.received import Received, Shown, Wanted

_PAGE_SIZE = 50
_OPENED, _PAGE = "received_opened", "received_page"


def page() -> None:
    """The notices that reached enterprises, as a figure asks for them; a row opens the enterprise."""
    actor = current_actor()
    if opened := st.session_state.pop(_OPENED, None):
        go("enterprises/profile.py", enterprise=opened)
    ui.header(_("Notices received"), _("What enterprises were told, and whether they have read it"))
    wanted = Wanted(
        shown=asked.member("show", Shown.ALL),
        areas=asked.numbers("area_id"),
        enterprise_id=asked.number("enterprise_id"),
        received=asked.days("received"),
    )
    total = received.counts(actor, wanted)[wanted.shown]
    page = paging.page_of(_PAGE, total, _PAGE_SIZE)
    rows = received.received(actor, wanted, page=page, page_size=_PAGE_SIZE)
    if asked.narrowed("received"):
        asked.told(_(wanted.shown.label), total, wanted.received)
    if not rows:
        ui.empty(_("Nothing here"), _("No notice has reached these enterprises in this time."), icon="drafts")
        return
    columns = {
        "enterprise": _("Enterprise"), "person": _("Contact"), "title": _("Title"), "at": _("Received on"),
        "state": _("State"),
    }  # fmt: skip
    whose = {each.id: each.enterprise_id for each in rows}
    plain_list("received", columns, [_row(each) for each in rows], on_open=lambda row_id: _open(whose[row_id]))
    paging.turn(_PAGE, total, _PAGE_SIZE)


def _row(each: Received) -> dict[str, object]:
    return {
        "id": each.id, "enterprise": each.enterprise, "person": each.person or _("(a contact since deleted)"),
        "title": each.title, "at": format_moment(each.delivered_at), "state": _(each.state.label),
    }  # fmt: skip


def _open(enterprise_id: int) -> None:
    st.session_state[_OPENED] = enterprise_id


page()
