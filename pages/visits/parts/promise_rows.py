"""The promises another page asks for, such as those a figure counts."""

import streamlit as st

from core.i18n import format_date, format_moment
from core.i18n import gettext as _
from pages.common import asked, paging, ui
from pages.common.links import go
from pages.common.plain_list import plain_list
from services.actor import Actor
from services.visits import promises
from services.visits.promises import PromiseLine, Shown, Wanted

_PAGE_SIZE = 50
_OPENED, _PAGE = "promise_opened", "promise_page"
_MADE = "made"


def asked_for() -> Wanted | None:
    """Return which promises the address asks for; `None` if it asks for none in particular."""
    if not asked.narrowed(_MADE):
        return None
    return Wanted(
        shown=asked.member("show", Shown.OPEN),
        areas=asked.numbers("area_id"),
        team_id=asked.number("team_id"),
        enterprise_id=asked.number("enterprise_id"),
        made=asked.days(_MADE),
    )


def promise_rows(actor: Actor, wanted: Wanted) -> None:
    """Show these promises, the most urgent first; pressing one opens the visit it was made in."""
    if opened := st.session_state.pop(_OPENED, None):
        go("visits/record_view.py", visit=opened)
    ui.header(_("Promises"))
    total = promises.count(actor, wanted)
    asked.told(_(wanted.shown.label), total, wanted.made)
    if not total:
        ui.empty(_("No such promises"), _("Promises are made while a visit is recorded."), icon="handshake")
        return
    columns = {
        "enterprise": _("Enterprise"), "text": _("Promise"), "by": _("Promised by"), "due": _("Promised for"),
        "standing": _("State"),
    }  # fmt: skip
    page = paging.page_of(_PAGE, total, _PAGE_SIZE)
    lines = promises.promises(actor, wanted, page=page, page_size=_PAGE_SIZE)
    visits = {line.promise_id: line.visit_id for line in lines}
    plain_list("promises", columns, [_row(line) for line in lines], on_open=lambda row_id: _open(visits[row_id]))
    paging.turn(_PAGE, total, _PAGE_SIZE)


def _row(line: PromiseLine) -> dict[str, object]:
    return {
        "id": line.promise_id, "enterprise": line.enterprise, "text": line.text, "by": line.promised_by,
        "due": format_date(line.due_on), "standing": _standing(line),
    }  # fmt: skip


def _standing(line: PromiseLine) -> str:
    if line.kept_at:
        return _("Kept on {moment}").format(moment=format_moment(line.kept_at))
    return _("Overdue") if line.is_overdue else _("Not kept yet")


def _open(visit_id: int) -> None:
    """Remember what was pressed: a callback runs before the page and cannot leave it."""
    st.session_state[_OPENED] = visit_id
