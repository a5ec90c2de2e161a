"""Beginning a visit that nobody assigned."""

import streamlit as st

from core.i18n import format_date
from core.i18n import gettext as _
from pages.common.links import go
from pages.common.options import apart
from pages.common.ui import plain, told
from services.actor import Actor
from services.visits import unplanned


def unplanned_visit(actor: Actor) -> None:
    """Offer to record a visit to an enterprise of one's own grid, with a warning if it was disturbed lately."""
    with st.expander(_("Record an unplanned visit"), icon=":material/add_location_alt:"):
        campaigns, enterprises = unplanned.choices(actor)
        if not campaigns:
            st.caption(_("No campaign is running, so nothing can be recorded."))
            return
        campaign_id = next(iter(campaigns))
        if len(campaigns) > 1:
            campaign_id = st.selectbox(_("Campaign"), list(campaigns), format_func=apart(campaigns))
        enterprise_id = st.selectbox(
            _("Enterprise"),
            list(enterprises),
            index=None,
            format_func=apart(enterprises),
            placeholder=_("Type part of its name"),
            key="unplanned_enterprise",
        )
        if enterprise_id is None:
            st.caption(_("Enterprises of your own grid can be visited without being assigned."))
            return
        _begin(actor, campaign_id, enterprise_id)


def _begin(actor: Actor, campaign_id: int, enterprise_id: int) -> None:
    with told():
        last = unplanned.warning(actor, campaign_id, enterprise_id)
        label = _("Begin the record")
        if last is not None:
            message = _("{visitor} visited this enterprise on {day} already. Disturb it again only for good reason.")
            shown = message.format(visitor=plain(last.visitor), day=format_date(last.day))
            st.warning(shown, icon=":material/history:")
            label = _("Begin the record all the same")
        if st.button(label, key="unplanned_begin", type="primary", width="stretch"):
            visit_id = unplanned.start(actor, campaign_id, enterprise_id)
            go("visits/record.py", visit=visit_id)
