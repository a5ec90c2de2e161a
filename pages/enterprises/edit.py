from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from core.i18n import gettext as _
from models import uscc
from pages.common import deed, fields, ui
from pages.common.began import Began
from pages.common.links import go, number_asked
from pages.shell.session import current_actor
from services import entities
from services.actor import Actor
from services.enterprises import ENTERPRISES, entity, places
from services.enterprises.entity import SimilarError
from services.enterprises.similar import Similar
from services.entities import Described

_LEFT = ("name", "credit_code", "area_id", "address", "longitude", "latitude", "status")
_SIMILAR = "similar_enterprises"


def page() -> None:
    """Enter an enterprise or change one; similar ones are shown before both are kept."""
    actor = current_actor()
    enterprise_id = number_asked("enterprise")
    values = entities.fetch(actor, ENTERPRISES, enterprise_id) if enterprise_id else {"status": "active"}
    title = _("Edit enterprise") if enterprise_id else _("New enterprise")
    ui.header(title, str(values.get("name", "")))
    slots: fields.Slots = {}
    began = Began(f"enterprise_{enterprise_id or 'new'}", values, first="name")
    described = _described(actor, began)
    entered = _inputs(described, began, slots)
    _similar(actor, entered, enterprise_id, slots, began)
    asked = st.container()
    with st.container(horizontal=True):
        pressed = st.button(_("Save"), key="save", type="primary", icon=":material/save:")
        if began.insisted() or pressed:
            _save(actor, entered, enterprise_id, slots, began)
        if st.button(_("Cancel"), key="cancel"):
            _leave(enterprise_id)
    with asked:
        began.notice(described.specs, described.references)


def _described(actor: Actor, began: Began) -> Described:
    described = entities.describe(actor, ENTERPRISES)
    offered = replace(described, references={**described.references, "area_id": places.assignable(actor)})
    return entities.name_held(actor, ENTERPRISES, offered, began.values)


def _inputs(described: Described, began: Began, slots: fields.Slots) -> dict[str, Any]:
    specs = [spec for spec in described.specs if spec.editable]
    left, right = st.columns(2, gap="large")
    inputs = partial(
        fields.inputs, values=began.values, prefix=began.prefix, references=described.references, slots=slots
    )
    with left:
        entered = inputs([spec for spec in specs if spec.key in _LEFT])
    with right:
        entered |= inputs([spec for spec in specs if spec.key not in _LEFT], known=entered)
    code = uscc.normal(str(entered.get("credit_code") or ""))
    if code and (problem := uscc.problem(code)):
        slots["credit_code"].warning(problem, icon=":material/warning:")
    return entered


def _save(
    actor: Actor, entered: dict[str, Any], enterprise_id: int | None, slots: fields.Slots, began: Began,
    *, knowing: bool = False,
) -> None:  # fmt: skip
    with ui.told(slots), began.saving():
        try:
            deed.once(
                "save",
                lambda: entity.save(actor, entered, enterprise_id, knowing=knowing, seen=began.values),
                lambda _saved: ui.flash(_("The enterprise is saved.")),
                _leave,
            )
        except SimilarError as asked:
            st.session_state[_SIMILAR] = (entered["name"], asked.similar)
            st.rerun()


def _similar(
    actor: Actor, entered: dict[str, Any], enterprise_id: int | None, slots: fields.Slots, began: Began
) -> None:
    name, found = st.session_state.get(_SIMILAR, ("", []))
    if not found or name != entered.get("name"):
        return
    with st.container(border=True):
        st.warning(_("There are enterprises that may be the same. Please decide."), icon=":material/content_copy:")
        for each in found:
            _one(each)
        if st.button(_("It is another one: save it as well"), key="knowing", icon=":material/call_split:"):
            _save(actor, entered, enterprise_id, slots, began, knowing=True)


def _one(each: Similar) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        about = " · ".join(part for part in (each.credit_code, each.address) if part)
        st.markdown(f"**{ui.plain(each.name)}**  \n:small[:gray[{ui.plain(about)}]]", width="content")
        if st.button(_("Open it"), key=f"open_{each.id}", icon=":material/arrow_forward:"):
            go("enterprises/profile.py", enterprise=each.id)


def _leave(enterprise_id: int | None) -> None:
    st.session_state.pop(_SIMILAR, None)
    if enterprise_id is None:
        go("enterprises/list.py")
    go("enterprises/profile.py", enterprise=enterprise_id)


page()
