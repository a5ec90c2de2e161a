from datetime import date

import streamlit as st

from core import clock, months
from core.i18n import format_date, format_moment, format_number
from core.i18n import gettext as _
from models.bulletin import BulletinState
from pages.bulletin.parts import setting
from pages.common import ui
from pages.common.links import go
from pages.common.plain_list import plain_list
from pages.shell.session import current_actor
from services.actor import Actor
from services.bulletin import building, configuring, naming, reading, writing
from services.bulletin.reading import Shown
from services.permissions import Action, allows

_OPENED = "opened_bulletin"
_OFFERED_MONTHS = 6


def page() -> None:
    """Show the monthly bulletins with their headline figures; whoever builds them sees drafts and settings too."""
    actor = current_actor()
    if opened := st.session_state.pop(_OPENED, None):
        go("bulletin/bulletin.py", bulletin=opened)
    found = reading.bulletins(actor)
    with ui.header(_("Monthly bulletins"), _next(actor, found)):
        if allows(actor, Action.BULLETIN_EDIT):
            setting.button(actor)
            _build(actor, found)
    if not found:
        ui.empty(_("There is no bulletin yet"), _("It is built by itself on the set day."), icon="newspaper")
        return
    columns = {
        "month": _("Month"), "state": _("State"), "registered": _("Needs of the month"),
        "closed": _("Closed this month"), "resolution": _("Resolution rate"), "satisfaction": _("Satisfaction rate"),
        "overdue": _("Issues overdue"), "visits": _("Visits made"), "issued": _("Issued at"),
    }  # fmt: skip
    plain_list("bulletins", columns, [_row(each) for each in found], on_open=_open)


def _next(actor: Actor, found: list[Shown]) -> str:
    """Say when the next one comes: that of the month before, or, once it is issued, that of the running month."""
    this = months.first_of(clock.today())
    month = this if months.before(this) in _issued(found) else months.before(this)
    built, due = configuring.days(actor, month)
    return _("The bulletin of {month} is built on {built} and due by {due}.").format(
        month=naming.month_name(month), built=format_date(built), due=format_date(due)
    )


def _row(each: Shown) -> dict[str, object]:
    printed, bulletin = each.printed, each.bulletin
    return {
        "id": bulletin.pk, "month": naming.month_name(bulletin.month), "state": _(bulletin.state.label),
        "registered": format_number(printed.count("registered")), "closed": format_number(printed.count("closed_now")),
        "resolution": writing.share_text(printed.share("solved", "called_back")),
        "satisfaction": writing.share_text(printed.share("satisfied", "rated")),
        "overdue": format_number(printed.count("overdue")), "visits": format_number(printed.count("visits")),
        "issued": format_moment(bulletin.issued_at),
    }  # fmt: skip


def _build(actor: Actor, found: list[Shown]) -> None:
    issued = _issued(found)
    this = months.first_of(clock.today())
    offered = [month for n in range(_OFFERED_MONTHS) if (month := months.before(this, n)) not in issued]
    with st.popover(_("Build now"), icon=":material/add:", key="build"):
        month = st.selectbox(_("Month"), offered, format_func=naming.month_name, key="build_month")
        if month == this:
            st.caption(_("The month is not over: a look at it so far, to be built anew before it is issued."))
        if st.button(_("Build"), key="build_yes", type="primary", width="stretch") and month:
            _built(actor, month)


def _issued(found: list[Shown]) -> set[date]:
    return {each.bulletin.month for each in found if each.bulletin.state is BulletinState.ISSUED}


def _built(actor: Actor, month: date) -> None:
    with ui.told(), st.spinner(_("Freezing the month…")):
        made = building.build(actor, month)
        go("bulletin/bulletin.py", bulletin=made)


def _open(bulletin_id: int) -> None:
    """Remember what was pressed: a callback runs before the page and cannot leave it."""
    st.session_state[_OPENED] = bulletin_id


page()
