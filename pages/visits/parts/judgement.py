"""What a lead does with a record."""

import streamlit as st

from core.i18n import gettext as _
from models.enterprise import EnterpriseStatus
from models.visit import Outcome
from pages.common.ui import flash, told
from services.actor import Actor
from services.visits import review
from services.visits.review import Record


def judgement(actor: Actor, record: Record) -> None:
    """Offer to return a record for completion, and to confirm that an enterprise moved away."""
    if not record.may_return:
        return
    visit = record.visit
    if visit.outcome is Outcome.MOVED_AWAY and record.enterprise.status is not EnterpriseStatus.MOVED_AWAY:
        st.info(_("The visitor found that the enterprise moved away. It leaves the lists once you confirm it."))
        if st.button(_("Confirm: it moved away"), key=f"moved_{visit.pk}", icon=":material/local_shipping:"):
            with told():
                review.confirm_moved(actor, visit.pk)
                flash(_("The enterprise is marked as moved away."))
                st.rerun()
    with st.popover(_("Return for completion"), icon=":material/undo:", key=f"return_{visit.pk}"):
        reason = st.text_area(_("What is missing?"), key=f"reason_{visit.pk}", max_chars=500)
        if st.button(_("Return"), key=f"return_{visit.pk}_yes", type="primary", width="stretch"):
            with told():
                review.give_back(actor, visit.pk, reason)
                flash(_("Returned; it is at the top of the visitor’s list."))
                st.rerun()
