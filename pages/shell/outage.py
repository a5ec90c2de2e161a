"""What people see while the database or the server is away: a banner that goes by itself, over a page that stays.

A page that finds no database waits for it: what is typed stays in its fields, and nothing has been done that could be
done twice. `outage.js` draws the banner in the browser, looks whether all is well again, and says so.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from html import escape
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core import logs
from core.errors import UserError
from core.i18n import N_, gettext, in_locale, locale
from core.reaching import DatabaseError, Trouble, reason, trouble
from pages.shell.cookies import LANGUAGE
from pages.shell.turns import turns

T = TypeVar("T")
_SLOT, _LANGUAGE, _FAILED, _TOLD = "_outage_slot", "_outage_language", "_outage_failed", "_outage_told"
_LOOK_SECONDS = 0.5
_LONGEST = {Trouble.GONE: 600.0, Trouble.BUSY: 60.0, Trouble.FULL: 0.0}
"""Seconds a page waits; then it says that it gave up."""
_TRIES = 1
_log = logs.get(__name__)

WAITING = {
    Trouble.GONE: N_("The database cannot be reached just now. What you entered is still here; please leave this page "
                     "open. It goes on by itself."),
    Trouble.BUSY: N_("The system is very busy. Your step is in the queue; please leave this page open."),
    Trouble.FULL: N_("The disk of the database is full: nothing can be saved. Please tell your administrator."),
}  # fmt: skip
"""What the banner says while a page waits."""
GIVEN_UP = {
    Trouble.GONE: N_("The database cannot be reached just now. What you did last may not have been done; look before "
                     "you do it again."),
    Trouble.BUSY: N_("The database took too long. What you did last was not done; please try again in a moment."),
    Trouble.FULL: N_("The disk of the database is full: what you did last was not saved. Please tell your "
                     "administrator."),
}  # fmt: skip
"""What a page says that did not wait, or waited in vain."""
NOT_YET = N_("The database cannot be reached just now.")
SIGN_IN = N_("The database cannot be reached just now; you are not signed in. Please try again in a moment.")
_LOST = N_("The connection to the server is interrupted. What you entered is still here; it is connecting again.")
_BACK = N_("All is well again and what you entered is still here. If a button you pressed did nothing, press it again.")


def sign_in_refusal(problem: BaseException) -> UserError | None:
    """Return what to tell somebody whom the database's state keeps from signing in; `None` for other errors."""
    return UserError(SIGN_IN) if trouble(problem) else None


def wait(found: Trouble, again: Callable[[], Trouble | None]) -> bool:
    """Wait in a page until `again` finds no trouble, with a banner; elsewhere nobody waits.

    Args:
        found: what is wrong.
        again: tries once more and returns what is wrong then.

    Returns:
        Whether all is well again.
    """
    if get_script_run_ctx(suppress_warning=True) is None:
        return False
    _show(found)
    ends = time.monotonic() + _LONGEST[found]
    while again() is not None:  # no word to the browser here: it could cut the run short
        if time.monotonic() > ends:
            return False
        with turns.given_back():
            time.sleep(_LOOK_SECONDS)
    return True


def begin() -> None:
    """Begin a page run: the place for the banner comes first, so that showing it moves nothing."""
    slot = st.session_state[_SLOT] = st.empty()
    st.session_state.setdefault(_LANGUAGE, str(st.context.cookies.get(LANGUAGE, "")))
    if told := st.session_state.pop(_TOLD, ""):
        slot.warning(told, icon=":material/warning:")


def watch() -> str:
    """Return what lets the browser watch the connection: part of the frame of every page."""
    st.session_state[_LANGUAGE] = locale()
    return _banner("", _LOST)


def asked(question: Callable[[], T]) -> T:
    """Return what `question` reads; if the database fails in the middle, it is asked once more.

    For what is read before the page asked for is known: a run that began again there would show the start page. It
    must change nothing that may not be changed twice.
    """
    try:
        return question()
    except DatabaseError as problem:
        if trouble(problem) is None:
            raise
        _log.warning("asked again", trouble=trouble(problem), reason=reason(problem))
        return question()


@contextmanager
def survived() -> Iterator[None]:
    """Draw a page again that the database failed in the middle, and say that its last step may not have been done."""
    try:
        yield
    except DatabaseError as problem:
        found, tries = trouble(problem), st.session_state.get(_FAILED, 0) + 1
        if found is None or tries > _TRIES:
            raise
        _log.warning("page begins again", trouble=found, reason=reason(problem))
        st.session_state[_FAILED] = tries
        st.session_state[_TOLD] = gettext(GIVEN_UP[found])
        st.rerun()
    st.session_state.pop(_FAILED, None)


def show_given_up(found: Trouble) -> None:
    """Say in a page that cannot be drawn again that its last step was cut short; it is loaded anew by itself."""
    with suppress(StreamlitAPIException):  # a fragment may not write into a place outside of itself
        st.session_state.get(_SLOT, st).empty()  # it may say so already, from the run before
    st.error(gettext(GIVEN_UP[found]), icon=":material/error:")
    if found is Trouble.GONE:
        st.html(_banner("reload", GIVEN_UP[found]), unsafe_allow_javascript=True)


def _show(found: Trouble) -> None:
    slot: DeltaGenerator | None = st.session_state.get(_SLOT)
    with in_locale(st.session_state.get(_LANGUAGE, "")):
        html = _banner(found, WAITING[found])
    try:
        (slot or st).html(html, unsafe_allow_javascript=True)
    except StreamlitAPIException:  # as in `show_given_up`
        st.html(html, unsafe_allow_javascript=True)


def _banner(kind: str, text: str) -> str:
    """Return what starts `outage.js`; the number makes each one new, for a browser runs a script it knows only once."""
    number = logs.new_id() if kind else ""
    words = {"kind": kind, "number": number, "text": gettext(text), "back": gettext(_BACK)}
    data = " ".join(f'data-{name}="{escape(value)}"' for name, value in words.items())
    return f'<div class="qianqi-outage" {data}></div><script src="/shell/outage.js?{number}"></script>'
