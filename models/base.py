"""The base of every table and the one declaration a column needs.

A column is declared once, with `column(...)`: its label, kind and rules then show in lists, filters, forms,
imports, exports and the audit log.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Self

from sqlalchemy import ARRAY, Computed, DateTime, Enum, Index, MetaData, Text
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from core import clock
from models.fields import Condition, FieldKind, FieldMeta

# An own registry: Streamlit's hot reload imports modules anew, and tables must then be defined anew with it.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
Moment = DateTime(timezone=True)


class Table(SQLModel, registry=registry(metadata=metadata)):
    """Base of every table."""

    audited: ClassVar[bool] = True
    """Whether each change of a row is written to the audit log."""


class Row(Table):
    """Base of tables whose rows have an id and remember when they were made and last changed."""

    id: int | None = Field(default=None, primary_key=True)
    created_at: datetime = Field(default_factory=clock.now, sa_type=Moment, nullable=False)
    updated_at: datetime = Field(
        default_factory=clock.now, sa_type=Moment, nullable=False, sa_column_kwargs={"onupdate": clock.now}
    )

    @property
    def pk(self) -> int:
        """The id of a row that has been stored.

        Raises:
            ValueError: the row has not been stored yet.
        """
        if self.id is None:
            raise ValueError("the row has no id yet")
        return self.id


class LabelledEnum(StrEnum):
    """An enumeration whose members carry the text shown to people.

    Each member is written `NAME = "stored_value", N_("Text")`.
    """

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        """Make a member from the stored value and the English text."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def of(cls, value: str) -> Self:
        """Return the member that is stored as `value`.

        Raises:
            ValueError: there is none.
        """
        return cls(value)  # type: ignore[call-arg]  # looking a member up takes no label


def column(
    label: str,
    *,
    kind: FieldKind | None = None,
    choices: type[LabelledEnum] | None = None,
    choice_list: str = "",
    reference: str = "",
    required: bool | None = None,
    listed: bool = False,
    filterable: bool = False,
    searchable: bool = False,
    editable: bool = True,
    help: str = "",  # noqa: A002 - the word Streamlit uses for it
    shown_if: Condition | None = None,
    default: Any = ...,
    default_factory: Callable[[], Any] | None = None,
    sa_type: Any = None,
    **more: Any,
) -> Any:
    """Declare a column and all that people see of it.

    Args:
        label: its English name, marked with `N_`.
        kind: how it is shown and entered; `None` derives it from the annotation.
        choices: enumeration of the allowed values, stored as text under a CHECK constraint.
        choice_list: key of an administrator's choice list whose items are the allowed values.
        reference: name of the table the value points to.
        required: whether a form insists on a value; `None` means "unless it may be NULL or has a default".
        listed: shown as a column of lists.
        filterable: offered as a filter of lists.
        searchable: part of what the search box looks through.
        editable: shown in forms and accepted from imports.
        help: a sentence beside the field, marked with `N_`.
        shown_if: forms ask for it only while an earlier field has one of some values.
        default: value of a new row; `...` means there is none.
        default_factory: makes the value of a new row.
        sa_type: SQLAlchemy type where the annotation does not say enough.
        **more: passed to SQLModel's `Field`: `foreign_key`, `unique`, `index`, `max_length`, `ge`, ….
    """
    if choices is not None:
        sa_type = enum_type(choices)
    meta = FieldMeta(
        label=label, kind=kind, choice_list=choice_list, reference=reference, required=required, listed=listed,
        filterable=filterable, searchable=searchable, editable=editable, help=help, shown_if=shown_if,
    )  # fmt: skip
    if sa_type is not None:
        more["sa_type"] = sa_type
    if default_factory is not None:
        more["default_factory"] = default_factory
    elif default is not ...:
        more["default"] = default
    return Field(schema_extra={"json_schema_extra": {"qianqi": meta}}, **more)


def enum_type(choices: type[LabelledEnum]) -> Enum:
    """Return a text column type that allows the values of an enumeration and nothing else."""
    return Enum(
        choices,
        native_enum=False,
        create_constraint=True,
        name=choices.__name__.lower(),
        length=32,
        values_callable=_values,
    )


def enum_list(choices: type[LabelledEnum]) -> ARRAY[Any]:
    """Return an array type whose items are members of an enumeration."""
    item = Enum(choices, native_enum=False, create_constraint=False, length=32, values_callable=_values)
    return ARRAY(item)


def json_column(default_factory: Callable[[], Any] = dict) -> Any:
    """Declare a JSONB column that is never NULL."""
    return Field(default_factory=default_factory, sa_type=JSONB, nullable=False)


def search_column(*names: str) -> Any:
    """Declare the column the database keeps of a row's searched text: the named columns in `core.text.search_form`."""
    joined = " || ' ' || ".join(f"coalesce({name}, '')" for name in names)
    form = f"regexp_replace(lower(normalize({joined}, NFKC)), '[[:space:]]+', ' ', 'g')"
    return Field(default=None, exclude=True, sa_type=Text, sa_column_args=[Computed(form, persisted=True)])


def search_index(table: str) -> Index:
    """Return the index that finds any part of a table's `search_text`: one- and two-character pieces under GIN."""
    return Index(f"ix_{table}_search", sql("qianqi_grams(search_text)"), postgresql_using="gin")


def moment_column(**more: Any) -> Any:
    """Declare a column that holds a moment with its time zone."""
    return Field(sa_type=Moment, **more)


def _values(choices: Sequence[LabelledEnum]) -> list[str]:
    return [member.value for member in choices]
