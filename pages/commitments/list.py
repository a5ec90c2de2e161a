from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.i18n import format_number
from core.i18n import gettext as _
from pages.commitments.parts import act, badge, made_good
from pages.common import address, entity_form, entity_list, ui
from pages.common.enterprise_filter import enterprise_filter
from pages.common.links import go, profile_link
from pages.shell.session import current_actor
from services import commitments
from services.actor import Actor
from services.commitments import COMMITMENTS, Shown, listing
from services.permissions import Action, allows


def page() -> None:
    """Keep what enterprises undertook when they were approved without it (告知承诺制), and follow it up."""
    actor = current_actor()
    described = listing.describe(actor)
    with ui.header(_("Commitments"), _("What enterprises promised to hand in after they were approved without it.")):
        _buttons(actor)
    shown = _chosen(actor)
    entity_form.show_undo(actor, COMMITMENTS)
    named, by_enterprise = enterprise_filter(actor, described)
    query, found = entity_list.view(
        actor,
        COMMITMENTS,
        named,
        narrow=listing.narrowing(actor, shown),
        more=[*listing.asked_for(actor), *by_enterprise],
    )
    if found.rows:
        entity_list.table(COMMITMENTS, query, listing.with_standing(found), entity_form.open_row)
    elif shown is Shown.OVERDUE and not (query.search or query.filters):
        ui.empty(_("Nothing is overdue"), _("Of the commitments you see, none is past its day."), icon="task_alt")
    else:
        entity_list.nothing(query, COMMITMENTS, _("Departments and coordinators enter them or import a list."))
    look = entity_form.Look(about=lambda row: _about(actor, row))
    entity_form.drawer(actor, COMMITMENTS, listing.of_one(described), look)


def _chosen(actor: Actor) -> Shown:
    counts = listing.counts(actor)
    options = {each.value: f"{_(each.label)} {format_number(counts[each])}" for each in Shown}
    return Shown.of(address.switch("show", options, _("Which commitments")))


def _buttons(actor: Actor) -> None:
    if allows(actor, Action.COMMITMENT_IMPORT) and st.button(_("Import"), key="import", icon=":material/upload_file:"):
        go("imports/start.py", entity=COMMITMENTS.key)
    if allows(actor, Action.COMMITMENT_EDIT):
        st.button(
            _("New: {entity}").format(entity=_(COMMITMENTS.label)), key="new", type="primary", icon=":material/add:",
            on_click=entity_form.open_row, args=(entity_form.NEW,),
        )  # fmt: skip


def _about(actor: Actor, row: Mapping[str, Any]) -> None:
    """Show in the drawer how a commitment stands and what can be done about it."""
    shown = commitments.standing(actor, row["id"])
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(badge(shown), width="content")
        act(actor, shown)
    if shown.fulfilled_at:
        st.caption(made_good(shown))
    if shown.profile:
        profile_link(shown.enterprise_id)


page()
