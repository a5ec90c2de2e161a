import streamlit as st

from core.errors import InvalidError, UserError
from core.i18n import format_date, format_moment
from core.i18n import gettext as _
from pages.common import ui
from pages.common.links import go, number_asked, page_path, profile_link
from pages.common.mirror import lost_text
from pages.shell.session import current_actor
from pages.visits.parts.form import form, text_questions
from pages.visits.parts.problems import problem_summary
from pages.visits.parts.registered import remember
from pages.visits.parts.state import (
    Entry,
    close_entry,
    known_texts,
    open_entry,
    put_right,
    rearranged,
    save,
    take_lost_text,
    told_other,
)
from pages.visits.parts.style import thumb_area
from services.actor import Actor
from services.visits import recording, unplanned
from services.visits.content import Content
from services.visits.recording import Registered, Sheet


def page() -> None:
    """Record a visit; everything entered is kept as a draft until it is handed in."""
    actor = current_actor()
    visit_id = number_asked("visit")
    with thumb_area():
        st.page_link(page_path("visits/today.py"), label=_("Today’s visits"), icon=":material/arrow_back:")
        if visit_id is None:
            ui.empty(_("No visit chosen"), _("Choose one from today’s visits."))
            return
        try:
            sheet = recording.sheet(actor, visit_id)
        except UserError as refused:
            close_entry(visit_id)
            ui.empty(str(refused), _("Your other visits are on the list of today."), icon="lock")
            return
        _record(actor, sheet)


def _record(actor: Actor, sheet: Sheet) -> None:
    entry = open_entry(sheet)
    _head(sheet)
    before = entry.stored
    content = form(actor, sheet, entry)
    replaced = save(actor, entry, content)
    if rearranged(entry, before, content) or put_right(entry, content, sheet.rules) or replaced:
        st.rerun()  # a press that came along is not carried out: what another device had is told first
    lost = lost_text(
        form=sheet.visit_id,
        keys=entry.stem,
        account_id=actor.pk,
        version=sheet.assignment,
        run=entry.run,
        known=known_texts(content, text_questions(sheet)),
        taken=entry.taken,
        note_field="summary",
    )
    if lost:
        take_lost_text(entry, content, lost)
        st.rerun()
    _foot(actor, sheet, entry, content)


def _head(sheet: Sheet) -> None:
    st.header(ui.plain(sheet.enterprise), anchor=False)
    st.caption(ui.plain(" · ".join(part for part in (sheet.campaign, sheet.address) if part)))
    profile_link(sheet.enterprise_id)
    if sheet.return_reason:
        reason = ui.plain(sheet.return_reason)
        st.warning(_("Returned for completion: {reason}").format(reason=reason), icon=":material/undo:")
    if sheet.last_visit:
        message = _("{visitor} visited this enterprise on {day} already. Disturb it again only for good reason.")
        last = sheet.last_visit
        shown = message.format(visitor=ui.plain(last.visitor), day=format_date(last.day))
        st.warning(shown, icon=":material/history:")
    for issue in sheet.kept_issues:
        st.caption(f":material/check: {issue.number} {ui.plain(issue.text[:60])}")
    for promise in sheet.kept_promises:
        st.caption(f":material/handshake: {ui.plain(promise.text[:60])} · {format_date(promise.due_on)}")


def _other_device(entry: Entry) -> None:
    """Tell that another device had entered something else, and offer it: nothing is lost by the newest winning."""
    if entry.other is None:
        return
    st.info(told_other(entry.other))
    if st.button(_("Use what the other device had"), key=entry.key("use_other")):
        entry.renew(entry.other.content)
        entry.stored, entry.other = entry.start, None
        st.rerun()


def _foot(actor: Actor, sheet: Sheet, entry: Entry, content: Content) -> None:
    problem_summary(entry)
    _other_device(entry)
    key = f"hand_in_{sheet.visit_id}"
    if st.button(_("Hand in"), key=key, type="primary", width="stretch", icon=":material/send:"):
        try:
            registered = recording.hand_in(actor, sheet.visit_id, sheet.version, content)
        except InvalidError as invalid:
            entry.problems = invalid.problems
            st.rerun()
        _thank(actor, sheet, registered)
    if entry.saved_at:
        st.caption(_("Draft saved {time}").format(time=format_moment(entry.saved_at)[-5:]))
    if sheet.unplanned and st.button(_("Give up this visit"), key="drop", type="tertiary", icon=":material/close:"):
        unplanned.drop(actor, sheet.visit_id)
        close_entry(sheet.visit_id)
        go("visits/today.py")


def _thank(actor: Actor, sheet: Sheet, registered: list[Registered]) -> None:
    close_entry(sheet.visit_id)
    enterprise = ui.plain(sheet.enterprise)
    message = _("Handed in: {enterprise}").format(enterprise=enterprise)
    if registered:
        numbers = _(", ").join(each.number for each in registered)
        message += "  \n" + _("Registered: {numbers}").format(numbers=numbers)
    ui.flash(message)
    remember(actor, enterprise, registered)
    go("visits/today.py")


page()
