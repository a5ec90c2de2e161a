import streamlit as st

from core.errors import NotFoundError
from core.i18n import LOCALES, format_moment, in_locale, locale
from core.i18n import gettext as _
from models.bulletin import BulletinState
from pages.bulletin.parts import body, rows
from pages.bulletin.parts.controls import badge, controls
from pages.bulletin.parts.downloads import downloads
from pages.common import address, ui
from pages.common.links import number_asked, page_path
from pages.common.options import apart
from pages.shell.session import current_actor
from services.actor import Actor
from services.bulletin import naming, reading
from services.bulletin.reading import Shown


def page() -> None:
    """Show one monthly bulletin; each figure opens its rows as they stood when it was frozen."""
    actor = current_actor()
    rows.leave()
    st.page_link(page_path("bulletin/list.py"), label=_("Monthly bulletins"), icon=":material/arrow_back:")
    shown = _asked(actor)
    if shown is None:
        return
    with ui.header(naming.numbered(shown.bulletin.month), _about(shown)):
        controls(actor, shown.bulletin)
        place = st.container(width="content")
    _standing(shown)
    language = _language()
    with place:
        downloads(actor, shown, language)
    with in_locale(language), st.container(key="bulletin"):
        body.show(shown, language)
    rows.dialog(actor, shown)


def _asked(actor: Actor) -> Shown | None:
    """Return the bulletin of the address: by its id, or by its month such as 202312 as reminders link to it."""
    bulletin_id, month = number_asked("bulletin"), number_asked("month")
    try:
        return reading.get(actor, bulletin_id) if bulletin_id else reading.of_month(actor, month or 0)
    except NotFoundError as problem:
        ui.empty(str(problem), _("It is not built or not issued yet."), icon="search_off")
        return None


def _about(shown: Shown) -> str:
    bulletin = shown.bulletin
    until = _("figures as of {moment}").format(moment=format_moment(bulletin.until))
    issued = (
        _("issued on {moment} by {name}").format(moment=format_moment(bulletin.issued_at), name=shown.issued_by)
        if bulletin.issued_at
        else _("frozen on {moment}").format(moment=format_moment(bulletin.frozen_at))
    )
    return " · ".join((until, issued))


def _standing(shown: Shown) -> None:
    bulletin = shown.bulletin
    if bulletin.state is BulletinState.DRAFT:
        st.markdown(f"{badge(bulletin.state)} :small[:gray[{_('Only whoever builds bulletins sees it so far.')}]]")
    if bulletin.state is BulletinState.WITHDRAWN:
        st.warning(
            ui.plain(
                _("Withdrawn on {moment}: {reason}").format(
                    moment=format_moment(bulletin.withdrawn_at), reason=bulletin.withdrawn_reason
                )
            ),
            icon=":material/undo:",
        )


def _language() -> str:
    """Let the reader choose the language of the text; it stands in the address."""
    given = address.read("language")
    chosen = given if given in LOCALES else locale()
    st.session_state["bulletin_language"] = chosen
    st.segmented_control(
        _("Language"), list(LOCALES), format_func=apart(LOCALES), key="bulletin_language", required=True,
        label_visibility="collapsed", on_change=_switched,
    )  # fmt: skip
    return chosen


def _switched() -> None:
    address.write({"language": st.session_state["bulletin_language"]})


page()
