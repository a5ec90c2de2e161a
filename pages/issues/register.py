from dataclasses import dataclass

import streamlit as st

from core.errors import InvalidError, UserError
from core.i18n import gettext as _
from models.issue_log import LinkKind
from pages.common import deed, ui
from pages.common.links import go, number_asked
from pages.common.options import apart
from pages.issues.parts.alike import offer_links
from pages.issues.parts.attachments import attachments
from pages.issues.parts.entry import Entry, close_entry, open_entry, take_lost_text
from pages.issues.parts.said import said_fields
from pages.issues.parts.whose import whose
from pages.shell.session import current_actor
from pages.visits.parts.style import thumb_area
from services import issues
from services.actor import Actor
from services.issues import by_hand
from services.issues.by_hand import Entered, Sheet

_DONE, _ANOTHER = "issue_registered", "issue_another"


@dataclass
class Registered:
    """What has just been registered, told until the person goes elsewhere."""

    issue_id: int
    number: str
    enterprise_id: int
    linked: list[str]
    refused: list[str]
    """Why what was to be linked was not."""
    told: bool = False


def page() -> None:
    """Register a need that was not heard on a visit; what may be the same is offered before it is stored."""
    actor = current_actor()
    with thumb_area():
        ui.header(_("Register an issue"))
        if registered := _registered():
            _done(actor, registered)
            return
        sheet = by_hand.sheet(actor)
        entry = open_entry(number_asked("enterprise"))
        entered = _form(actor, sheet, entry)
        entry.stored = entered
        entry.put_right(by_hand.find_problems(sheet, entered))
        take_lost_text(actor, entry, sheet.last_id)
        offer_links(actor, entry, entered)
        _foot(actor, entry, entered)


def _form(actor: Actor, sheet: Sheet, entry: Entry) -> Entered:
    enterprise_id = whose(actor, sheet, entry)
    entry.problem("enterprise_id")
    said = said_fields(
        entry.key, entry.start, entry.stored, categories=sheet.categories, extra=sheet.extra, problem=entry.problem
    )
    return Entered(**said, enterprise_id=enterprise_id, first_receiver_id=_receiver(actor, sheet, entry))


def _receiver(actor: Actor, sheet: Sheet, entry: Entry) -> int | None:
    if len(sheet.receivers) == 1:
        return None
    ids = list(sheet.receivers)
    start = entry.start.first_receiver_id or actor.pk
    chosen = st.selectbox(
        _("First receiver"), ids, ids.index(start) if start in ids else 0, apart(sheet.receivers),
        entry.key("receiver"), _("Answers for the issue until it is closed, whoever handles it"),
    )  # fmt: skip
    entry.problem("first_receiver_id")
    return chosen


def _foot(actor: Actor, entry: Entry, entered: Entered) -> None:
    if entry.problems:
        told = _("Not registered yet: {count} fields are marked in red above.")
        st.error(told.format(count=len(entry.problems)), icon=":material/error:")
    label = _("Register and link") if entry.links else _("Register")
    if st.button(label, key="register", type="primary", width="stretch", icon=":material/assignment_add:"):
        try:
            deed.once("register", lambda: _register(actor, entered, entry.links), _remember)
        except InvalidError as invalid:
            entry.problems = invalid.problems
            st.rerun()


def _register(actor: Actor, entered: Entered, links: dict[int, tuple[str, str]]) -> Registered:
    """Register and link what was chosen; what cannot be linked any more does not undo the registration."""
    issue = by_hand.register_by_hand(actor, entered)
    done = Registered(issue.pk, issue.number, issue.enterprise_id, linked=[], refused=[])
    for other_id, (number, kind) in links.items():
        try:
            issues.link(actor, issue.pk, other_id, LinkKind.of(kind))
            done.linked.append(number)
        except UserError as refused:
            done.refused.append(str(refused))
    return done


def _remember(done: Registered) -> None:
    st.session_state[_DONE] = done
    close_entry()
    for refused in done.refused:
        ui.flash(refused, icon=":material/link_off:")


def _registered() -> Registered | None:
    """Return what has just been registered; whoever comes back from another page begins anew."""
    done: Registered | None = st.session_state.get(_DONE)
    if done is None:
        return None
    if done.told and _ANOTHER not in st.session_state:
        del st.session_state[_DONE]
        return None
    done.told = True
    return done


def _done(actor: Actor, done: Registered) -> None:
    st.success(_("Registered: {number}").format(number=done.number), icon=":material/check_circle:")
    if done.linked:
        st.caption(_("Linked with {numbers}").format(numbers=_(", ").join(done.linked)))
    st.subheader(_("Attachments"), anchor=False)
    attachments(actor, done.issue_id, may_add=True)
    if st.button(_("Open the issue"), key="open", type="primary", width="stretch", icon=":material/assignment:"):
        go("issues/issue.py", issue=done.issue_id)
    if st.button(_("Another need of this enterprise"), key="same", width="stretch", icon=":material/add:"):
        del st.session_state[_DONE]
        go("issues/register.py", enterprise=done.enterprise_id)
    if st.button(_("Register another issue"), key=_ANOTHER, width="stretch", icon=":material/add:"):
        del st.session_state[_DONE]
        go("issues/register.py")


page()
