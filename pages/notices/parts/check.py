"""Step 3: who gets it and how, who cannot be reached and why, what each reads; then it goes out."""

import streamlit as st

from core import clock
from core.i18n import format_moment, format_number, ngettext
from core.i18n import gettext as _
from models.reminder import Audience, NoticeBatch
from pages.common import ui
from pages.common.links import go
from pages.common.options import apart
from pages.notices.parts import standing as parts
from pages.notices.parts.unreached import unreached_list
from services.actor import Actor
from services.notices import previewing, sending
from services.notices.audience import Addressee
from services.notices.previewing import Preview
from services.notices.reading import Standing

_READ = "notice_read"


def check(actor: Actor, draft: Standing) -> None:
    """Show what would happen, and send."""
    seen = previewing.preview(actor, draft.batch.pk)
    left, right = st.columns([1, 1])
    with left, st.container(border=True, height="stretch"):
        _reach(actor, draft, seen)
    with right, st.container(border=True, height="stretch"):
        _text(actor, draft, seen.readers)
    if seen.unreached:
        label = _("{count} cannot be reached").format(count=format_number(seen.reach.unreachable))
        with st.expander(label, icon=":material/unsubscribe:", key="unreached"):
            unreached_list(seen.unreached)
    _buttons(actor, draft, seen)


def _reach(actor: Actor, draft: Standing, seen: Preview) -> None:
    st.markdown(f"**:material/{parts.ICONS[draft.batch.audience]}: {_('Audience')}**")
    st.markdown(parts.described(actor, draft.choice))
    with st.grid(columns=2, min_column_width=120):
        st.metric(_("Get it"), format_number(seen.reach.reachable))
        if draft.batch.audience is Audience.STAFF:
            st.metric(_("In the inbox"), format_number(seen.reach.reachable))
        for kind, count in seen.by_channel.items():
            st.metric(_(kind.label), format_number(count))
        st.metric(_("Cannot be reached"), format_number(seen.reach.unreachable))
    st.markdown(f":material/schedule: {_when(seen)}")


def _when(seen: Preview) -> str:
    if seen.due_at <= clock.now():
        return _("Goes out at once.")
    return _("Goes out on {moment}, the next hour for messages that are not urgent.").format(
        moment=format_moment(seen.due_at)
    )


def _text(actor: Actor, draft: Standing, readers: list[Addressee]) -> None:
    st.markdown(f"**:material/drafts: {_('What each reads')}**")
    if not readers:
        st.caption(_("Nobody of this audience can be reached."))
        return
    names = {place: " · ".join(filter(None, (each.enterprise, each.person))) for place, each in enumerate(readers)}
    chosen = st.selectbox(_("As read by"), list(names), key="reader", format_func=apart(names))
    with ui.told():
        read = previewing.as_read_by(actor, draft.batch.pk, readers[chosen])
        with st.container(border=True):
            st.markdown(f"**{ui.plain(read.title)}**")
            st.markdown(ui.plain(read.body).replace("\n", "  \n"))


def _buttons(actor: Actor, draft: Standing, seen: Preview) -> None:
    batch_id, count = draft.batch.pk, seen.reach.reachable
    with st.container(horizontal=True):
        if st.button(_("Back"), key="back", icon=":material/arrow_back:"):
            go("notices/new.py", batch=batch_id, step=2)
        if st.button(_("Send later"), key="later", icon=":material/drafts:"):
            ui.flash(_("Kept as a draft."))
            go("notices/list.py")
        if ui.confirm(
            _("Discard the draft"),
            _("The draft is cancelled and keeps its number."),
            key="discard",
            icon=":material/delete:",
        ):
            with ui.told():
                sending.cancel(actor, batch_id)
                ui.flash(_("The draft was discarded."))
                go("notices/list.py")
        question = ngettext("{count} recipient gets this notice.", "{count} recipients get this notice.", count)
        if ui.confirm(
            _("Send"), question.format(count=f"**{format_number(count)}**"), key="send", yes=_("Yes, send"),
            icon=":material/send:", kind="primary", disabled=not count, on_yes=_read, args=(draft.batch,),
        ):  # fmt: skip
            with ui.told():
                sending.start(actor, batch_id, seen=st.session_state.pop(_READ))
                ui.flash(_("It is being sent in the background."))
                go("notices/batch.py", batch=batch_id)


def _read(batch: NoticeBatch) -> None:
    """Remember what stood on the page when the person said yes."""
    st.session_state[_READ] = batch
