"""The time line of an enterprise's profile."""

import streamlit as st

from core.errors import UserError
from core.i18n import format_date, format_moment
from core.i18n import gettext as _
from models.visit import Attachment
from pages.common import fields, ui
from pages.issues.parts.alike import issue_link
from services import attachments
from services.actor import Actor
from services.enterprises.history import Moment, MomentKind

_ICONS = {
    MomentKind.VISIT: "handshake",
    MomentKind.PLANNED: "event",
    MomentKind.ISSUE: "report",
    MomentKind.PROMISE: "front_hand",
    MomentKind.NOTICE: "campaign",
    MomentKind.FILE: "attach_file",
    MomentKind.ENTRY: "domain_add",
}
_FIRST = 15
_THUMBNAIL = 240


def timeline(actor: Actor, moments: list[Moment]) -> None:
    """Show what happened, the newest first, filtered by kind."""
    st.subheader(_("Time line"), anchor=False)
    counts = {kind: sum(moment.kind is kind for moment in moments) for kind in MomentKind}
    kinds = [kind for kind in MomentKind if counts[kind]]
    chosen = st.pills(
        _("Kind"), kinds, selection_mode="multi", key="kinds", label_visibility="collapsed",
        format_func=lambda kind: f"{_(kind.label)} {counts[kind]}",
    )  # fmt: skip
    shown = [moment for moment in moments if not chosen or moment.kind in chosen]
    everything = len(shown) <= _FIRST or st.session_state.get("everything", False)
    for moment in shown if everything else shown[:_FIRST]:
        _moment(actor, moment)
    if not everything and st.button(_("Show all {count}").format(count=len(shown)), key="more", width="stretch"):
        st.session_state["everything"] = True
        st.rerun()


def _moment(actor: Actor, moment: Moment) -> None:
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(_title(moment), width="content")
            st.caption(_when(moment), width="content")
        if moment.text:
            st.markdown(ui.plain(moment.text))
        if moment.answers:
            with st.expander(_("Visit form"), icon=":material/checklist:"):
                for spec, value in moment.answers:
                    st.markdown(f":small[:gray[{ui.plain(_(spec.label))}]]  \n{ui.plain(fields.shown(spec, value))}")
        if moment.files:
            _files(actor, moment.files)
        if moment.issue_id:
            issue_link(moment.issue_id, _("Open the issue"), key="moment")


def _files(actor: Actor, attached: list[Attachment]) -> None:
    """Show photos small and name other files; the record of the visit shows them whole."""
    photos = [each for each in attached if each.media_type.startswith("image/")]
    with st.container(horizontal=True, gap="small"):
        for each in photos:
            try:
                st.image(attachments.served(actor, each.pk, width=_THUMBNAIL).content, width=_THUMBNAIL // 2)
            except UserError as problem:  # the row is there, the file is not: told here, the rest is shown
                st.caption(str(problem), width="content")
    for each in attached:
        if each not in photos:
            st.markdown(f":material/attach_file: {ui.plain(each.file_name)}")


def _title(moment: Moment) -> str:
    badge = f" :{'gray' if moment.done else 'orange'}-badge[{ui.plain(moment.state)}]" if moment.state else ""
    return f":material/{_ICONS[moment.kind]}: **{ui.plain(moment.title)}**{badge}"


def _when(moment: Moment) -> str:
    at = format_date(moment.at.date()) if moment.kind is MomentKind.PLANNED else format_moment(moment.at)
    return " · ".join(part for part in (ui.plain(moment.who), at) if part)
