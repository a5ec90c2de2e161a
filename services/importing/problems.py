"""The workbook of the rows that cannot be imported: to be corrected in Excel and uploaded again as it is."""

from contextlib import ExitStack
from io import BytesIO
from typing import Any

from core.i18n import gettext
from services.exporting import text_width, written_by_rows
from services.importing import cells
from services.importing.drafts import Draft
from services.importing.header import REASON, ROW_NUMBER, is_ours
from services.importing.plan import Plan
from services.importing.readers import Cell

_OURS = 2
_WIDEST = 40


class ProblemsBook:
    """Written row by row, so that memory does not grow with the rows; nothing is made unless there is a row."""

    def __init__(self, plan: Plan) -> None:
        """Prepare for one file."""
        self._places = [place for place, title in enumerate(plan.titles) if title and not is_ours(title)]
        self._titles = plan.titles
        self._texts = {column.place for column in plan.columns if column.convert.is_text}
        self._target = BytesIO()
        self._stack = ExitStack()
        self._book: Any = None
        self.count = 0

    def add(self, draft: Draft) -> None:
        """Write a bad row: what is wrong with it, then all its cells, the bad ones marked."""
        if self._book is None:
            self._begin()
        self.count += 1
        bad = {problem.column for problem in draft.problems}
        self._sheet.write_string(self.count, 0, reasons(draft), self._reason)
        self._sheet.write_number(self.count, 1, draft.number)
        for place, source in enumerate(self._places, start=_OURS):
            cell = draft.cells[source] if source < len(draft.cells) else ""
            self._write(place, source, cell, marked=self._titles[source] in bad)

    def finish(self) -> bytes:
        """Return the workbook, or nothing if no row was written."""
        self._stack.close()
        return self._target.getvalue()

    def _begin(self) -> None:
        self._book = self._stack.enter_context(written_by_rows(self._target))
        self._sheet = self._book.add_worksheet(gettext("To be corrected"))
        self._text = self._book.add_format({"num_format": "@"})
        self._reason = self._book.add_format({"text_wrap": True, "font_color": "#B42318", "valign": "top"})
        self._marks = {
            text: self._book.add_format({"bg_color": "#FDE2E1", "num_format": "@" if text else "General"})
            for text in (True, False)
        }
        header = self._book.add_format({"bold": True, "bg_color": "#E8EEF8", "bottom": 1})
        titles = [gettext(REASON), gettext(ROW_NUMBER), *(self._titles[place] for place in self._places)]
        for place, title in enumerate(titles):
            text = place >= _OURS and self._places[place - _OURS] in self._texts
            width = 44 if place == 0 else min(max(text_width(title) + 4, 16 if place >= _OURS else 10), _WIDEST)
            self._sheet.set_column(place, place, width, self._text if text else None)
            self._sheet.write_string(0, place, title, header)
        self._sheet.freeze_panes(1, _OURS)

    def _write(self, place: int, source: int, cell: Cell, *, marked: bool) -> None:
        is_text = source in self._texts
        style = self._marks[is_text] if marked else self._text if is_text else None
        if cell == "":
            self._sheet.write_blank(self.count, place, None, style)
        elif isinstance(cell, bool):
            self._sheet.write_boolean(self.count, place, cell, style)
        elif isinstance(cell, int | float) and not is_text:
            self._sheet.write_number(self.count, place, cell, style)
        else:
            self._sheet.write_string(self.count, place, cells.shown(cell), style)


def reasons(draft: Draft) -> str:
    """Return what is wrong with a row in one text."""
    return gettext("; ").join(
        gettext("{field}: {problem}").format(field=problem.column, problem=problem.reason)
        if problem.column
        else problem.reason
        for problem in draft.problems
    )
