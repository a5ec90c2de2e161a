"""Files to import, made as people and programs make them, and runs carried out without a queue."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import xlsxwriter

from models.importing import ImportRun, ImportState
from services.actor import Actor
from services.importing import runs, work

TITLES = ("企业名称", "统一社会信用代码", "所属网格", "地址", "联系人", "联系电话")


def xlsx(rows: Iterable[Sequence[Any]], *, above: Sequence[str] = (), sheet: str = "企业") -> bytes:
    """Return a workbook; texts in `above` are merged title rows, a `bytes` cell is a formula's shown error."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False}) as book:
        page = book.add_worksheet(sheet)
        day = book.add_format({"num_format": "yyyy/m/d"})
        for number, title in enumerate(above):
            page.merge_range(number, 0, number, 5, title)
        for number, row in enumerate(rows, start=len(above)):
            for place, value in enumerate(row):
                _write(page, number, place, value, day)
    return target.getvalue()


def _write(page: Any, row: int, place: int, value: Any, day: Any) -> None:
    if isinstance(value, bytes):
        page.write_formula(row, place, "=1/0", None, value.decode())
    elif isinstance(value, date):
        page.write_datetime(row, place, value, day)
    elif value is not None:
        page.write(row, place, value)


def checked(
    actor: Actor,
    content: bytes,
    *,
    entity: str = "enterprise",
    name: str = "企业.xlsx",
    header_row: int = 0,
    mapping: dict[str, str] | None = None,
    clear_empty: bool = False,
) -> ImportRun:
    """Upload a file, take the mapping that is offered, and check it as a worker does."""
    run_id = runs.upload(actor, entity, name, io.BytesIO(content))
    layout = runs.layout(actor, run_id, header_row=header_row)
    runs.check(
        actor, run_id, sheet=layout.sheet, header_row=layout.header_row,
        mapping=layout.mapping if mapping is None else mapping, clear_empty=clear_empty,
    )  # fmt: skip
    work.check({"run_id": run_id})
    return runs.get(actor, run_id)


def imported(actor: Actor, content: bytes, *, good_rows_only: bool = False, **more: Any) -> ImportRun:
    """Check a file and import it."""
    run = checked(actor, content, **more)
    if run.state is not ImportState.READY:
        return run
    runs.confirm(actor, run.pk, good_rows_only=good_rows_only)
    work.apply({"run_id": run.pk})
    return runs.get(actor, run.pk)


def reasons(actor: Actor, run: ImportRun) -> list[tuple[int, str, str]]:
    """Return the problems of a run: row, column, reason."""
    return [(each.row_number, each.column, each.reason) for each in runs.problems(actor, run.pk)]
