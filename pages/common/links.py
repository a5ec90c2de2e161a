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
        key: [str(each) for each in value] if isinstance(value, list) else str(value) for key, value in query.items()
    }
    st.switch_page(page_path(file), query_params=texts)


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
