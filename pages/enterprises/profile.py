from urllib.parse import quote

import streamlit as st

from core.errors import NotFoundError
from core.i18n import gettext as _
from models.enterprise import EnterpriseStatus
from pages.common import fields, ui
from pages.common.links import go, number_asked
from pages.enterprises import commitments, contacts
from pages.enterprises.back import to_list
from pages.enterprises.files import files
from pages.enterprises.sides import sides
from pages.enterprises.timeline import timeline
from pages.shell.session import current_actor
from services.actor import Actor
from services.enterprises import entity
from services.enterprises.profile import Profile, profile
from services.permissions import Action, allows

_HEAD = ("name", "status", "longitude", "latitude", "area_id")
_COLOURS = {EnterpriseStatus.ACTIVE: "green", EnterpriseStatus.MOVED_AWAY: "orange", EnterpriseStatus.CLOSED: "gray"}


def page() -> None:
    """Show everything about one enterprise (一企一档)."""
    actor = current_actor()
    shown = _asked(actor)
    if shown is None:
        return
    with ui.header(shown.values["name"], " › ".join(shown.place)):
        _buttons(actor, shown)
    left, right = st.columns([2, 1])
    with left:
        _facts(shown)
    with right:
        contacts.card(actor, shown)
    sides(shown)
    commitments.card(actor, shown)
    files(actor, shown.id, may_add=shown.may_edit)
    timeline(actor, shown.moments)


def _asked(actor: Actor) -> Profile | None:
    try:
        if enterprise_id := number_asked("enterprise"):
            return profile(actor, enterprise_id)
        below = ui.empty(_("No enterprise chosen"), _("Choose one from the list."), icon="domain")
    except NotFoundError as problem:
        below = ui.empty(str(problem), _("Choose one from the list."), icon="domain_disabled")
    with below:
        if st.button(_("Enterprises"), key="list"):
            to_list()
    return None


def _buttons(actor: Actor, shown: Profile) -> None:
    if st.button(_("Enterprises"), key="list", icon=":material/arrow_back:", type="tertiary"):
        to_list()
    if shown.values["longitude"] is not None:
        place = f"{shown.values['longitude']},{shown.values['latitude']}"
        address = f"https://uri.amap.com/marker?position={place}&name={quote(shown.values['name'])}&coordinate=gaode"
        st.link_button(_("Map"), address, icon=":material/map:")
    if allows(actor, Action.ISSUE_REGISTER) and st.button(
        _("Register an issue"), key="register_issue", icon=":material/assignment_add:"
    ):
        go("issues/register.py", enterprise=shown.id)
    if allows(actor, Action.PROGRESS_VIEW) and st.button(
        _("Both directions"), key="two_way", icon=":material/sync_alt:"
    ):
        go("overview/two_way.py", enterprise=shown.id)
    if not shown.may_edit:
        return
    if st.button(_("Edit"), key="edit", icon=":material/edit:"):
        go("enterprises/edit.py", enterprise=shown.id)
    with st.popover(_("More"), icon=":material/more_horiz:"):
        _statuses(actor, shown)


def _statuses(actor: Actor, shown: Profile) -> None:
    st.caption(_("An enterprise that moved away or closed down is not proposed for visits; its record stays."))
    for status in EnterpriseStatus:
        present = status is shown.values["status"]
        if not present and st.button(_(status.label), key=f"status_{status.value}", width="stretch"):
            entity.set_status(actor, shown.id, status)
            ui.flash(_("Status: {status}").format(status=_(status.label)))
            st.rerun()


def _facts(shown: Profile) -> None:
    status = shown.values["status"]
    with st.container(border=True, height="stretch"):
        st.markdown(f":{_COLOURS[status]}-badge[{_(status.label)}]")
        with st.grid(columns=3, min_column_width=150):
            for spec in shown.specs:
                text = fields.shown(spec, shown.values[spec.key], shown.labels.get(spec.key))
                if text and spec.key not in _HEAD:
                    st.markdown(f":small[:gray[{ui.plain(_(spec.label))}]]  \n{ui.plain(text)}")


page()
