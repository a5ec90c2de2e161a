"""The person behind a page run."""

from typing import NoReturn

import streamlit as st
from structlog.contextvars import bind_contextvars, clear_contextvars

from core import logs
from core.i18n import set_locale
from pages.shell.cookies import LANGUAGE, session_cookie
from services import accounts, texts
from services.actor import Actor

_OWNER = "_owner"
_ACTOR = "_actor"


def begin() -> Actor:
    """Start a page run: find who is signed in, afresh each time, and hold the page's state to that one person.

    A tab keeps the cookie of its first connection, so the session row is asked at each run; without a live session
    the browser is sent to the sign-in page and the run ends. A tab that comes back as somebody else is loaded anew,
    for what it holds is not theirs.
    """
    clear_contextvars()
    bind_contextvars(request_id=logs.new_id())
    texts.refresh()
    token = str(st.context.cookies.get(session_cookie(), ""))
    actor = accounts.actor_for(token, ip=st.context.ip_address or "")
    if actor is None or st.session_state.get(_OWNER, actor.account_id) != actor.account_id:
        leave()
    bind_contextvars(account_id=actor.account_id)
    st.session_state[_OWNER] = actor.account_id
    st.session_state[_ACTOR] = actor
    set_locale(actor.locale or str(st.context.cookies.get(LANGUAGE, "")))
    return actor


def current_actor() -> Actor:
    """Return the actor of this page run.

    In a fragment or an `on_click` callback it is the actor of the run before; services refuse it if its session has
    ended since.
    """
    actor = st.session_state[_ACTOR]
    assert isinstance(actor, Actor)  # noqa: S101 - only `begin` writes it
    return actor


def leave() -> NoReturn:
    """Forget what the tab holds, send it to the sign-in page (which lets through who is signed in), end the run."""
    show_leaving()
    st.stop()


def show_leaving() -> None:
    """Forget what the tab holds and send it to the sign-in page."""
    st.session_state.clear()
    st.html('<script src="/shell/leave.js"></script>', unsafe_allow_javascript=True)
