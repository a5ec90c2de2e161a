import streamlit as st

from core.i18n import gettext as _
from pages.common import ui
from pages.common.links import number_asked, profile_link
from pages.shell.session import current_actor
from pages.visits.parts.judgement import judgement
from pages.visits.parts.record import record_view
from pages.visits.parts.style import thumb_area
from services.visits import review


def page() -> None:
    """Show one visit with everything that belongs to it."""
    actor = current_actor()
    visit_id = number_asked("visit")
    if visit_id is None:
        ui.empty(_("No visit chosen"), _("Open one from a list of visits."))
        return
    with thumb_area(), ui.told():
        record = review.record(actor, visit_id)
        st.header(ui.plain(record.enterprise.name), anchor=False)
        profile_link(record.enterprise.pk)
        record_view(actor, record)
        judgement(actor, record)


page()
