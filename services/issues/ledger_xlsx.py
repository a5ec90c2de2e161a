"""The official 问题台账: any query of the ledger as a workbook to be printed, signed and filed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from itertools import islice
from math import ceil
from typing import Any, Literal

from sqlmodel import Session, col, func, select

from core import clock
from core.i18n import N_, gettext, in_locale
from models.issue import Issue
from services import audit_trail, exporting
from services.actor import Actor
from services.issues import ledger, official
from services.issues.official import Line, answer
from services.permissions import Action
from services.use_case import use_case

Paper = Literal["A3", "A4"]
OFFICIAL_LOCALE = "zh_CN"
"""Official papers are in Chinese, whatever language the person works in."""
_BATCH = 1000
_PAPERS: dict[Paper, int] = {"A3": 8, "A4": 9}
_SIZES: dict[Paper, int] = {"A3": 10, "A4": 11}
"""Points of the text: all columns fit the page's width, so what is printed on the smaller paper shrinks more."""
_CELL_LIMIT = 32_767  # of Excel
_HIGHEST = 409  # points, of Excel
_HEADER_ROW = 2
_TITLE_FONT, _HEADER_FONT, _BODY_FONT = "方正小标宋简体", "黑体", "仿宋_GB2312"


@dataclass(frozen=True)
class Column:
    """A column: its title, how many characters wide it is, and what it says of an issue."""

    title: str
    width: float
    value: Callable[[Line], str | date | None]
    centred: bool = True


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(clock.zone()).date() if moment else None


def _remarks(line: Line) -> str:
    """Return what is remarked, and that the time limit may still move: its own cell holds nothing but the day."""
    provisional = gettext("Deadline is provisional") if line.provisional else ""
    return "；".join(part for part in (line.note, provisional) if part)


COLUMNS = (
    Column(N_("Entry no."), 15, lambda line: line.issue.number),
    Column(N_("Enterprise name"), 17, lambda line: line.enterprise, centred=False),
    Column(N_("Street and grid"), 12, lambda line: line.place),
    Column(N_("Contact and phone"), 12, lambda line: f"{line.contact} {line.phone}".strip()),
    Column(N_("Category of the issue"), 10, lambda line: line.category),
    Column(N_("Description of the issue"), 32, lambda line: line.issue.text, centred=False),
    Column(N_("Source (mode and day of the visit)"), 11, lambda line: line.source),
    Column(N_("First receiver"), 8, lambda line: line.first_receiver),
    Column(N_("Lead department"), 11, lambda line: line.department),
    Column(N_("Assisting departments"), 11, lambda line: line.assisting),
    Column(N_("Day of registration"), 11, lambda line: _day(line.issue.created_at)),
    Column(N_("Day of dispatch"), 11, lambda line: _day(line.issue.dispatched_at)),
    Column(N_("Time limit"), 11, lambda line: _day(line.due_at)),
    Column(N_("Progress and measures"), 26, lambda line: line.progress, centred=False),
    Column(N_("Day of resolution"), 11, lambda line: _day(line.issue.resolved_at)),
    Column(N_("Solved?"), 6, lambda line: answer(line.issue.solved)),
    Column(N_("Enterprise satisfied?"), 6, lambda line: answer(line.issue.satisfied)),
    Column(N_("Called back by"), 8, lambda line: line.caller),
    Column(N_("Day of closure"), 11, lambda line: _day(line.issue.closed_at)),
    Column(N_("Remarks"), 12, _remarks, centred=False),
)


def ledger_workbook(actor: Actor, query: ledger.Query, *, paper: Paper = "A3") -> bytes:
    """Return the official ledger of the issues a query leaves; the audit log notes it.

    Args:
        actor: who asks; phone numbers are masked where they may not see them.
        query: search, filters and order of the ledger.
        paper: what it is printed on, in landscape.

    Raises:
        NotAllowedError: the role may not export issues.
    """
    with use_case(actor, Action.ISSUE_EXPORT) as session, in_locale(OFFICIAL_LOCALE):
        statement = ledger.statement(session, actor, query, Action.ISSUE_EXPORT)
        counted = statement.with_only_columns(col(Issue.id)).order_by(None).subquery()
        count = session.exec(select(func.count()).select_from(counted)).one()
        found = session.exec(statement.execution_options(yield_per=_BATCH))
        content = _workbook(official.unit(session, actor), count, _lines(session, actor, iter(found)), paper)
        filters = {key: str(value) for key, value in query.filters.items() if value}
        audit_trail.note(
            session, "issue", "", "exported", rows=count, form="official_ledger", search=query.search,
            filters=filters | {"view": query.view.value},
        )  # fmt: skip
        return content


def _lines(session: Session, actor: Actor, found: Iterator[Issue]) -> Iterator[Line]:
    while batch := list(islice(found, _BATCH)):
        yield from official.lines(session, actor, batch)


