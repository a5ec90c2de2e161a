"""The buttons that take a campaign from draft to finished, each with a confirmation that says what it means."""

from collections.abc import Callable

import streamlit as st

from core.i18n import gettext as _
from models.campaign import Campaign
from pages.common import ui
from services.actor import Actor
from services.campaigns import progress, states
from services.campaigns.standing import Standing
from services.campaigns.states import FINISH, PAUSE, REOPEN, RESUME, START, Step

_ICONS = {START: "play_arrow", RESUME: "play_arrow", PAUSE: "pause", FINISH: "flag", REOPEN: "undo"}
_ACTS: dict[Step, Callable[[Actor, int], None]] = {
    START: states.start,
    RESUME: states.resume,
    PAUSE: states.pause,
    FINISH: states.finish,
}


def step_buttons(actor: Actor, campaign: Campaign) -> None:
    """Show the steps the campaign can take now, and take the one that is confirmed."""
    for step in states.steps_from(campaign.state):
        if step is REOPEN:
            _reopen(actor, campaign)
        elif ui.confirm(
            _(step.label), _question(actor, campaign, step), key=f"step_{step.key}", icon=f":material/{_ICONS[step]}:"
        ):
            with ui.told():
                _ACTS[step](actor, campaign.pk)
                _done(step)


def _question(actor: Actor, campaign: Campaign, step: Step) -> str:
    if step is FINISH:
        return _finishing(actor, campaign)
    questions = {
        START: _("Team leads can then assign visits and grid workers record them."),
        PAUSE: _("Nobody can assign or record until you resume. Nothing is lost."),
        RESUME: _("Visits can be assigned and recorded again."),
    }
    return questions[step]


def _finishing(actor: Actor, campaign: Campaign) -> str:
    made = progress.of_campaign(actor, campaign.pk)
    left = {
        _("not yet assigned"): made[Standing.UNASSIGNED],
        _("assigned, not yet visited"): made[Standing.OPEN] + made[Standing.OVERDUE],
        _("returned and not completed"): made[Standing.RETURNED],
    }
    lines = [f"- **{count}** {label}" for label, count in left.items() if count]
    after = _("Nobody can assign or record after that. You can reopen it later.")
    if not lines:
        return _("Every enterprise has been visited.") + "  \n" + after
    return _("Still open:") + "\n" + "\n".join(lines) + "\n\n" + after


def _reopen(actor: Actor, campaign: Campaign) -> None:
    with st.popover(_(REOPEN.label), icon=":material/undo:", key="step_reopen"):
        reason = st.text_area(_("Reason"), key="reopen_reason", help=_("It is kept in the audit log."))
        slots = {"reason": st.empty()}
        if st.button(_(REOPEN.label), key="step_reopen_yes", type="primary", width="stretch"):
            with ui.told(slots):
                states.reopen(actor, campaign.pk, reason)
                _done(REOPEN)


def _done(step: Step) -> None:
    texts = {
        START: _("The campaign is running."),
        RESUME: _("The campaign is running."),
        REOPEN: _("The campaign is running."),
        PAUSE: _("The campaign is paused."),
        FINISH: _("The campaign is finished."),
    }
    ui.flash(texts[step])
    st.rerun()
