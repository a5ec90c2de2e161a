"""What may stay as it is, each with its reason; the whole matrix fails for a line that is not needed any more."""

from collections.abc import Mapping

ALLOWED: Mapping[tuple[str, str], str] = {
    ("list", "stSidebarNavItems"): "Streamlit puts the headings of the menu's sections into its list",
    ("listitem", "<li class="): "the same list: its items stand in the groups of sections",
    (
        "svg-img-alt",
        "role-mark",
    ): "Vega gives marks a role; a chart's figures are in its table, by the button beside it",
}
"""Rule of axe-core and a part of the place → why it cannot be mended from outside."""
COMMON_WORDS = frozenset({"English", "today"})
"""Lines that are right in Chinese too: the way to the other language, and the name of a symbol."""
