"""How sending goes at this moment: what waits and fails, who works, and the way to what needs somebody."""

from collections.abc import Sequence

import streamlit as st

from core import clock
from core.i18n import format_number
from core.i18n import gettext as _
from core.queue import Alive
from pages.common import address, ui
from pages.common.ui import Figure
from pages.reminders.log.style import lasting
from services.delivery_log.pulse import LATE, Heard, Pulse


def show(now: Pulse) -> None:
    """Show it."""
    _to_do(now)
    st.subheader(_("Right now"), anchor=False)
    reminders = now.reminders
    oldest = max(reminders.oldest_due_seconds, reminders.oldest_delivery_seconds)
    ui.figures([
        Figure(
            _("Due, waiting"),
            format_number(reminders.due + reminders.deliveries_due),
            _("{reminders} reminders to be told, {deliveries} messages to be sent by a channel").format(
                reminders=format_number(reminders.due), deliveries=format_number(reminders.deliveries_due)
            ),
        ),
        Figure(
            _("The oldest waits"),
            lasting(oldest) if oldest else "–",
            _("More than {minutes} minutes means that something is wrong").format(
                minutes=int(LATE.total_seconds() // 60)
            ),
        ),
        Figure(_("In work"), format_number(reminders.claimed), _("Taken by a worker at this moment")),
        Figure(_("Planned ahead"), format_number(reminders.planned), _("All that is due later, whenever that is")),
        Figure(
            _("Sending failed"),
            format_number(reminders.failed + reminders.deliveries_failed),
            _("Waits for your decision"),
        ),
    ])  # fmt: skip
    _processes(now.heard)


def _to_do(now: Pulse) -> None:
    """Lead to what failed: it stays until somebody decides."""
    found = (
        (now.reminders.failed, _("{count} reminders failed and wait for your decision."), "reminders", "failed"),
        (
            now.reminders.deliveries_failed,
            _("{count} messages could not be sent by their channel."),
            "sendings",
            "failed",
        ),
        (now.work.parked, _("{count} pieces of other work were given up after several attempts."), "work", ""),
    )
    if not any(count for count, *_rest in found):
        return
    with st.container(border=True, gap="small"):
        for count, text, view, state in found:
            if count:
                _task(f":red[:material/error:] {text.format(count=format_number(count))}", view, state)


def _task(text: str, view: str, state: str) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(text, width="content")
        st.button(_("Look at them"), key=f"log_go_{view}", on_click=_go, args=(view, state))


def _go(view: str, state: str) -> None:
    st.query_params.clear()
    address.write({"view": view, "state": state, "period": "any" if view == "reminders" else ""})


def _processes(heard: Heard | None) -> None:
    if heard is None:
        st.markdown(f":red[:material/error:] {_('The queue does not answer.')}")
        return
    parts = [
        _kind(_("Workers"), [each for each in heard.processes if each.kind == "worker"]),
        _kind(_("Schedulers"), [each for each in heard.processes if each.kind == "scheduler"]),
        _("Messages in the queue: {count}").format(count=format_number(heard.waiting)),
    ]
    st.markdown("  \n".join(f":small[{part}]" for part in parts))


def _kind(label: str, found: Sequence[Alive]) -> str:
    if not found:
        return f":red[:material/error: {ui.labelled(label, _('none heard'))}]"
    told = _("; ").join(_process(each) for each in found)
    return f":green[:material/check_circle:] {ui.labelled(label, told)}"


def _process(each: Alive) -> str:
    """Return a process: its machine and number, what it is, and when it was heard."""
    states = {"leader": _("leads"), "standby": _("stands by")}
    ago = lasting(max((clock.now() - each.heard).total_seconds(), 0))
    place = ui.plain(f"{each.host}:{each.pid}")
    parts = [place, *([states[each.state]] if each.state in states else []), _("heard {time} ago").format(time=ago)]
    return " ".join(parts)
