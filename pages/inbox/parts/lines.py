"""A message as a line: what it says, a way to its subject, its acknowledgement, and why it came."""

from typing import NoReturn

import streamlit as st

from core import clock
from core.i18n import format_moment, ngettext
from core.i18n import gettext as _
from core.text import excerpt
from pages.common import ui
from pages.common.links import entry_at, go_to
from pages.inbox.parts.reason import reason
from services.actor import Actor
from services.inbox import answering
from services.inbox.listing import Line

_WORDS = 160


def line(actor: Actor, shown: Line, *, dated: bool, many: bool = False) -> None:
    """Show a message.

    Args:
        actor: whose it is.
        shown: the message.
        dated: whether its day is told too, not only its time.
        many: whether it is one of many that are acknowledged together, which leaves its own button quiet.
    """
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", gap="small", key=f"message_{_mark(shown)}_{shown.id}"
    ):
        st.markdown("  \n".join(_told(shown, dated=dated)))
        with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
            _buttons(actor, shown, loud=shown.goes_on and not many)


def acknowledged(actor: Actor, reminder_ids: list[int]) -> NoReturn:
    """Acknowledge some messages and say what that stopped."""
    count = answering.acknowledge(actor, reminder_ids)
    stopped = ngettext("{count} later reminder stopped", "{count} later reminders stopped", count).format(count=count)
    ui.flash(_("Receipt confirmed") + (f" · {stopped}" if count else ""))
    st.rerun()


def _mark(shown: Line) -> str:
    if not shown.unread:
        return "read"
    return "urgent" if shown.urgent else "unread"


def _told(shown: Line, *, dated: bool) -> list[str]:
    title = ui.plain(shown.title)
    badges = [f":red-badge[{_('Urgent')}]"] if shown.urgent else []
    if shown.acted_at:
        badges.append(f":green-badge[{_('Receipt confirmed')}]")
    first = " ".join([f"**{title}**" if shown.unread else title, *badges])
    at = format_moment(shown.told_at) if dated else f"{shown.told_at.astimezone(clock.zone()):%H:%M}"
    about = " · ".join(ui.plain(part) for part in (at, _(shown.subject.label), shown.rule) if part)
    words = excerpt(" ".join(shown.body.split()), _WORDS)
    return [first, *([f":small[{ui.plain(words)}]"] if words else []), f":small[:gray[{about}]]"]


def _buttons(actor: Actor, shown: Line, *, loud: bool) -> None:
    entry = entry_at(shown.link, actor) if shown.link else None
    if entry and st.button(_("Open it"), key=f"open_{shown.id}", icon=":material/arrow_forward:", type="tertiary"):
        answering.read(actor, [shown.id])
        go_to(shown.link, entry)
    if shown.open and st.button(
        _("Confirm receipt"), key=f"confirm_{shown.id}", type="primary" if loud else "secondary"
    ):
        acknowledged(actor, [shown.id])
    if shown.unread and st.button(
        "", key=f"read_{shown.id}", icon=":material/done:", type="tertiary", help=_("Mark as read")
    ):
        answering.read(actor, [shown.id])
        st.rerun()
    reason(actor, shown)
