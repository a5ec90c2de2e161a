"""The person behind a page run."""

from typing import NoReturn

import streamlit as st
from structlog.contextvars import bind_contextvars, clear_contextvars

from core import logs
from core.i18n import set_locale
from pages.shell.gate import COOKIE
from services import accounts
from services.actor import Actor

_OWNER = "_owner"
_ACTOR = "_actor"


def begin() -> Actor:
    """Start a page run: find who is signed in, afresh each time, and bind the page's state to them.

    A tab keeps the cookie of its first connection, so the session row is asked at each run; without a live session
    the browser is sent to the sign-in page and the run ends.
    """
    clear_contextvars()
    bind_contextvars(request_id=logs.new_id())
    token = str(st.context.cookies.get(COOKIE, ""))
    actor = accounts.actor_for(token, ip=st.context.ip_address or "")
    if actor is None:
        _leave()
    if st.session_state.get(_OWNER) != actor.account_id:
        st.session_state.clear()
        st.session_state[_OWNER] = actor.account_id
    st.session_state[_ACTOR] = actor
    set_locale(actor.locale)
    return actor


def current_actor() -> Actor:
    """Return the actor of this page run.

    Not for a button's `on_click` callback: it runs before the script and would find the actor of the run before.
    Pages therefore act in the body, `if st.button(…): service(…)`.
    """
    actor = st.session_state[_ACTOR]
    assert isinstance(actor, Actor)  # noqa: S101 - only `begin` writes it
    return actor


def _leave() -> NoReturn:
    st.session_state.clear()
    st.html("<script>window.top.location.replace('/sign-in')</script>", unsafe_allow_javascript=True)
    st.stop()
