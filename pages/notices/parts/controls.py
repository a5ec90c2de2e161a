"""What can be done with a batch, by its state."""

from collections.abc import Callable

import streamlit as st

from core.i18n import format_number
from core.i18n import gettext as _
from models.reminder import BatchState
from pages.common import deed, ui
from pages.common.links import go
from services.actor import Actor
from services.notices import drafting, sending
from services.notices.reading import Standing
from services.permissions import Action, allows


def controls(actor: Actor, shown: Standing) -> None:
    """Show the buttons of a batch to who may send notices."""
    if not allows(actor, Action.NOTICE_SEND):
        return
    state, batch_id = shown.batch.state, shown.batch.pk
    if state is BatchState.DRAFT and st.button(_("Go on writing"), key="edit", type="primary", icon=":material/edit:"):
        go("notices/new.py", batch=batch_id)
    if state is BatchState.SENDING and st.button(_("Pause"), key="pause", icon=":material/pause:"):
        _do(sending.pause, actor, batch_id, _("Paused. Whoever has not got it waits."))
    if state is BatchState.PAUSED and st.button(
        _("Resume"), key="resume", type="primary", icon=":material/play_arrow:"
    ):
        _do(sending.resume, actor, batch_id, _("It goes on."))
    if state in {BatchState.SENDING, BatchState.PAUSED}:
        waiting = format_number(shown.total - shown.told)
        question = _("**{count}** who have not got it yet will not get it. This cannot be undone.")
        if ui.confirm(_("Cancel the rest"), question.format(count=waiting), key="cancel", icon=":material/cancel:"):
            _do(sending.cancel, actor, batch_id, _("Cancelled."))
    if state is not BatchState.DRAFT and st.button(_("Use again"), key="copy", icon=":material/content_copy:"):
        with ui.told():
            deed.once(
                "copy",
                lambda: drafting.copy(actor, batch_id),
                leave=lambda made: go("notices/new.py", batch=made, step=1),
            )


def _do(step: Callable[[Actor, int], None], actor: Actor, batch_id: int, done: str) -> None:
    with ui.told():
        step(actor, batch_id)
        ui.flash(done)
        st.rerun()
