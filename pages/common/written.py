"""What people wrote, ready to be shown by Streamlit, which takes text for Markdown nearly everywhere, and by styles."""

import re

_ACTING = re.compile(r"[\\`*_\[\]<$~]|:(?=[a-z/])")
"""What acts within a line; a colon only before the name of a colour or a symbol, and in an address."""


def inline(given: str) -> str:
    r"""Return a text that a label, a tooltip or an option shows as it is.

    There are no blocks of text there, so that fewer signs act; a reader of screens is told the signs that are escaped.
    """
    return _ACTING.sub(r"\\\g<0>", given)


def css(given: str) -> str:
    """Return a text that `content: "…"` of a style shows as it is: administrators may word texts anew.

    Source: CSS Syntax Module Level 3, 4.3.7, where a space ends the number of a sign.
    """
    return "".join(c if c.isalnum() else f"\\{ord(c):x} " for c in given)


def plain(given: str) -> str:
    r"""Return a text that Markdown shows as it is: names and answers of people may hold `*` or `[`."""
    return "".join(f"\\{c}" if c in r"\`*_{}[]()#+-.!|<>:$~" else c for c in given)
