"""Pieces of the page of areas: the way, the search, what lies below, moving, and where an area has stood."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from core.i18n import format_moment, format_number
from core.i18n import gettext as _
from models.area import Tier
from pages.common import address, entity_form, ui
from pages.common.options import apart
from pages.common.plain_list import plain_list
from services.actor import Actor
from services.areas import AREAS
from services.areas.moving import Move, move, preview, standings, targets
from services.areas.tree import Node, Place, search
from services.entities import Entity

IN, MOVING = "_in", "_move"


def go(area_id: int | None) -> None:
    """Show another area: for a button's `on_click`."""
    address.write({IN: "" if area_id is None else str(area_id), address.ROW: "", MOVING: ""})
    st.session_state["area_search"] = ""


def trail(nodes: Sequence[Node]) -> None:
    """Show the way from the root to the area shown, each step a button."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall", key="area_trail"):
        st.button(
            _("All areas"), key="area_root", type="tertiary", icon=":material/account_tree:", on_click=go, args=(None,)
        )
        for node in nodes[:-1]:
            st.markdown(":gray[›]", width="content")
            st.button(ui.plain(node.name), key=f"area_up_{node.id}", type="tertiary", on_click=go, args=(node.id,))


def search_box(actor: Actor) -> None:
    """Search the whole tree by name or code and go to what is chosen."""
    asked = st.text_input(
        _("Search"), key="area_search", type="search", icon=":material/search:", width=340,
        label_visibility="collapsed", placeholder=_("Name or code of any area"),
    )  # fmt: skip
    if not asked:
        return
    hits = search(actor, asked)
    with st.container(border=True, gap="xsmall"):
        st.caption(_("Nothing matches") if not hits else _("Found, the first 50 at most:"))
        for hit in hits:
            label = f"**{ui.plain(hit.name)}** :small[:gray[{ui.plain(hit.within)} · {hit.code}]]"
            st.button(label, key=f"area_hit_{hit.id}", type="tertiary", on_click=go, args=(hit.id,))


def below(found: Place, tier: Tier) -> None:
    """Show what lies directly below; pressing a row goes there."""
    if not found.below:
        ui.empty(
            _("Nothing below yet: {tier}").format(tier=_(tier.label)),
            _("Press “New” at the top to make the first one."),
        )
        return
    columns = {
        "name": _("Name"), "code": _("Code"), "areas": _("Areas below"), "enterprises": _("Enterprises"),
        "teams": _("Teams"), "active": _("Active"),
    }  # fmt: skip
    rows = [{**vars(node), "active": _("Yes") if node.active else _("No")} for node in found.below]
    plain_list("area", columns, rows, on_open=go)


def buttons(actor: Actor, node: Node) -> None:
    """Offer to change and to move the area shown."""
    st.button(_("Edit"), key="area_edit", icon=":material/edit:", on_click=entity_form.open_row, args=(node.id,))
    if node.parent_id is None:
        return
    st.button(_("Move"), key="area_move", icon=":material/drive_file_move:", on_click=_ask, args=("yes",))
    if address.read(MOVING):
        _move_dialog(actor, node)


def new_button(tier: Tier) -> None:
    """Offer to add an area of a tier."""
    st.button(
        _("New: {entity}").format(entity=_(tier.label)), key="area_new", type="primary", icon=":material/add:",
        on_click=entity_form.open_row, args=(entity_form.NEW,),
    )  # fmt: skip


def _ask(answer: str) -> None:
    address.write({MOVING: answer})


def self_of(node: Node | None) -> Entity | None:
    """Return the list that holds the area shown alone, in which its tier and its place are not offered for change."""
    return replace(AREAS, within={"parent_id": node.parent_id, "tier": node.tier}) if node else None


def standing(actor: Actor, node: Node) -> None:
    """Tell where the area has stood since when."""
    with st.expander(_("Where it has stood"), icon=":material/history:"):
        for row, way in standings(actor, node.id):
            until = format_moment(row.valid_to) or _("today")
            st.markdown(
                f"{format_moment(row.valid_from)} – {until}  \n:small[:gray[{ui.plain(way or _('at the top'))}]]"
            )


def _move_dialog(actor: Actor, node: Node) -> None:
    title = _("Move “{name}”").format(name=ui.plain(node.name))

    @st.dialog(title, width="medium", on_dismiss=lambda: _ask(""))
    def dialog() -> None:
        places = {hit.id: f"{hit.within} › {hit.name}" if hit.within else hit.name for hit in targets(actor, node.id)}
        chosen = st.selectbox(
            _("New place"), list(places), None, apart(places), key="area_target", placeholder=_("Choose")
        )
        if chosen is None:
            st.caption(_("Everything below moves along. What it affects is shown before anything changes."))
            return
        with ui.told():
            _affected(preview(actor, node.id, chosen))
            if st.button(_("Move now"), key="area_move_now", type="primary", width="stretch"):
                told = move(actor, node.id, chosen)
                _ask("")
                message = _("“{name}” now belongs to {place}.").format(name=told.area, place=told.new)
                entity_form.offer_undo(AREAS, entity_form.Undo(message, node.id, {"parent_id": node.parent_id}))
                st.rerun()

    dialog()


def _affected(told: Move) -> None:
    st.markdown(f":gray[{ui.plain(told.old)}]  \n:material/arrow_downward:  \n**{ui.plain(told.new)}**")
    ui.figures([
        ui.Figure(_("Areas"), format_number(told.areas), _("The area itself and everything below it")),
        ui.Figure(_("Enterprises"), format_number(told.enterprises)),
        ui.Figure(_("Open visits"), format_number(told.open_visits), _("They stay with whom they are assigned to")),
    ])  # fmt: skip
    if told.teams:
        st.markdown(_("Teams that go on serving it: {teams}").format(teams=ui.plain(_(", ").join(told.teams))))
    st.caption(_("Figures of past months stay as they were: they are counted in the tree of their month."))
