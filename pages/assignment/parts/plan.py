"""A suggested plan, which the lead edits before confirming."""

from datetime import date
from typing import Any, Literal, NamedTuple

import pandas as pd
import streamlit as st

from core import clock
from core.i18n import gettext as _
from pages.assignment.parts.people import labels
from pages.assignment.parts.told import tell_outcome
from pages.common.ui import plain, told
from services import assignment
from services.actor import Actor
from services.assignment import Board, Filters, Line, Member, OnLeaveError, Placement, Target

_PLAN = "assign_plan"
_WHOLE_LIST = 60
"""Enterprises a plan is made for when none are chosen: what a lead can read through."""


class _Plan(NamedTuple):
    """What was suggested, and for which campaign: the page may show another one by the time it is confirmed."""

    campaign_id: int
    campaign: str
    lines: list[Line]


def ask_for_plan(  # noqa: PLR0917 - what the page knows at this place
    actor: Actor, board: Board, filters: Filters, chosen: list[Target], people: list[Member], day: date
) -> None:
    """Show the button that asks for a plan."""
    targets = chosen or board.targets[:_WHOLE_LIST]
    label = _("Suggest a plan for {count}").format(count=len(targets))
    if st.button(label, key="suggest", icon=":material/auto_awesome:", width="stretch", disabled=not targets):
        with told():
            campaign_id = board.campaign_id or 0
            enterprises, members = [each.enterprise_id for each in targets], [each.account_id for each in people]
            lines = assignment.suggest(actor, campaign_id, filters, enterprises, members, day)
            st.session_state[_PLAN] = _Plan(campaign_id, board.campaigns[campaign_id], lines)
            st.rerun()


def has_plan() -> bool:
    """Return whether a plan waits for confirmation."""
    plan: _Plan | None = st.session_state.get(_PLAN)
    return bool(plan and plan.lines)


def plan_editor(actor: Actor, board: Board) -> None:
    """Show the plan; member and day of each line can be changed, lines can be left out, then all is assigned.

    While the page shows another campaign than the plan's, it can only be discarded.
    """
    plan: _Plan = st.session_state[_PLAN]
    if plan.campaign_id == board.campaign_id:
        _edit(actor, board, plan)
        return
    if plan.campaign_id in board.campaigns:
        note = _("This plan was made for the campaign “{campaign}”. Choose that campaign above to confirm it.")
    else:
        note = _("This plan was made for the campaign “{campaign}”, which is not running: nobody can be sent by it.")
    st.warning(note.format(campaign=plain(plan.campaign)), icon=":material/campaign:")
    _discard(width="content")


def _edit(actor: Actor, board: Board, plan: _Plan) -> None:
    names = labels(board.members)
    st.markdown(f"**{_('Suggested plan')}** :gray[{_('Own grid first, then the shorter way; loads stay balanced.')}]")
    edited = st.data_editor(_frame(plan.lines, names), key="plan", hide_index=True, column_config=_columns(names))
    _loads(edited)
    despite_leave = st.checkbox(_("Assign on days of leave all the same"), key="plan_despite_leave")
    confirm, discard = st.columns(2)
    count = int(edited["use"].sum())
    label = _("Confirm {count} visits").format(count=count)
    nobody = bool(edited.loc[edited["use"], "member"].isna().any())
    if nobody:
        st.warning(
            _("Somebody of the plan has left the team meanwhile: choose who visits instead."),
            icon=":material/person_off:",
        )
    wanted = [] if nobody else placements(plan.lines, edited, names)
    _crowded(board, wanted)
    if confirm.button(label, key="plan_confirm", type="primary", width="stretch", disabled=not count or nobody):
        _confirm(actor, plan, wanted, despite_leave=despite_leave)
    with discard:
        _discard(width="stretch")


def placements(plan: list[Line], edited: pd.DataFrame, names: dict[int, str]) -> list[Placement]:
    """Return what the edited table means; lines that are not used are left out."""
    ids = {name: account_id for account_id, name in names.items()}
    return [
        Placement(line.enterprise_id, ids[row["member"]], pd.Timestamp(row["day"]).date())
        for line, (_index, row) in zip(plan, edited.iterrows(), strict=True)
        if row["use"]
    ]


def _discard(*, width: Literal["content", "stretch"]) -> None:
    if st.button(_("Discard the plan"), key="plan_discard", width=width):
        del st.session_state[_PLAN]
        st.rerun()


def _confirm(actor: Actor, plan: _Plan, wanted: list[Placement], *, despite_leave: bool) -> None:
    with told():
        try:
            outcome = assignment.assign(actor, plan.campaign_id, wanted, despite_leave=despite_leave)
        except OnLeaveError as away:
            hint = _("Choose another member or day, or tick the box above.")
            st.warning(f"{away} {hint}", icon=":material/event_busy:")
            return
        tell_outcome(outcome)
        del st.session_state[_PLAN]
        st.rerun()


def _frame(plan: list[Line], names: dict[int, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "use": True,
            "enterprise": line.enterprise,
            "area": line.area,
            "member": names.get(line.assignee_id),
            "day": line.planned_on,
            "reasons": line.reasons,
        }
        for line in plan
    )


def _columns(names: dict[int, str]) -> dict[str, Any]:
    text = st.column_config.TextColumn
    return {
        "use": st.column_config.CheckboxColumn(_("Use"), width=70),
        "enterprise": text(_("Enterprise"), disabled=True, width=230),
        "area": text(_("Area"), disabled=True, width=150),
        "member": st.column_config.SelectboxColumn(_("Member"), options=list(names.values()), required=True, width=210),
        "day": st.column_config.DateColumn(
            _("Visit on"), min_value=clock.today(), format="YYYY-MM-DD", required=True, width=110
        ),
        "reasons": text(_("Why"), disabled=True, width=240),
    }


def _crowded(board: Board, wanted: list[Placement]) -> None:
    if count := assignment.crowded(board.members, wanted):
        told = _("{count} of these visits go beyond {limit} a day for one person: leave them out or add people.")
        st.warning(told.format(count=count, limit=assignment.PER_DAY), icon=":material/event_busy:")


def _loads(edited: pd.DataFrame) -> None:
    counts = edited[edited["use"]].groupby("member").size()
    if len(counts):
        st.caption(" · ".join(f"{str(member).partition(' · ')[0]} +{count}" for member, count in counts.items()))
