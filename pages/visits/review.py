from datetime import date

import streamlit as st

from core import clock
from core.i18n import gettext as _
from models.visit import Outcome, VisitState
from pages.common import ui
from pages.common.choosing import chosen_of
from pages.common.options import apart
from pages.shell.session import current_actor
from pages.visits.parts.judgement import judgement
from pages.visits.parts.record import record_view
from services.actor import Actor
from services.visits import overview, review
from services.visits.overview import Wanted


def page() -> None:
    """Let a lead read the records of their teams and return those that are not complete."""
    actor = current_actor()
    ui.header(_("Review records"))
    lines = overview.records(actor, _wanted())
    if not lines:
        ui.empty(_("No records"), _("Widen the filters, or wait until visits have been recorded."), icon="rate_review")
        return
    left, right = st.columns([5, 6], gap="medium")
    with left:
        chosen = _list(lines)
    with right:
        _record(actor, chosen)


def _wanted() -> Wanted:
    states = {VisitState.RECORDED: _("Recorded"), VisitState.RETURNED: _("Returned for completion")}
    outcomes = {outcome: _(outcome.label) for outcome in Outcome}
    with st.grid(columns=4, min_column_width=200):
        search = st.text_input(_("Enterprise or visitor"), key="review_search", icon=":material/search:")
        state = st.selectbox(_("State"), list(states), None, apart(states), placeholder=_("All"))
        outcome = st.selectbox(_("Outcome"), list(outcomes), None, apart(outcomes), placeholder=_("All"))
        given = st.date_input(_("Recorded between"), [], format="YYYY-MM-DD", key="review_period")
    period = given if isinstance(given, tuple) else ()
    first: date | None = period[0] if period else None
    last: date | None = period[1] if len(period) > 1 else None
    return Wanted(search=search or "", state=state, outcome=outcome, first=first, last=last)


def _list(lines: list[overview.RecordLine]) -> int:
    rows = [
        {
            "enterprise": each.enterprise,
            "visitor": each.visitor,
            "outcome": _outcome(each),
            "at": each.recorded_at.astimezone(clock.zone()) if each.recorded_at else None,
        }
        for each in lines
    ]
    (chosen,) = chosen_of(
        "review_list",
        [each.visit_id for each in lines],
        rows,
        mode="single-row",
        one_at_least=True,
        height=ui.table_height(len(rows), 16),
        column_config={
            "enterprise": st.column_config.TextColumn(_("Enterprise"), width=180),
            "visitor": st.column_config.TextColumn(_("Visitor"), width=62),
            "outcome": st.column_config.TextColumn(_("Outcome"), width=72),
            "at": st.column_config.DatetimeColumn(_("Recorded"), format="MM-DD HH:mm", width=84),
        },
    )
    return chosen


def _outcome(line: overview.RecordLine) -> str:
    if line.state is VisitState.RETURNED:
        return _(line.state.label)
    return _(line.outcome.label) if line.outcome else ""


def _record(actor: Actor, visit_id: int) -> None:
    with ui.told(), st.container(border=True):
        record = review.record(actor, visit_id)
        st.subheader(ui.plain(record.enterprise.name), anchor=False)
        judgement(actor, record)
        record_view(actor, record)


page()
