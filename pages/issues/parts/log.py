"""The time line of an issue: everything that happened, in words, the newest first, its rounds apart."""

from collections.abc import Iterator
from itertools import groupby

import streamlit as st

from core.i18n import format_moment, ngettext
from core.i18n import gettext as _
from models.issue_log import IssueEvent
from models.lifecycle import Verb
from pages.common import ui
from services.issues import telling
from services.issues.acting import Names
from services.issues.reading import Lap, Shown

_SAID_ELSEWHERE = {Verb.COMMENT}
_FIRST = 12
_ICONS = {
    Verb.RETURN: "undo", Verb.REDO: "replay", Verb.REOPEN: "replay", Verb.CLOSE: "verified", Verb.URGE: "notifications",
    Verb.YELLOW_CARD: "style", Verb.RED_CARD: "style", Verb.SUPERVISE: "visibility", Verb.ESCALATE: "arrow_upward",
    Verb.RESOLVE: "task_alt", Verb.DISPATCH: "send", Verb.REDISPATCH: "send", Verb.REGISTER: "edit_note",
    Verb.ATTACH: "attach_file", Verb.CALL_BACK: "call", Verb.RECOMPUTE: "update",
}  # fmt: skip


def time_line(shown: Shown) -> None:
    """Show what happened, and how long each stage took."""
    told = [event for event in reversed(shown.events) if event.verb not in _SAID_ELSEWHERE]
    with st.container(border=True, gap="small"):
        st.markdown(f"**{_('Time line')}**")
        everything = len(told) <= _FIRST or st.session_state.get("issue_everything", False)
        _rounds(told if everything else told[:_FIRST], shown)
        if not everything and st.button(
            _("Show all {count}").format(count=len(told)), key="issue_all", type="tertiary", width="stretch"
        ):
            st.session_state["issue_everything"] = True
            st.rerun()
        if shown.laps:
            with st.expander(_("Time taken by each stage"), icon=":material/timer:"):
                for lap in reversed(shown.laps):
                    st.markdown(_lap(lap))


def line(event: IssueEvent, names: Names) -> None:
    """Show one event."""
    icon = _ICONS.get(event.verb, "radio_button_checked")
    head = f":material/{icon}: **{ui.plain(telling.what(event, names))}**"
    when = f":small[:gray[{format_moment(event.at)} · {ui.plain(telling.who(event, names))}]]"
    st.markdown("  \n".join([head, when, *_details(event, names)]))


def _details(event: IssueEvent, names: Names) -> Iterator[str]:
    said = telling.said(event)
    if said and event.verb is not Verb.REGISTER:
        yield f":small[{ui.plain(' '.join(said.split()))}]"
    for change in telling.changes(event, names):
        yield f":small[:blue[{ui.plain(change)}]]"


def _rounds(told: list[IssueEvent], shown: Shown) -> None:
    several = shown.issue.round > 1
    for number, events in groupby(told, key=lambda event: event.round):
        if several:
            st.markdown(f":orange-badge[{_('Round {number}').format(number=number)}]")
        for recomputed, group in groupby(events, key=lambda event: event.verb is Verb.RECOMPUTE):
            _group(list(group), shown.names, folded=recomputed)


def _group(events: list[IssueEvent], names: Names, *, folded: bool) -> None:
    if not folded:
        for event in events:
            line(event, names)
        return
    title = ngettext("The deadline was computed anew", "The deadline was computed anew {count} times", len(events))
    with st.expander(title.format(count=len(events)), icon=":material/update:"):
        for event in events:
            line(event, names)


def _lap(lap: Lap) -> str:
    met = f":green-badge[{_('in time')}]" if lap.met else f":red-badge[{_('late')}]"
    round_ = _("round {number}").format(number=lap.round) if lap.round > 1 else ""
    about = " · ".join(part for part in (_(lap.stage.label), ui.plain(lap.department), round_) if part)
    times = f"{format_moment(lap.started_at)} – {format_moment(lap.ended_at)}"
    return f"{met} {about}  \n:small[:gray[{times}]]"
