"""The pieces every page is made of: header, empty state, confirmation, message after a rerun, figures.

One look for the whole product: a page begins with `header`, shows `empty` where there is nothing yet, runs its
services inside `told`, and says what it did with `flash` before `st.rerun()`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import text
from core.i18n import gettext as _
from pages.common.written import inline, plain
from pages.shell.errors import told

# The first three entries: up, down, and a line below them. What they do is done by the browser, to the rows it has.
_SORTED_BY_HEADER = """
<style>
[data-testid="stDataFrameColumnMenu"] [role="menu"]:has(> :nth-child(4):empty) > :nth-child(n + 2):nth-child(-n + 4) {
  display: none; }
</style>
"""

__all__ = [
    "Figure", "confirm", "empty", "figures", "flash", "header", "inline", "masked_phone", "plain", "show_flash",
    "steps", "table_height", "told", "undo_bar",
]  # fmt: skip

_FLASH = "_flash"


def sorted_by_header() -> None:
    """Let the menus of columns of a table that is sorted as a whole by its headers not offer to sort one page of it."""
    st.html(_SORTED_BY_HEADER)


def header(title: str, caption: str = "") -> DeltaGenerator:
    """Begin a page: its title, a line below it, and on the right a place for its buttons.

    Args:
        title: the page's title, translated; shown as it is, for it may be a name.
        caption: what the page is about or how much it shows, translated; shown as it is.

    Returns:
        The container for the page's buttons, to be used as `with header(…): st.button(…)`.
    """
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        with st.container(width="content", gap=None):
            st.title(plain(title), anchor=False)
            if caption:
                st.caption(plain(caption))
        return st.container(horizontal=True, horizontal_alignment="right", width="content", gap="small")


def empty(title: str, hint: str, *, icon: str = "inbox") -> DeltaGenerator:
    """Say that there is nothing yet and what to do about it.

    Args:
        title: what is missing, translated.
        hint: what to do, translated.
        icon: name of a Material symbol.

    Returns:
        The container below the text, for the button that does it.
    """
    with st.container(border=True, horizontal_alignment="center", gap="small"):
        st.space("small")
        st.markdown(f"### :gray[:material/{icon}:]", width="content")
        st.markdown(f"**{plain(title)}**", width="content", text_alignment="center")
        st.caption(plain(hint), width="content", text_alignment="center")
        below = st.container(horizontal=True, horizontal_alignment="center")
        st.space("small")
    return below


def confirm(
    label: str,
    question: str,
    *,
    key: str,
    yes: str = "",
    icon: str | None = None,
    width: str = "content",
    disabled: bool = False,
    kind: str = "secondary",
    on_yes: Callable[..., None] | None = None,
    args: tuple[object, ...] = (),
) -> bool:
    """Show a button that asks before it acts; works inside dialogs too.

    Args:
        label: the button, translated.
        question: what will happen, translated; Markdown, so that it can list what is affected.
        key: makes it unique on the page; the button that acts has the key `{key}_yes`.
        yes: the button that acts; `label` if empty.
        icon: as Streamlit writes it, `:material/delete:`.
        width: as Streamlit's.
        disabled: whether it cannot be pressed at all.
        kind: `primary` for the main action of a place.
        on_yes: called before the page runs again, with what was shown when the person confirmed.
        args: what it is called with.

    Returns:
        Whether the person has just confirmed.
    """
    with st.popover(label, icon=icon, width=width, disabled=disabled, key=key, type=kind):  # type: ignore[arg-type]  # literals there
        st.markdown(question)
        return st.button(yes or label, key=f"{key}_yes", type="primary", width="stretch", on_click=on_yes, args=args)


def undo_bar(message: str, *, key: str) -> bool:
    """Say what was just done, with a button that takes it back.

    Args:
        message: what was done, translated; shown as it is.
        key: of the button.

    Returns:
        Whether the person has just pressed it.
    """
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f":material/check_circle: {plain(message)}", width="content")
        return st.button(_("Undo"), key=key, icon=":material/undo:")


def flash(message: str, *, icon: str = ":material/check_circle:") -> None:
    """Remember a message for the next page run: `st.rerun()` and `st.switch_page` would swallow a toast shown now."""
    st.session_state.setdefault(_FLASH, []).append((message, icon))


def show_flash() -> None:
    """Show what `flash` remembered; the frame of every page calls it."""
    for message, icon in st.session_state.pop(_FLASH, []):
        st.toast(message, icon=icon)


def steps(titles: Sequence[str], present: int) -> None:
    """Show the steps of what takes several, counted from 1, those done and the present one marked."""
    with st.container(horizontal=True, gap="small", key="steps"):
        for number, title in enumerate(titles, start=1):
            done = number < present
            st.badge(
                f"{number} {title}",
                icon=":material/check:" if done else None,
                color="green" if done else "blue" if number == present else "gray",
            )


@dataclass(frozen=True)
class Figure:
    """One figure of a row of figures: its name, its value as shown, and a sentence that explains it."""

    label: str
    value: str | int
    help: str = ""
    delta: str | None = None


def figures(row: Sequence[Figure]) -> None:
    """Show figures side by side; on a phone two stand in a row."""
    with st.grid(columns=max(1, len(row)), min_column_width=150):
        for figure in row:
            value = inline(figure.value) if isinstance(figure.value, str) else figure.value
            st.metric(figure.label, value, figure.delta, help=figure.help or None, border=True)


def labelled(label: str, value: str) -> str:
    """Return a label and what it has, with the colon of the language."""
    return _("{label}: {value}").format(label=label, value=value)


def table_height(rows: int, most: int) -> int | Literal["content"]:
    """Return the height of a table: its rows, but if they are more than `most`, what shows `most` of them."""
    return "content" if rows <= most else 33 * (most + 1) + 2


def masked_phone(phone: str) -> str:
    """Return a phone number that tells whose it is without being one: 138****5678."""
    return text.masked_phone(phone)
