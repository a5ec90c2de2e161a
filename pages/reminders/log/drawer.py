"""One reminder in a drawer: why it exists, every moment, what was told, each delivery, and what can be done."""

from collections.abc import Callable, Sequence

import streamlit as st

from core.i18n import format_moment
from core.i18n import gettext as _
from pages.common import ui
from pages.reminders.log import deeds
from pages.reminders.log.style import SENDINGS, STANDS, sending_label
from services.actor import Actor
from services.delivery_log import acting
from services.delivery_log import detail as details
from services.delivery_log.acting import FITTING, SENDING_FITTING, Deed
from services.delivery_log.detail import MOMENTS, Detail, Sending
from services.delivery_log.listing import state_of

_EXCEPTIONS = ("failed_at", "cancelled_at")
"""Moments that are no step of the way: shown only if they came."""


def show(actor: Actor, reminder_id: int, on_close: Callable[[], None]) -> None:
    """Open the drawer of a reminder; one that is not there is told as such."""
    with ui.told():
        found = details.detail(actor, reminder_id)

        @st.dialog(_("Reminder {number}").format(number=reminder_id), position="right", on_dismiss=on_close)
        def drawer() -> None:
            _head(found)
            deeds.one(
                [deed for deed in Deed if state_of(found.line.stand) in FITTING[deed]],
                lambda deed: acting.do(actor, deed, [reminder_id]),
                key="log_one",
            )
            _why(found)
            _moments(found)
            _told(found)
            _sendings(actor, found.sendings)

        drawer()


def _head(found: Detail) -> None:
    line = found.line
    badges = [f":{STANDS[line.stand]}-badge[{_(line.stand.label)}]"]
    badges += [f":red-badge[{_('Urgent')}]"] if line.urgent else []
    st.markdown(f"**{ui.plain(line.title or line.rule or _(line.occasion.label))}**  \n{' '.join(badges)}")
    if line.note:
        st.warning(ui.plain(line.note), icon=":material/info:")


def _why(found: Detail) -> None:
    line = found.line
    about = f"[{ui.plain(line.about)}]({found.link})" if found.link else ui.plain(line.about)
    rows = [
        (_("Recipient"), ui.plain(line.recipient)),
        (_("Because they are"), _(found.relation.label) if found.relation else ""),
        (_("About"), about),
        (_("Rule"), ui.plain(line.rule) if line.rule else _("None: written by hand")),
        (_("Repetition"), str(found.step) if found.step else ""),
        (_("Attempts"), str(found.attempts) if found.attempts else ""),
    ]
    st.markdown("  \n".join(f":gray[{label}] {value}" for label, value in rows if value))


def _moments(found: Detail) -> None:
    st.markdown(f"**{_('Every moment')}**")
    lines = []
    for name, label in MOMENTS.items():
        moment = found.moments.get(name)
        if moment is None and name in _EXCEPTIONS:
            continue
        mark = ":green[:material/check_circle:]" if moment else ":gray[:material/radio_button_unchecked:]"
        lines.append(f"{mark} {_(label)} :gray[{format_moment(moment) if moment else '–'}]")
    st.markdown("  \n".join(lines))


def _told(found: Detail) -> None:
    st.markdown(f"**{_('What was told')}**")
    if not found.body:
        st.caption(_("Not written yet: the words are made when it is sent."))
        return
    if found.together > 1:
        st.caption(_("In one message with {count} others").format(count=found.together - 1))
    with st.container(border=True):
        st.markdown(ui.plain(found.body).replace("\n", "  \n"))


def _sendings(actor: Actor, sendings: Sequence[Sending]) -> None:
    if not sendings:
        return
    st.markdown(f"**{_('By channel')}**")
    for each in sendings:
        with st.container(border=True, gap="small"):
            sending(each)
            deeds.one(
                [deed for deed, states in SENDING_FITTING.items() if each.state in states],
                lambda deed, each=each: acting.do_sending(actor, deed, [each.id]),  # type: ignore[misc]  # bound at once
                key=f"log_sending_{each.id}",
            )


def sending(each: Sending) -> None:
    """Show one delivery: its channel, where it stands, how often it was tried, what the server answered."""
    state = sending_label(each.state, kept_only=each.kept_only)
    lines = [
        f"**{_(each.kind.label)}** :{SENDINGS[each.state]}-badge[{state}]",
        ui.plain(each.address),
        f":gray[{_('Attempts')}] {each.attempts}",
        f":gray[{_('At')}] {format_moment(each.moment or each.due_at)}",
    ]
    st.markdown("  \n".join(lines))
    if each.answer:
        st.error(ui.plain(each.answer), icon=":material/dns:")
