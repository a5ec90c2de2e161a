"""What left the product, or should have: each message by each channel, with the server's answer."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import streamlit as st

from core.i18n import format_moment, format_number
from core.i18n import gettext as _
from core.text import excerpt
from models.channel import ChannelKind
from models.reminder import DeliveryState
from pages.common import address, ui
from pages.common.links import number_asked
from pages.reminders.log import asked, deeds, rows, sheet
from pages.reminders.log.rows import Column, Shown
from pages.reminders.log.style import SENDINGS, sending_label, short
from services.actor import Actor
from services.delivery_log import acting, deliveries
from services.delivery_log.acting import SENDING_FITTING, Deed
from services.delivery_log.deliveries import SendingLine, SendingPage, SendingQuery
from services.delivery_log.listing import CAP

_OPENED = "delivery"
_SIZE = 50


def show(actor: Actor) -> None:
    """Show them."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        query = _query()
        deeds.all_matching(tuple(SENDING_FITTING), partial(_fitting, actor, query), partial(_all, actor, query))
        sheet.button("log_sendings", _("By channel"), _columns(), partial(_sheet, actor, query))
    found = deliveries.find(actor, query, after=number_asked(asked.AT), size=_SIZE)
    _drawer(actor)
    if not found.lines:
        ui.empty(
            _("Nothing was sent by a channel here"), _("Change the filters; the inbox needs no channel."), icon="outbox"
        )
        return
    chosen = rows.table("log_sendings", _columns(), [_shown(each) for each in found.lines], _open)
    _pages(actor, query, found)
    deeds.bar(chosen, tuple(SENDING_FITTING), lambda deed: acting.do_sending(actor, deed, chosen))


def _query() -> SendingQuery:
    state = asked.choice(
        "state", _("State"), {state.value: sending_label(state, kept_only=False) for state in DeliveryState}, width=150
    )
    channel = asked.choice("channel", _("Channel"), asked.labels(ChannelKind), width=170)
    to = asked.text("to", _("Search"), _("Recipient, address or answer"), width=260)
    return SendingQuery(
        state=DeliveryState.of(state) if state else None, channel=ChannelKind.of(channel) if channel else None, to=to
    )


def _fitting(actor: Actor, query: SendingQuery, deed: Deed) -> int:
    return acting.sending_fitting(actor, deed, query)


def _all(actor: Actor, query: SendingQuery, deed: Deed) -> int:
    return acting.do_sending_matching(actor, deed, query)


def _columns() -> dict[str, Column]:
    colours = {sending_label(state, kept_only=False): SENDINGS[state] for state in DeliveryState}
    colours[sending_label(DeliveryState.SENT, kept_only=True)] = "violet"
    return {
        "state": Column(_("State"), 94, colours),
        "created": Column(_("Written at"), 96),
        "kind": Column(_("Channel"), 110),
        "recipient": Column(_("Recipient"), 90),
        "address": Column(_("Address"), 160),
        "title": Column(_("What is told"), 190),
        "attempts": Column(_("Attempts"), 70),
        "answer": Column(_("The server’s answer"), 160),
    }


def _shown(line: SendingLine) -> Shown:
    state = sending_label(line.state, kept_only=line.kept_only)
    cells = {
        "state": [state],
        "created": short(line.created_at),
        "kind": _(line.kind.label),
        "recipient": line.recipient,
        "address": line.address,
        "title": line.title,
        "attempts": str(line.attempts),
        "answer": line.answer,
    }
    below = ui.plain(" · ".join(part for part in (_(line.kind.label), line.address, format_moment(line.created_at))))
    answer = f"  \n:small[:red[{ui.plain(excerpt(line.answer, 100))}]]" if line.answer else ""
    head = f"**{ui.plain(line.recipient)}** :{SENDINGS[line.state]}-badge[{state}]"
    return Shown(line.id, cells, f"{head}  \n{ui.plain(excerpt(line.title, 60))}  \n:small[:gray[{below}]]{answer}")


def _sheet(actor: Actor, query: SendingQuery) -> Iterator[list[dict[str, Any]]]:
    after: int | None = None
    while True:
        page = deliveries.find(actor, query, after=after, size=sheet.PAGE)
        yield [_cells(line) for line in page.lines]
        if page.after is None:
            return
        after = page.after


def _cells(line: SendingLine) -> dict[str, Any]:
    state = sending_label(line.state, kept_only=line.kept_only)
    return {**_shown(line).cells, "state": state, "created": line.created_at, "attempts": line.attempts}


def _drawer(actor: Actor) -> None:
    opened = number_asked(_OPENED)
    if opened is None:
        return
    with ui.told():
        line = deliveries.one(actor, opened)

        @st.dialog(_("Delivery {number}").format(number=opened), position="right", on_dismiss=_close)
        def drawer() -> None:
            _content(actor, line)

        drawer()


def _content(actor: Actor, line: SendingLine) -> None:
    state = sending_label(line.state, kept_only=line.kept_only)
    st.markdown(f"**{ui.plain(line.title)}**  \n:{SENDINGS[line.state]}-badge[{state}]")
    facts = [
        (_("Recipient"), line.recipient),
        (_("Channel"), _(line.kind.label)),
        (_("Address"), line.address),
        (_("Written at"), format_moment(line.created_at)),
        (_("Next attempt"), format_moment(line.due_at) if line.state is DeliveryState.PLANNED else ""),
        (_("Attempts"), str(line.attempts)),
    ]
    st.markdown("  \n".join(f":gray[{label}] {ui.plain(value)}" for label, value in facts if value))
    if line.answer:
        st.error(f"**{_('The server’s answer')}**  \n{ui.plain(line.answer)}", icon=":material/dns:")
    fitting = [deed for deed, states in SENDING_FITTING.items() if line.state in states]
    deeds.one(fitting, lambda deed: acting.do_sending(actor, deed, [line.id]), key="log_one")


def _pages(actor: Actor, query: SendingQuery, found: SendingPage) -> None:
    first = not address.read(asked.AT)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        number = len(found.lines) if first and found.after is None else deliveries.count(actor, query)
        text = _("More than {count} messages") if number > CAP else _("{count} messages in all")
        st.caption(text.format(count=format_number(min(number, CAP))), width="content")
        if first and found.after is None:
            return
        with st.container(horizontal=True, width="content", gap="small"):
            st.button(_("First page"), key="log_first", disabled=first, on_click=asked.turn_to, args=("",))
            st.button(
                _("Next page"), key="log_after", icon=":material/chevron_right:", icon_position="right",
                disabled=found.after is None, on_click=asked.turn_to, args=(str(found.after or ""),),
            )  # fmt: skip


def _open(delivery_id: int) -> None:
    address.write({_OPENED: str(delivery_id)})


def _close() -> None:
    address.write({_OPENED: ""})
