from dataclasses import replace
from datetime import date
from functools import partial

import streamlit as st

from core.i18n import format_moment, in_locale, locale
from core.i18n import gettext as _
from pages.common import ui
from pages.common.options import apart
from pages.shell.session import current_actor
from services import audit
from services.actor import Actor
from services.audit import AuditQuery, Change, Entry
from services.exporting import XLSX_TYPE

_SIZE = 30


def page() -> None:
    """Show administrators who did what when, with before and after; search it and take it out."""
    actor = current_actor()
    with ui.header(_("Audit log"), _("Nothing here can be changed or deleted.")):
        buttons = st.container()
    query = _query()
    entries = audit.search(actor, replace(query, before_id=_cursors(query)[-1], size=_SIZE))
    if not entries:
        ui.empty(_("No entry fits."), _("Change the search or the period."), icon="search_off")
        return
    with buttons:
        _export(actor, query)
    for entry in entries:
        _show(entry)
    _turn(_cursors(query), entries)


def _query() -> AuditQuery:
    tables, deeds = audit.entities(), audit.verbs()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        person = st.text_input(_("Person"), key="person", placeholder=_("Name or user name"), width=160)
        entity = st.selectbox(_("Object"), list(tables), None, apart(tables), key="entity", placeholder=_("All"),
                              width=160)  # fmt: skip
        number = st.text_input(_("Entry no."), key="number", width=90)
        verb = st.selectbox(_("Action"), list(deeds), None, apart(deeds), key="verb", placeholder=_("All"),
                            width=160)  # fmt: skip
        since = st.date_input(_("From"), None, key="since", format="YYYY-MM-DD", width=145)
        until = st.date_input(_("To"), None, key="until", format="YYYY-MM-DD", width=145)
    return AuditQuery(
        person=person or "",
        entity=entity or "",
        entity_id=number or "",
        verb=verb or "",
        since=since if isinstance(since, date) else None,
        until=until if isinstance(until, date) else None,
    )


def _cursors(query: AuditQuery) -> list[int | None]:
    """Return, for each page up to the present one, the id it begins after; another search begins anew."""
    if st.session_state.get("asked") != query:
        st.session_state["asked"], st.session_state["cursors"] = query, [None]
    cursors: list[int | None] = st.session_state["cursors"]
    return cursors


def _turn(cursors: list[int | None], entries: list[Entry]) -> None:
    with st.container(horizontal=True, horizontal_alignment="center"):
        if st.button(_("Newer"), key="newer", icon=":material/chevron_left:", disabled=len(cursors) == 1):
            cursors.pop()
            st.rerun()
        if st.button(_("Older"), key="older", icon=":material/chevron_right:", disabled=len(entries) < _SIZE):
            cursors.append(entries[-1].id)
            st.rerun()


def _export(actor: Actor, query: AuditQuery) -> None:
    st.download_button(
        _("Export"), partial(_workbook, actor, query, locale()), file_name=f"{_('Audit log')}.xlsx", mime=XLSX_TYPE,
        icon=":material/download:", key="export", on_click="ignore",
    )  # fmt: skip


def _workbook(actor: Actor, query: AuditQuery, language: str) -> bytes:
    with in_locale(language):  # it is made when the button is pressed, outside the page run
        return audit.export(actor, query)


def _show(entry: Entry) -> None:
    with st.container(border=True, gap="small"):
        what = f"{entry.entity} {entry.title or '#' + entry.entity_id}" if entry.entity_id else entry.entity
        st.markdown(f"**{ui.plain(entry.actor_name)}** {ui.plain(entry.action)} · {ui.plain(what)}")
        where = [format_moment(entry.at), ui.plain(entry.ip)]
        if entry.request_id:
            where.append(_("request {number}").format(number=entry.request_id))
        st.caption(" · ".join(part for part in where if part))
        if entry.changes:
            st.markdown("\n".join(_line(each) for each in entry.changes))


def _line(change: Change) -> str:
    """Return a field as a line of a list: what it was before, struck through, and what it became."""
    before = f":gray[~~{ui.plain(change.before)}~~] → " if change.before else ""
    after = ui.plain(change.after) or f":gray[{_('empty')}]"
    return f"- :gray[{ui.plain(change.field)}]  {before}{after}"


page()
