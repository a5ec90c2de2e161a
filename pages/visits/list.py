import streamlit as st

from core.i18n import gettext as _
from pages.common import entity_list, ui
from pages.common.enterprise_filter import enterprise_filter
from pages.common.links import go
from pages.shell.session import current_actor
from services import entities
from services.visits import listing
from services.visits.entity import VISITS

_OPENED = "visits_opened"


def page() -> None:
    """List all visits in sight, with filters and an export; opening one shows its record."""
    actor = current_actor()
    if opened := st.session_state.pop(_OPENED, None):
        go("visits/record_view.py", visit=opened)
    ui.header(_("Visits"))
    named, by_enterprise = enterprise_filter(actor, entities.describe(actor, VISITS))
    query, found = entity_list.view(actor, VISITS, named, narrow=listing.narrow, more=[listing.LACKING, *by_enterprise])
    if found.rows:
        entity_list.table(VISITS, query, found, _open)
    else:
        entity_list.nothing(query, VISITS, _("Visits are there once they have been assigned."))


def _open(visit_id: int) -> None:
    st.session_state[_OPENED] = visit_id


page()
