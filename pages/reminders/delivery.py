import streamlit as st

from core.i18n import gettext as _
from pages.common import address, ui
from pages.reminders.log import figures, health, reminders, sendings, work
from pages.shell.session import current_actor
from services.delivery_log import pulse

_VIEW = "view"


def page() -> None:
    """Show administrators what was told to whom, what waits, what failed, and let them do something about it."""
    actor = current_actor()
    with ui.header(_("Delivery log"), _("Every reminder from its plan to its acknowledgement, with each moment.")):
        st.button(_("Refresh"), key="log_refresh", icon=":material/refresh:", on_click=pulse.forget)
    now = pulse.pulse(actor)
    view = address.switch(
        _VIEW,
        {
            "overview": _("Overview"),
            "reminders": _counted(_("Reminders"), now.reminders.failed),
            "sendings": _counted(_("By channel"), now.reminders.deliveries_failed),
            "work": _counted(_("Other work"), now.work.parked),
        },
        _("What is shown"),
    )
    if view == "overview":
        health.show(now)
        figures.show(actor)
    else:
        _LISTS[view](actor)


def _counted(label: str, failed: int) -> str:
    return _("{label} ({count} failed)").format(label=label, count=failed) if failed else label


_LISTS = {"reminders": reminders.show, "sendings": sendings.show, "work": work.show}

page()
