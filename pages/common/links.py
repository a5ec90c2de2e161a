"""Going from one page to another."""

from pathlib import Path
from typing import NoReturn
from urllib.parse import parse_qsl, urlsplit

import streamlit as st

from core.i18n import gettext as _
from pages.shell.navigation import Entry, entry_of
from services.actor import Actor
from services.permissions import allows

_ROOT = Path(__file__).parent.parent
_HERE, _LEFT, _GOING = "page_here", "pages_left", "page_going"


def page_path(file: str) -> str:
    """Return how Streamlit names a page of the menu.

    Args:
        file: the page's file under `pages/`, such as `visits/today.py`.
    """
    return str(_ROOT / file)


def go(file: str, **query: object) -> NoReturn:
    """Leave for another page.

    Args:
        file: the page's file under `pages/`.
        **query: what its address carries, such as `visit=12`; a list stands there value by value.
    """
    texts = {
        key: [str(each) for each in value] if isinstance(value, list) else [str(value)] for key, value in query.items()
    }
    if (here := st.session_state.get(_HERE)) is not None:
        st.session_state[_LEFT][here] = (asked(), texts)
        st.session_state[_GOING] = True
    st.switch_page(page_path(file), query_params=texts)


def arrive(place: str) -> None:
    """Note which page is shown; one that comes back by the browser's button is asked again what it was asked.

    Streamlit writes the query of the page that is gone to over that of the page that is left, and the browser keeps
    it there: its button leads to the right page with the other page's query.

    Args:
        place: the page's path, empty for the start page.
    """
    own, written = st.session_state.setdefault(_LEFT, {}).pop(place, ({}, None))
    if not st.session_state.pop(_GOING, False) and written and asked() == written:
        st.query_params.from_dict(own)
    st.session_state[_HERE] = place


def asked() -> dict[str, list[str]]:
    """Return what the page's address asks: name → values."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def entry_at(path: str, actor: Actor) -> Entry | None:
    """Return the page at a path such as `/visits-record?visit=12` if the actor may open it."""
    entry = entry_of(path)
    return entry if entry and allows(actor, entry.action) else None


def go_to(path: str, entry: Entry) -> NoReturn:
    """Leave for the page at a path, which `entry_at` has found."""
    go(entry.file, **dict(parse_qsl(urlsplit(path).query)))


def profile_link(enterprise_id: int) -> None:
    """Show the link to an enterprise's profile."""
    st.page_link(
        page_path("enterprises/profile.py"),
        label=_("Enterprise profile"),
        icon=":material/domain:",
        query_params={"enterprise": str(enterprise_id)},
    )


def number_asked(name: str) -> int | None:
    """Return the number the page's address carries under `name`, or `None`."""
    given = st.query_params.get(name, "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else None
