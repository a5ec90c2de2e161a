"""What a person sees when something went wrong."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core import logs
from core.errors import UserError
from core.i18n import gettext

_log = logs.get(__name__)


@contextmanager
def told() -> Iterator[None]:
    """Show a `UserError` raised in the block as a sentence on the page and go on after the block."""
    try:
        yield
    except UserError as problem:
        st.error(str(problem), icon=":material/error:")


def show_script_error(problem: Exception) -> bool:
    """Show an error that no page expected: a sentence for the person, the rest in the log under one number.

    Returns:
        True, so that Streamlit shows nothing of its own.
    """
    if isinstance(problem, UserError):
        st.error(str(problem), icon=":material/error:")
        return True
    number = logs.new_id()
    _log.error("page failed", error_number=number, exc_info=problem)
    text = gettext(
        "Something went wrong. Nothing was saved. If it happens again, tell your administrator: number {number}."
    )
    st.error(text.format(number=number), icon=":material/error:")
    return True
