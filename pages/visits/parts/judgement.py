"""What a lead does with a record."""

import streamlit as st

from core.i18n import gettext as _
from pages.common.ui import flash, told
from services.actor import Actor
from services.visits import review
from services.visits.review import Record


def judgement(actor: Actor, record: Record) -> None:
    """Offer to return a record for completion, and to confirm that an enterprise moved away."""
    if record.may_confirm_moved:
        _moved(actor, record.visit.pk)
    if record.may_return:
        _return(actor, record.visit.pk)


def _moved(actor: Actor, visit_id: int) -> None:
    st.info(_("The visitor found that the enterprise moved away. It leaves the lists once you confirm it."))
    if st.button(_("Confirm: it moved away"), key=f"moved_{visit_id}", icon=":material/local_shipping:"):
        with told():
            review.confirm_moved(actor, visit_id)
            flash(_("The enterprise is marked as moved away."))
            st.rerun()


def _return(actor: Actor, visit_id: int) -> None:
    with st.popover(_("Return for completion"), icon=":material/undo:", key=f"return_{visit_id}"):
        reason = st.text_area(_("What is missing?"), key=f"reason_{visit_id}", max_chars=500)
        if st.button(_("Return"), key=f"return_{visit_id}_yes", type="primary", width="stretch"):
            with told():
                review.give_back(actor, visit_id, reason)
                flash(_("Returned; it is at the top of the visitor’s list."))
                st.rerun()
