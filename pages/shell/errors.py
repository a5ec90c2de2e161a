"""What a person sees when something went wrong."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import logs
from core.errors import InvalidError, NotSignedInError, UserError
from core.i18n import gettext
from core.reaching import reason, trouble
from pages.common.written import inline
from pages.shell import outage
from pages.shell.session import show_leaving

_log = logs.get(__name__)


@contextmanager
def told(slots: Mapping[str, DeltaGenerator] | None = None) -> Iterator[None]:
    """Show a `UserError` raised in the block as a sentence on the page and go on after the block.

    Args:
        slots: field key → the place below that field, as `pages.common.fields.inputs` fills it; a message about a
            field is shown there, every other one here.
    """
    try:
        yield
    except NotSignedInError:
        raise  # `show_script_error` takes the person to the sign-in page
    except InvalidError as problem:
        _tell_each(problem, slots or {})
    except UserError as problem:
        st.error(inline(str(problem)), icon=":material/error:")


def _tell_each(problem: InvalidError, slots: Mapping[str, DeltaGenerator]) -> None:
    for key, message in problem.problems.items():
        if key in slots:
            slots[key].error(inline(message), icon=":material/error:")
    elsewhere = [message for key, message in problem.problems.items() if key not in slots]
    if elsewhere:
        st.error("  \n".join(map(inline, elsewhere)), icon=":material/error:")


def show_script_error(problem: Exception) -> bool:
    """Show an error that no page expected: a sentence for the person, the rest in the log under one number.

    Returns:
        True, so that Streamlit shows nothing of its own.
    """
    if isinstance(problem, NotSignedInError):
        show_leaving()
        return True
    if isinstance(problem, UserError):
        st.error(inline(str(problem)), icon=":material/error:")
        return True
    if found := trouble(problem):
        _log.warning("page gave up", trouble=found, reason=reason(problem))
        outage.show_given_up(found)
        return True
    number = logs.new_id()
    _log.error("page failed", error_number=number, exc_info=problem)
    text = gettext(
        "Something went wrong. Nothing was saved. If it happens again, tell your administrator: number {number}."
    )
    st.error(text.format(number=number), icon=":material/error:")
    return True