def _workbook(unit: str, count: int, lines: Iterator[Line], paper: Paper) -> bytes:
    """Write row by row, so that memory does not grow with the number of issues."""
    target = BytesIO()
    with exporting.written_by_rows(target) as book:
        sheet = book.add_worksheet(gettext("Issue ledger"))
        _set_up(sheet, paper)
        styles = _Styles(book, _SIZES[paper])
        _head(sheet, styles, unit, count)
        for number, line in enumerate(lines, start=1):
            _row(sheet, styles, number, line)
    return target.getvalue()


class _Styles:
    """How cells look."""

    def __init__(self, book: Any, size: int) -> None:
        self.size = size
        cell = {"font_name": _BODY_FONT, "font_size": size, "border": 1, "text_wrap": True, "valign": "vcenter"}
        plain = {"font_name": _BODY_FONT, "font_size": 12, "valign": "vcenter"}
        self.title = book.add_format(plain | {"font_name": _TITLE_FONT, "font_size": 22, "align": "center"})
        self.left = book.add_format(plain)
        self.right = book.add_format(plain | {"align": "right"})
        header = {"font_name": _HEADER_FONT, "font_size": size + 1, "bg_color": "#F2F2F2", "align": "center"}
        self.header = book.add_format(cell | header)
        self.text = book.add_format(cell)
        self.centred = book.add_format(cell | {"align": "center"})
        self.day = book.add_format(cell | {"align": "center", "num_format": "yyyy-mm-dd"})


def _set_up(sheet: Any, paper: Paper) -> None:
    """Landscape, as wide as the page, its header on every page, pages numbered, room to sign."""
    sheet.set_paper(_PAPERS[paper])
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.center_horizontally()
    sheet.repeat_rows(_HEADER_ROW)
    sheet.freeze_panes(_HEADER_ROW + 1, 3)
    pages = gettext("Page {page} of {pages}").format(page="&P", pages="&N")
    sheet.set_footer(f"&L{gettext('Filled in by:')}&C{pages}&R{gettext('Checked by:')}{' ' * 20}")
    sheet.set_column(0, 0, 5)
    for place, column in enumerate(COLUMNS, start=1):
        sheet.set_column(place, place, column.width)


def _head(sheet: Any, styles: _Styles, unit: str, count: int) -> None:
    last, middle = len(COLUMNS), len(COLUMNS) // 2
    programme = gettext("Government services into a thousand enterprises")
    sheet.set_row(0, 40)
    title = gettext("“{programme}” ledger of issues raised in visits").format(programme=programme)
    sheet.merge_range(0, 0, 0, last, title, styles.title)
    today = clock.today()
    sheet.set_row(1, 22)
    sheet.merge_range(1, 0, 1, middle, gettext("Handed in by: {unit}").format(unit=unit), styles.left)
    dated = gettext("{count} issues    Day: {year}-{month}-{day}").format(
        count=count, year=today.year, month=today.month, day=today.day
    )
    sheet.merge_range(1, middle + 1, 1, last, dated, styles.right)
    sheet.set_row(_HEADER_ROW, 34)
    sheet.write_string(_HEADER_ROW, 0, gettext("No."), styles.header)
    for place, column in enumerate(COLUMNS, start=1):
        sheet.write_string(_HEADER_ROW, place, gettext(column.title), styles.header)


def _row(sheet: Any, styles: _Styles, number: int, line: Line) -> None:
    row = _HEADER_ROW + number
    values = [column.value(line) for column in COLUMNS]
    sheet.set_row(row, _height(values, styles.size))
    sheet.write_number(row, 0, number, styles.centred)
    for place, (column, value) in enumerate(zip(COLUMNS, values, strict=True), start=1):
        if isinstance(value, date):
            sheet.write_datetime(row, place, datetime(value.year, value.month, value.day), styles.day)  # noqa: DTZ001 - a cell has no zone
        elif value:  # a string cell: what begins like a formula is text all the same
            sheet.write_string(row, place, value[:_CELL_LIMIT], styles.centred if column.centred else styles.text)
        else:
            sheet.write_blank(row, place, None, styles.centred)


def _height(values: list[str | date | None], size: int) -> int:
    """Return the points a row needs: spreadsheets do not measure wrapped text in files they have not made."""
    counts = [_lines_of(value, column, size) for column, value in zip(COLUMNS, values, strict=True)]
    return min(round(max(2, *counts) * size * 1.4), _HIGHEST)


def _lines_of(value: str | date | None, column: Column, size: int) -> int:
    if not isinstance(value, str):
        return 1
    wide = (column.width - 1) * 10 / size
    return sum(max(1, ceil(exporting.text_width(part) / wide)) for part in value.split("\n"))
