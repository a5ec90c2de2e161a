"""A list of the log as an Excel workbook: all that its filters leave, page by page."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from core.i18n import format_number
from core.i18n import gettext as _
from pages.common import sheets
from pages.reminders.log.rows import Column

PAGE = 500
"""Lines asked for at once."""
_MOST = 20_000


def button(
    key: str, title: str, columns: Mapping[str, Column], pages: Callable[[], Iterator[Sequence[Mapping[str, Any]]]]
) -> None:
    """Show the button that hands a list out.

    Args:
        key: makes it unique on the page.
        title: names the file, translated.
        columns: those of the list.
        pages: returns the rows of the whole list, page by page; asked when the button is pressed.
    """

    def rows() -> list[Mapping[str, Any]]:
        return list(islice((row for page in pages() for row in page), _MOST))

    titles = {name: column.title for name, column in columns.items()}
    label = _("Excel (at most {count} lines)").format(count=format_number(_MOST))
    sheets.excel_button(key, title, titles, rows, label=label)
