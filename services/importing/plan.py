"""What one run was asked to do: which column feeds which field, and how its cells are read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, select

from core import text
from models.configuration import ChoiceItem
from models.fields import FieldKind, FieldSpec
from models.importing import Decision
from services.entities.fields import fields
from services.importing import cells
from services.importing.cells import Converter
from services.importing.importer import Importer


@dataclass(frozen=True)
class Answer:
    """What somebody decided about one row."""

    decision: Decision
    same_id: int | None = None


@dataclass(frozen=True)
class Column:
    """A column of the file that feeds a field."""

    place: int
    title: str
    spec: FieldSpec
    convert: Converter


@dataclass(frozen=True)
class Plan:
    """All that examining a row needs beside the database.

    Args:
        importer: the entity.
        specs: field key → field, virtual ones included.
        columns: the columns that are read.
        titles: every title of the file, in order.
        clear_empty: whether an empty cell empties the field.
        answers: row number → what was decided.
        since: rows changed by others after this moment are told instead of overwritten.
    """

    importer: Importer
    specs: Mapping[str, FieldSpec]
    columns: Sequence[Column]
    titles: Sequence[str]
    clear_empty: bool = False
    answers: Mapping[int, Answer] = field(default_factory=dict)
    since: datetime | None = None

    def clears(self, spec: FieldSpec) -> bool:
        """Return whether an empty cell empties a field."""
        return self.clear_empty and not spec.required and spec.key not in self.importer.lasting

    def title_of(self, key: str) -> str:
        """Return the title of the column that feeds a field, or an empty text."""
        return next((column.title for column in self.columns if column.spec.key == key), "")


def importable(session: Session, importer: Importer) -> list[FieldSpec]:
    """Return the fields a file may fill."""
    own = [spec for spec in fields(session, importer.entity) if _fillable(spec, importer)]
    found = [*own, *importer.virtual]
    return [spec.model_copy(update={"required": False}) if spec.key in importer.optional else spec for spec in found]


def _fillable(spec: FieldSpec, importer: Importer) -> bool:
    named = spec.extra or not importer.only or spec.key in importer.only
    return named and spec.editable and spec.kind is not FieldKind.ATTACHMENT


def columns(
    session: Session, importer: Importer, titles: Sequence[str], mapping: Mapping[str, str], *, from_csv: bool
) -> list[Column]:
    """Return the columns of a file that a mapping (title → field key) uses."""
    specs = {spec.key: spec for spec in importable(session, importer)}
    return [
        Column(place, title, specs[mapping[title]], _converter(session, importer, specs[mapping[title]], from_csv))
        for place, title in enumerate(titles)
        if title and mapping.get(title) in specs
    ]


def _converter(session: Session, importer: Importer, spec: FieldSpec, from_csv: bool) -> Converter:
    if spec.reference:
        return Converter(FieldSpec(key=spec.key, label=spec.label), from_csv=from_csv)
    labels = {**cells.labels(spec), **_item_labels(session, spec.choice_list)}
    return Converter(spec, from_csv=from_csv, labels=labels, normal=importer.normals.get(spec.key))


def _item_labels(session: Session, list_key: str) -> dict[str, str]:
    if not list_key:
        return {}
    items = session.exec(select(ChoiceItem).where(ChoiceItem.list_key == list_key, col(ChoiceItem.active))).all()
    return {text.search_form(label): item.value for item in items for label in (item.label, item.label_en) if label}
