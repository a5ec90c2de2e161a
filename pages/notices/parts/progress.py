"""How far a batch is, kept up to date while it is being sent."""

import streamlit as st

from core import clock
from core.i18n import format_moment, format_number, format_percent, set_locale
from core.i18n import gettext as _
from models.reminder import BatchState, ReminderState
from pages.common import ui
from pages.notices.parts import standing as parts
from pages.shell.session import current_actor
from services.notices import reading
from services.notices.reading import Standing


def show_progress(shown: Standing) -> None:
    """Show progress bar and figures; a batch that is being sent is looked at again every two seconds."""
    if shown.batch.state is BatchState.SENDING:
        _poll(shown.batch.pk, begun=bool(shown.counts.total))
    else:
        _draw(shown)


@st.fragment(run_every="2s")
def _poll(batch_id: int, *, begun: bool) -> None:
    actor = current_actor()
    set_locale(actor.locale)  # a fragment runs without the script around it
    shown = reading.get(actor, batch_id)
    if shown.batch.state is not BatchState.SENDING or bool(shown.counts.total) is not begun:
        st.rerun()  # the rest of the page has other things to show now
    _draw(shown)


def _draw(shown: Standing) -> None:
    if shown.batch.state is BatchState.DRAFT:
        return
    if shown.batch.state in {BatchState.SENDING, BatchState.PAUSED}:
        parts.progress_bar(shown)
        st.caption(_waiting(shown))
    counts = shown.counts
    ui.figures([
        ui.Figure(_("Recipients"), format_number(shown.total)),
        ui.Figure(_("Reached"), format_number(counts.reached), help=_share(counts.reached, counts.total)),
        ui.Figure(_("Read"), format_number(counts.read), help=_share(counts.read, counts.reached)),
        ui.Figure(_("Waiting"), format_number(counts.open + counts.of(ReminderState.SENT))),
        ui.Figure(_("Failed"), format_number(counts.of(ReminderState.FAILED))),
        ui.Figure(
            _("Cannot be reached"), format_number(shown.batch.unreachable),
            help=_("When it was sent; not among the recipients"),
        ),
    ])  # fmt: skip


def _waiting(shown: Standing) -> str:
    if shown.batch.state is BatchState.PAUSED:
        return _("Paused: whoever waits gets it once you resume.")
    if shown.next_at and shown.next_at > clock.now():
        return _("The next go out on {moment}. You may leave this page.").format(moment=format_moment(shown.next_at))
    return _("Being sent in the background. You may leave this page.")


def _share(part: int, whole: int) -> str:
    return format_percent(part / whole) if whole else ""
