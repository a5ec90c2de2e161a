from functools import partial

import streamlit as st

from core.errors import NotFoundError
from core.i18n import format_moment, in_locale
from core.i18n import gettext as _
from models.reminder import BatchState
from pages.common import ui
from pages.common.links import number_asked, page_path
from pages.notices.parts import standing as parts
from pages.notices.parts.controls import controls
from pages.notices.parts.progress import show_progress
from pages.notices.parts.recipients import recipients
from pages.notices.parts.unreached import unreached_list
from pages.shell.session import current_actor
from services import exporting
from services.actor import Actor
from services.notices import handing_out, reading
from services.notices.reading import Standing


def page() -> None:
    """Show one notice batch: how far it is, what it says, and how it stands with each recipient."""
    actor = current_actor()
    st.page_link(page_path("notices/list.py"), label=_("Notices"), icon=":material/arrow_back:")
    shown = _asked(actor)
    if shown is None:
        return
    with ui.header(parts.title(shown), _about(shown)):
        controls(actor, shown)
    st.markdown(parts.badges(shown))
    show_progress(shown)
    _words(actor, shown)
    _people(actor, shown)


def _asked(actor: Actor) -> Standing | None:
    try:
        return reading.get(actor, number_asked("batch") or 0)
    except NotFoundError as problem:
        ui.empty(str(problem), _("Choose one from the list."), icon="search_off")
        return None


def _about(shown: Standing) -> str:
    sent = parts.begun(shown)
    return " · ".join(part for part in (shown.batch.number, shown.batch.matter, shown.writer, sent) if part)


def _words(actor: Actor, shown: Standing) -> None:
    with st.expander(_("Text and audience"), icon=":material/drafts:", expanded=shown.batch.state is BatchState.DRAFT):
        st.markdown(f":small[:gray[{_('Audience')}]]  \n{parts.described(actor, shown.choice)}")
        st.markdown(f":small[:gray[{_('Title')}]]  \n{ui.plain(shown.batch.title)}")
        st.markdown(f":small[:gray[{_('Text')}]]  \n" + ui.plain(shown.batch.body).replace("\n", "  \n"))
        if shown.batch.ended_at:
            st.caption(_("Ended at {moment}").format(moment=format_moment(shown.batch.ended_at)))


def _people(actor: Actor, shown: Standing) -> None:
    left = reading.unreached(actor, shown.batch.pk)
    got, missed = st.tabs([_("Its recipients"), f"{_('Cannot be reached')} {len(left) or ''}".strip()], key="people")
    with got:
        recipients(actor, shown)
    with missed:
        if left:
            unreached_list(left)
        else:
            ui.empty(_("Everybody can be reached"), _("Nobody of this audience is left out."), icon="done_all")
    st.download_button(
        _("Export as Excel"), partial(_file, actor, shown.batch.pk), key="export", icon=":material/download:",
        file_name=f"{shown.batch.number}.xlsx", mime=exporting.XLSX_TYPE, on_click="ignore",
    )  # fmt: skip


def _file(actor: Actor, batch_id: int) -> bytes:
    with in_locale(actor.locale):  # Streamlit asks for the file outside the page's run
        return handing_out.workbook(actor, batch_id)


page()
