"""What a table's declaration says about its fields."""

import types
import typing
from datetime import date, datetime
from functools import cache
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from models.base import LabelledEnum, Row
from models.fields import FieldKind, FieldMeta, FieldSpec, Option

_KINDS: dict[type, FieldKind] = {
    bool: FieldKind.BOOLEAN,
    int: FieldKind.INTEGER,
    float: FieldKind.NUMBER,
    str: FieldKind.TEXT,
    datetime: FieldKind.MOMENT,
    date: FieldKind.DATE,
}
_LONG = 500


def specs_of(model: type[Row]) -> list[FieldSpec]:
    """Return the fields people see of a table, in the order of their declaration.

    Args:
        model: a table whose columns were declared with `models.base.column`.
    """
    return [_spec(name, info, meta) for name, info in model.model_fields.items() if (meta := meta_of(info))]


def meta_of(info: FieldInfo) -> FieldMeta | None:
    """Return what `models.base.column` declared of a column, or `None` for a column people do not see."""
    extra = info.json_schema_extra
    meta = extra.get("qianqi") if isinstance(extra, dict) else None
    return meta if isinstance(meta, FieldMeta) else None


@cache
def choices_of(model: type[Row], key: str) -> type[LabelledEnum] | None:
    """Return the enumeration a column's values belong to, or `None`."""
    python_type, _optional = _unwrap(model.model_fields[key].annotation)
    is_enumeration = isinstance(python_type, type) and issubclass(python_type, LabelledEnum)
    return python_type if is_enumeration else None


def _spec(name: str, info: FieldInfo, meta: FieldMeta) -> FieldSpec:
    python_type, optional = _unwrap(info.annotation)
    bounds = {type(item).__name__: item for item in info.metadata}
    max_length = getattr(bounds.get("MaxLen"), "max_length", None)
    has_default = info.default is not PydanticUndefined or info.default_factory is not None
    return FieldSpec(
        key=name,
        label=meta.label,
        kind=meta.kind or _kind(python_type, meta, max_length),
        required=not (optional or has_default) if meta.required is None else meta.required,
        options=_options(python_type),
        help=meta.help,
        shown_if=meta.shown_if,
        minimum=getattr(bounds.get("Ge"), "ge", None),
        maximum=getattr(bounds.get("Le"), "le", None),
        max_length=max_length,
        reference=meta.reference,
        listed=meta.listed,
        filterable=meta.filterable,
        searchable=meta.searchable,
        editable=meta.editable,
        choice_list=meta.choice_list,
    )


def _unwrap(annotation: Any) -> tuple[Any, bool]:
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        given = [part for part in typing.get_args(annotation) if part is not type(None)]
        return given[0], len(given) < len(typing.get_args(annotation))
    return annotation, False


def _kind(python_type: Any, meta: FieldMeta, max_length: int | None) -> FieldKind:
    if meta.reference:
        return FieldKind.REFERENCE
    if typing.get_origin(python_type) is list:
        return FieldKind.CHOICES
    if meta.choice_list or issubclass(python_type, LabelledEnum):
        return FieldKind.CHOICE
    if python_type is str and (max_length or 0) > _LONG:
        return FieldKind.LONG_TEXT
    return _KINDS[python_type]


def _options(python_type: Any) -> tuple[Option, ...]:
    if typing.get_origin(python_type) is list:
        return _options(typing.get_args(python_type)[0])
    if isinstance(python_type, type) and issubclass(python_type, LabelledEnum):
        return tuple(Option(value=member.value, label=member.label) for member in python_type)
    return ()
