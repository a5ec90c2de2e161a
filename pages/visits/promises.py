import streamlit as st

from core.i18n import format_date, format_moment, format_number
from core.i18n import gettext as _
from pages.common import ui
from pages.common.links import page_path
from pages.shell.session import current_actor
from pages.visits.parts.promise_rows import asked_for, promise_rows
from pages.visits.parts.style import thumb_area
from services.actor import Actor
from services.visits import promises as services
from services.visits.promises import PromiseLine, Shown, Wanted

_OF_OTHERS = 30  # shown as cards


def page() -> None:
    """Show the promises still open, one's own first, and let them be marked as kept."""
    actor = current_actor()
    if wanted := asked_for():
        promise_rows(actor, wanted)
        return
    with thumb_area():
        counts = services.counts(actor, Wanted())
        told = _("{open} open, {overdue} overdue").format(open=counts[Shown.OPEN], overdue=counts[Shown.OVERDUE])
        ui.header(_("Promises"), told)
        if not counts[Shown.OPEN]:
            ui.empty(_("No open promises"), _("Promises are made while a visit is recorded."), icon="handshake")
        for line in services.promises(actor, Wanted(own=True)):
            _own(actor, line)
        _others(actor, counts[Shown.OPEN])
        _kept(actor)


def _others(actor: Actor, count: int) -> None:
    """Show the most urgent promises of others; where there are more, a list has them all."""
    lines = services.promises(actor, Wanted(own=False), page_size=_OF_OTHERS)
    if not lines:
        return
    st.subheader(_("Of others"), anchor=False)
    for line in lines:
        with st.container(border=True, gap="xxsmall"):
            _shown(line, by=line.promised_by)
    if len(lines) == _OF_OTHERS:
        label = _("All {count} open promises").format(count=format_number(count))
        query = {"show": Shown.OPEN.value}
        st.page_link(page_path("visits/promises.py"), label=label, icon=":material/list:", query_params=query)


def _own(actor: Actor, line: PromiseLine) -> None:
    with st.container(border=True, gap="small"):
        _shown(line, by="" if line.promised_by_id == actor.pk else line.promised_by)
        with st.popover(_("Mark as kept"), icon=":material/done:", key=f"keep_{line.promise_id}", width="stretch"):
            note = st.text_input(_("How was it kept?"), key=f"note_{line.promise_id}", max_chars=1000)
            if st.button(_("It is kept"), key=f"keep_{line.promise_id}_yes", type="primary", width="stretch"):
                with ui.told():
                    services.keep(actor, line.promise_id, note)
                    ui.flash(_("Well done: a promise kept."))
                    st.rerun()


def _shown(line: PromiseLine, by: str = "") -> None:
    colour = "red" if line.is_overdue else "gray"
    due = _("Due {day}").format(day=format_date(line.due_on))
    late = f" :material/error: {_('overdue')}" if line.is_overdue else ""
    st.markdown(f":{colour}-badge[{due}{late}] {ui.plain(by)}")
    st.markdown(ui.plain(line.text))
    st.caption(ui.plain(line.enterprise))


def _kept(actor: Actor) -> None:
    kept = st.expander(_("Kept lately"), icon=":material/done_all:", on_change="rerun", key="kept")
    if kept.open:
        with kept:
            for line in services.kept_lately(actor):
                by = ui.plain(line.promised_by)
                st.markdown(f":gray[{format_moment(line.kept_at)}] {by} · {ui.plain(line.enterprise)}")
                st.caption(f"{ui.plain(line.text)} → {ui.plain(line.kept_note)}")


page()
