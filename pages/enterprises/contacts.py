"""The contacts of an enterprise's profile."""

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.i18n import gettext as _
from models.enterprise import Contact
from models.entity import specs_of
from models.fields import FieldKind, FieldSpec
from pages.common import fields, ui
from pages.common.began import Began
from services.actor import Actor
from services.enterprises import contacts
from services.enterprises.contacts import Known
from services.enterprises.profile import Profile
from services.permissions import Action, allows

_PHONE = FieldSpec(key="phone", label="phone", kind=FieldKind.PHONE)
_ASKED = ("name", "title", "phone", "wechat", "email", "is_primary")


def card(actor: Actor, shown: Profile) -> None:
    """Show whom one talks to, with one tap to ring them; those who may can change them."""
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{_('Contacts')}**")
        if not shown.contacts:
            st.caption(_("Nobody is known yet."))
        for each in shown.contacts:
            _contact(actor, shown, each)
        if shown.may_edit and st.button(_("Add a contact"), key="contact_new", icon=":material/person_add:"):
            _dialog(actor, shown.id, None)


def person(actor: Actor, each: Known) -> DeltaGenerator:
    """Show one contact with the way to ring them; return the place for what else can be done."""
    main = f" :blue-badge[{_('Main contact')}]" if each.is_primary else ""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        title = f":small[:gray[{ui.plain(each.title)}]]" if each.title else ""
        st.markdown(f"**{ui.plain(each.name)}** {title}{main}  \n{_number(each)}", width="content")
        place = st.container(horizontal=True, width="content", gap="small")
        with place:
            if each.masked and allows(actor, Action.PHONE_REVEAL):
                _reveal(actor, each)
        return place


def _contact(actor: Actor, shown: Profile, each: Known) -> None:
    with person(actor, each):
        if shown.may_edit and st.button(
            "", key=f"contact_{each.id}", icon=":material/edit:", type="tertiary", help=_("Change this contact")
        ):
            _dialog(actor, shown.id, each)


def _number(each: Known) -> str:
    revealed = st.session_state.get(f"revealed_{each.id}", "")
    if not each.phone:
        return f":gray[{_('No phone number')}]{_mail(each)}"
    if each.masked and not revealed:
        return f":material/call: {ui.plain(each.phone)}"
    phone = revealed or each.phone
    wechat = f" · :material/chat: {ui.plain(each.wechat)}" if each.wechat else ""
    return f"[:material/call: {fields.shown(_PHONE, phone)}](tel:{phone}){wechat}{_mail(each)}"


def _mail(each: Known) -> str:
    return f"  \n[:material/mail: {ui.plain(each.email)}](mailto:{each.email})" if each.email else ""


def _reveal(actor: Actor, each: Known) -> None:
    if f"revealed_{each.id}" in st.session_state:
        return
    if st.button(_("Show"), key=f"reveal_{each.id}", type="tertiary", help=_("That you looked is written down.")):
        with ui.told():
            st.session_state[f"revealed_{each.id}"] = contacts.reveal(actor, each.id)
            st.rerun()


def _dialog(actor: Actor, enterprise_id: int, each: Known | None) -> None:
    @st.dialog(_("Contact"))
    def show() -> None:
        specs = [spec for spec in specs_of(Contact) if spec.key in _ASKED]
        values: dict[str, Any] = {key: getattr(each, key) for key in _ASKED} if each else {}
        slots: fields.Slots = {}
        began = Began(f"contact_{each.id if each else 'new'}", values, first="name")
        entered = fields.inputs(specs, began.values, prefix=began.prefix, slots=slots)
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            pressed = st.button(_("Save"), key="contact_save", type="primary")
            if began.insisted() or pressed:
                with ui.told(slots), began.saving():
                    contacts.save(actor, enterprise_id, entered, each.id if each else None, seen=began.values)
                    began.renew()
                    ui.flash(_("The contact is saved."))
                    st.rerun()
            if each and ui.confirm(
                _("Delete"), _("Delete {name}?").format(name=ui.plain(each.name)), key="contact_delete"
            ):
                contacts.remove(actor, each.id)
                ui.flash(_("The contact is deleted."))
                st.rerun()
        began.notice(specs)

    show()
