"""Files to fill in: titles, a help at each, lists to choose from, and a second sheet with an example."""

from io import BytesIO
from itertools import zip_longest
from typing import Any

import xlsxwriter
from sqlmodel import Session

from core.i18n import N_, gettext
from models.fields import KIND_LABELS, FieldKind, FieldSpec
from services.actor import Actor
from services.entities import references
from services.exporting import sheet_name, text_width, written_by_rows
from services.importing import plan
from services.importing.importer import Importer
from services.importing.registry import importer_of
from services.permissions import Action, require
from services.use_case import use_case

_ROWS = 1000
"""How far down the lists to choose from reach; Excel copies them further when rows are added."""
_INLINE = 255
"""Most characters of a list that Excel keeps within a cell's own rule; a longer one lies in a sheet of its own."""
_HINTS = {
    FieldKind.DATE: N_("A day such as 2023-12-06"),
    FieldKind.MOMENT: N_("Day and time such as 2023-12-06 09:30"),
    FieldKind.PHONE: N_("Mobile or landline with area code; kept as text"),
    FieldKind.CHOICES: N_("Several values are separated by 、 or a comma"),
}


def template(actor: Actor, entity: str) -> bytes:
    """Return the file to fill in for an entity.

    Raises:
        NotAllowedError: the actor may not import this entity.
        NotFoundError: there is no such entity.
    """
    importer = importer_of(entity)
    require(actor, importer.action)
    with use_case(actor, Action.IMPORT) as session:
        specs = plan.importable(session, importer)
        examples = {spec.key: _example(session, actor, importer, spec) for spec in specs}
    target = BytesIO()
    with written_by_rows(target) as book:
        _Template(book, specs).fill(sheet_name(gettext(importer.entity.labels)), examples)
    return target.getvalue()


class _Template:
    """Writes the sheets of one template."""

    def __init__(self, book: Any, specs: list[FieldSpec]) -> None:
        self._book, self._specs = book, specs
        base = {"bold": True, "bottom": 1, "valign": "vcenter"}
        self._needed = book.add_format({**base, "bg_color": "#DCE8FA"})
        self._other = book.add_format({**base, "bg_color": "#F0F3F8"})
        self._text = book.add_format({"num_format": "@"})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})

    def fill(self, name: str, examples: dict[str, str]) -> None:
        """Write the sheet to fill in, the example and the lists."""
        sheet = self._book.add_worksheet(name)
        self._titles(sheet, comments=True)
        example = self._book.add_worksheet(gettext("Example"))
        self._titles(example, comments=False)
        for place, spec in enumerate(self._specs):
            example.write_string(1, place, examples[spec.key])
        lists = self._book.add_worksheet(gettext("Lists"))
        lists.hide()
        offered = [_choices(spec) for spec in self._specs]
        for row, line in enumerate(zip_longest(*map(_apart, offered), fillvalue="")):  # row by row, as it is written
            for place, choice in enumerate(line):
                lists.write_string(row, place, choice)
        for place, choices in enumerate(offered):
            if choices:
                sheet.data_validation(1, place, _ROWS, place, _rule(lists.get_name(), place, choices))

    def _titles(self, sheet: Any, *, comments: bool) -> None:
        sheet.set_row(0, 24)
        for place, spec in enumerate(self._specs):
            title = gettext(spec.label) + ("*" if spec.required else "")
            sheet.set_column(place, place, max(text_width(title) + 4, 14), self._format(spec))
            sheet.write_string(0, place, title, self._needed if spec.required else self._other)
            if comments:
                sheet.write_comment(0, place, _help(spec), {"x_scale": 1.6, "font_size": 10, "author": ""})
        sheet.freeze_panes(1, 0)

    def _format(self, spec: FieldSpec) -> Any:
        if spec.kind is FieldKind.DATE:
            return self._day
        numeric = spec.kind in (FieldKind.INTEGER, FieldKind.NUMBER, FieldKind.RATING, FieldKind.MOMENT)
        return None if numeric else self._text


def _rule(lists: str, place: int, choices: list[str]) -> dict[str, Any]:
    source: Any = choices
    if _apart(choices):
        column = xlsxwriter.utility.xl_col_to_name(place)
        source = f"='{lists}'!${column}$1:${column}${len(choices)}"
    return {
        "validate": "list",
        "source": source,
        "error_type": "warning",
        "error_title": gettext("Not in the list"),
        "error_message": gettext("Please choose a value of the list."),
    }


def _apart(choices: list[str]) -> list[str]:
    """Return the choices that need a sheet of their own: too long for a rule, or with a sign that has a sense there."""
    longer = sum(len(choice) + 1 for choice in choices) > _INLINE
    return choices if longer or any(sign in choice for choice in choices for sign in ',"=') else []


def _choices(spec: FieldSpec) -> list[str]:
    if spec.kind is FieldKind.BOOLEAN:
        return [gettext("Yes"), gettext("No")]
    return [gettext(option.label) for option in spec.options] if spec.kind is FieldKind.CHOICE else []


def _help(spec: FieldSpec) -> str:
    lines = [
        gettext("Must be filled in for new entries") if spec.required else gettext("May stay empty"),
        gettext(spec.help) if spec.help else "",
        gettext(_HINTS.get(spec.kind, "")),
        gettext("Code or name of an entry that is there already") if spec.reference else "",
        gettext(KIND_LABELS[spec.kind]) if not (spec.help or spec.reference or spec.kind in _HINTS) else "",
    ]
    return "\n".join(line for line in lines if line)


def _example(session: Session, actor: Actor, importer: Importer, spec: FieldSpec) -> str:
    if spec.key in importer.examples:
        return importer.examples[spec.key]
    if spec.reference:
        row_id = next(iter(references.choices(session, actor, spec.reference, limit=1)), None)
        return (
            "" if row_id is None else next(iter(references.precise_names(session, spec.reference, [row_id]).values()))
        )
    choices = _choices(spec)
    return choices[0] if choices else ""
