"""Telling the enterprises of a class that a measure is in force, in one press, and recording who was told otherwise."""

import streamlit as st

from core.i18n import format_number, ngettext
from core.i18n import gettext as _
from pages.common import deed, ui
from pages.common.links import go, page_path
from pages.common.options import apart
from services import classes
from services.actor import Actor
from services.classes import Shown
from services.permissions import Action, allows


def tell(actor: Actor, shown: Shown) -> None:
    """Show which enterprises were not told yet, and offer to tell them."""
    waiting, elsewhere = classes.untold_of(actor, shown.row.pk)
    if elsewhere:
        more = ngettext(
            "{count} enterprise whose issue you do not see has not been told yet.",
            "{count} enterprises whose issues you do not see have not been told yet.",
            elsewhere,
        )
        st.caption(more.format(count=format_number(elsewhere)))
    elif not waiting:
        ui.empty(_("Everybody was told"), _("Every enterprise of this class knows of the measure."), icon="campaign")
    if waiting:
        _waiting(actor, shown, waiting)


def _waiting(actor: Actor, shown: Shown, names: dict[int, str]) -> None:
    st.markdown(_("**{count}** enterprises have not been told of the measure.").format(count=format_number(len(names))))
    with st.container(horizontal=True, gap="small"):
        _notice(actor, shown)
        _by_mouth(actor, shown, names)
    for enterprise_id, name in names.items():
        st.page_link(
            page_path("enterprises/profile.py"), label=ui.plain(name), icon=":material/domain:",
            query_params={"enterprise": str(enterprise_id)},
        )  # fmt: skip


def _notice(actor: Actor, shown: Shown) -> None:
    if not allows(actor, Action.NOTICE_SEND):
        return
    begun = classes.drafted(actor, shown.row.pk) is not None
    if st.button(
        _("Go on writing the notice") if begun else _("Write them a notice"), key="notice", type="primary",
        icon=":material/outgoing_mail:",
        help=_("A draft to these enterprises, worded already; you check it before it goes out"),
    ):  # fmt: skip
        with ui.told():
            deed.once(
                "draft_notice",
                lambda: classes.draft_notice(actor, shown.row.pk),
                leave=lambda made: go("notices/new.py", batch=made, step=2),
            )


def _by_mouth(actor: Actor, shown: Shown, names: dict[int, str]) -> None:
    if not allows(actor, Action.CLASS_EDIT):
        return
    with st.popover(_("Told otherwise"), icon=":material/record_voice_over:", key="by_mouth"):
        chosen = st.multiselect(_("Which were told, by phone or in person?"), list(names), key="told_ids",
                                format_func=apart(names))  # fmt: skip
        if st.button(_("Record"), key="told_yes", type="primary", disabled=not chosen, width="stretch"):
            with ui.told():
                classes.record_told(actor, shown.row.pk, chosen)
                ui.flash(_("Recorded."))
                st.rerun()
