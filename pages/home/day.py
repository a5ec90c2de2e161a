"""A grid worker's day in short."""

import streamlit as st

from core.i18n import gettext as _
from pages.common import ui
from pages.common.links import go
from pages.common.ui import Figure
from pages.visits.parts.cards import short_card
from services.actor import Actor
from services.overview import Waiting
from services.visits import today

_FIRST = 4


def day(actor: Actor, waiting: Waiting) -> None:
    """Show what is due and the first visits; one tap records."""
    mine = today.day(actor)
    ui.figures(
        [
            Figure(_("Due today"), len(mine.today)),
            Figure(_("Overdue"), len(mine.overdue)),
            Figure(_("Returned for completion"), len(mine.returned)),
            Figure(_("Promises overdue"), waiting.overdue_promises or 0),
        ]
    )
    groups = {"returned": mine.returned, "overdue": mine.overdue, "today": mine.today}
    due = [(card, kind) for kind, found in groups.items() for card in found]
    for card, kind in due[:_FIRST]:
        short_card(card, kind)
    if not due:
        ui.empty(_("Nothing to visit today"), _("What comes next is on the page of your visits."), icon="task_alt")
    if st.button(_("All my visits"), key="today", icon=":material/today:", width="stretch"):
        go("visits/today.py")
    if waiting.overdue_promises and st.button(
        _("Promises to keep"), key="promises", icon=":material/front_hand:", width="stretch"
    ):
        go("visits/promises.py")
