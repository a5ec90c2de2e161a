import streamlit as st

from core.i18n import gettext as _
from models.limits import Stage
from pages.admin.counting import limit_forms, review
from pages.common import ui
from pages.shell.session import current_actor
from services.counting import reading

_RIGHT = (Stage.HANDLE, Stage.REVIEW, Stage.ANSWER, Stage.CALL_BACK)
_COLUMNS = tuple(stage for stage in Stage if stage not in _RIGHT), _RIGHT


def page() -> None:
    """Keep how long each stage of an issue may take."""
    actor = current_actor()
    review.dialogs(actor, {"new": (_("New time limit"), limit_forms.new)})
    with ui.header(
        _("Time limits"),
        _("Of the limits that fit an issue the most specific counts: urgency before kind before across departments."),
    ):
        if st.button(_("New time limit"), key="limit_new", type="primary", icon=":material/add:"):
            review.open_form("new")
    found = reading.time_limits(actor)
    for column, stages in zip(st.columns(2, gap="medium"), _COLUMNS, strict=True):
        with column:
            for stage in stages:
                limit_forms.card(actor, stage, found[stage])


page()
