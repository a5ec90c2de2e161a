"""Other work that was given up: what it was, why it failed, and trying it again or dropping it."""

import streamlit as st

from core.i18n import format_moment, format_number
from core.i18n import gettext as _
from core.text import excerpt
from pages.common import address, ui
from pages.common.links import number_asked
from pages.reminders.log import deeds, rows
from pages.reminders.log.rows import Column, Shown
from pages.reminders.log.style import short
from services.actor import Actor
from services.delivery_log import parked
from services.delivery_log.acting import Deed
from services.delivery_log.parked import MOST, Parked

_OPENED = "work"
_OFFERED = (Deed.RETRY, Deed.DROP)


def show(actor: Actor) -> None:
    """Show it."""
    found = parked.find(actor)
    if not found.work:
        ui.empty(
            _("No work was given up"),
            _("Imports, notices and upkeep that failed several times would stand here with the reason."),
            icon="task_alt",
        )
        return
    st.caption(_how_many(found.total))
    _drawer(actor, found.work)
    chosen = rows.table("log_work", _columns(), [_shown(each) for each in found.work], _open)
    deeds.bar(chosen, _OFFERED, lambda deed: parked.do(actor, deed, chosen))


def _how_many(total: int) -> str:
    if total > MOST:
        return _("{count} pieces of work were given up; these are the latest {most}.").format(
            count=format_number(total), most=MOST
        )
    return _("{count} pieces of work were given up.").format(count=total)


def _columns() -> dict[str, Column]:
    return {
        "topic": Column(_("Work"), 150),
        "failed": Column(_("Given up at"), 96),
        "created": Column(_("Owed since"), 96),
        "attempts": Column(_("Attempts"), 80),
        "error": Column(_("Reason"), 540),
    }


def _shown(each: Parked) -> Shown:
    cells = {
        "topic": each.topic,
        "failed": short(each.failed_at),
        "created": short(each.created_at),
        "attempts": str(each.attempts),
        "error": each.error,
    }
    below = f":small[:gray[{ui.plain(cells['failed'])}]]  \n:small[:red[{ui.plain(excerpt(each.error, 120))}]]"
    return Shown(each.id, cells, f"**{ui.plain(each.topic)}**  \n{below}")


def _drawer(actor: Actor, work: list[Parked]) -> None:
    opened = number_asked(_OPENED)
    each = next((each for each in work if each.id == opened), None)
    if each is None:
        return

    @st.dialog(ui.plain(each.topic), position="right", on_dismiss=_close)
    def drawer() -> None:
        facts = [
            (_("Owed since"), format_moment(each.created_at)),
            (_("Given up at"), format_moment(each.failed_at)),
            (_("Attempts"), str(each.attempts)),
        ]
        st.markdown("  \n".join(f":gray[{label}] {ui.plain(value)}" for label, value in facts))
        st.error(ui.plain(each.error), icon=":material/error:")
        deeds.one(_OFFERED, lambda deed: parked.do(actor, deed, [each.id]), key="log_one")

    drawer()


def _open(message_id: int) -> None:
    address.write({_OPENED: str(message_id)})


def _close() -> None:
    address.write({_OPENED: ""})
