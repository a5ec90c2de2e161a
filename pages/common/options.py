"""What can be chosen, as Streamlit shows it: it knows an option by its text alone, and of equal ones takes the last."""

from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar

from core.text import told_apart

K = TypeVar("K", bound=Hashable)


def apart(options: Mapping[K, str]) -> Callable[[K], str]:
    """Return the `format_func` of a widget, by which no two options are called the same.

    Args:
        options: option → its text, translated.

    Returns:
        A function that raises `KeyError` for what is offered no more, as Streamlit expects it to.
    """
    return told_apart(options).__getitem__
