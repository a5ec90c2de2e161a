"""Streamlit's own words, which are English: what they are in the page's language, for `words.js` to put in place."""

import json
from html import escape

from core.i18n import N_
from core.i18n import gettext as _

_WORDS = (
    # the frame
    N_("Skip to main content"), N_("Sidebar"), N_("Collapse sidebar"), N_("Expand sidebar"), N_("App pages"),
    N_("Navigate to home page"), N_("Logo"),
    # fields
    N_("No results"), N_("Choose an option"), N_("Choose options"), N_("Select all"), N_("Select {} matches"),
    N_("Add: {}"), N_("Remove {}"), N_("Selected values"), N_("Clear value"), N_("Clear all"), N_("Clear entry"),
    N_("Increment"), N_("Decrement"), N_("Dismiss"), N_("Upload"), N_("Add files"), N_("file upload"),
    # days
    N_("Choose date"), N_("Choose date range"), N_("Choose date and time"), N_("Clear date"), N_("Clear dates"),
    N_("Clear date and time"), N_("Clear time"), N_("Previous month"), N_("Next month"), N_("Date range"),
    N_("Quick select a date range"), N_("Select..."), N_("Past Week"), N_("Past Month"), N_("Past 3 Months"),
    N_("Past 6 Months"), N_("Past Year"), N_("Past 2 Years"), N_("Time"), N_("yyyy"), N_("mm"), N_("dd"),
    N_("Use arrow keys to navigate dates. Enter to select. Escape to close."),
    # tables
    N_("Pagination"), N_("Previous page"), N_("Next page"), N_("Page {}"), N_("Show/hide columns"),
    N_("Previous Result"), N_("Next Result"), N_("Close Search"), N_("Fullscreen"), N_("Close fullscreen"),
    N_("Clear selection"), N_("Dataframe column menu"), N_("Copy column name"), N_("Sort ascending"),
    N_("Sort descending"), N_("Statistics"), N_("Format"), N_("Autosize"), N_("Pin column"), N_("Unpin column"),
    N_("Hide column"), N_("Count"), N_("Values"), N_("Empty"), N_("Distinct"), N_("Sum"), N_("Average"), N_("Median"),
    N_("Minimum"), N_("Maximum"), N_("Range"), N_("Standard deviation"), N_("Minimum length"), N_("Maximum length"),
    N_("Average length"), N_("Based on sample"), N_("No data"), N_("Automatic"), N_("Localized"), N_("Plain"),
    N_("Compact"), N_("Dollar"), N_("Euro"), N_("Yen"), N_("Percent"), N_("Scientific"), N_("Accounting"),
    N_("Distance"), N_("Duration"),
    # charts
    N_("Show data"), N_("Show chart"), N_("Show data: {}"), N_("Show chart: {}"), N_("Fullscreen: {}"),
    N_("Close fullscreen: {}"),
)  # fmt: skip

_OTHERS = {
    "Open": N_("Show the choices"), "Close": N_("Close the window"), "Search": N_("Search in the table"),
    "Calendar": N_("Day, in words"),
}  # fmt: skip
"""Words that mean something else elsewhere in the product, or would be told of two things on one page."""


def spoken() -> str:
    """Return what lets the browser put Streamlit's words into the page's language: part of the frame of every page."""
    every = {each: each for each in _WORDS} | _OTHERS
    words = {english: said for english, ours in every.items() if (said := _(ours)) != english}
    data = escape(json.dumps(words, ensure_ascii=False))
    return f'<div hidden data-qianqi-words="{data}"></div><script src="/shell/words.js"></script>'
