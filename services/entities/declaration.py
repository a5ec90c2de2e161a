"""The one short declaration an entity needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from models.base import Row
from models.configuration import Extensible
from models.fields import Option
from services.actor import Actor
from services.permissions import Action

Hook = Callable[[Session, Actor, Any], None]
"""Called with the use case's session, who asks and the row."""


@dataclass(frozen=True)
class Entity:
    """An entity whose pages, filters, imports and exports come from its table.

    Args:
        key: its name in addresses and stored mappings; the table's name.
        model: the table, its columns declared with `models.base.column`.
        label: what one is called, marked with `N_`.
        labels: what many are called, marked with `N_`.
        view: what seeing them asks for.
        edit: what changing them asks for.
        natural_key: fields by which an import recognises a row that is there already.
        title: the field that names a row to people.
        order: the field lists are ordered by, `-` before it for descending.
        choices: field key → the values that can be chosen today, for what no enumeration or choice list holds.
        within: field key → the one value that rows of this list have and new ones get; such fields are not shown.
        extensible: under which name administrators give it extra fields, if they can.
        prepare: called before a row is saved, to keep what no column can say; may raise `InvalidError`.
        deletable: whether rows can be deleted at all; those with a past are made inactive instead.
        deleting: called before a row is deleted; may raise `ConflictError`.
        importing: what importing them from a file asks for; `None` means the same as `edit`.
        exporting: what exporting them asks for; `None` means the same as `view`.
    """

    key: str
    model: type[Row]
    label: str
    labels: str
    view: Action
    edit: Action
    natural_key: tuple[str, ...]
    title: str = "name"
    order: str = "id"
    choices: Mapping[str, Callable[[Session], tuple[Option, ...]]] = field(default_factory=dict)
    within: Mapping[str, Any] = field(default_factory=dict)
    extensible: Extensible | None = None
    prepare: Hook | None = None
    deletable: bool = False
    deleting: Hook | None = None
    importing: Action | None = None
    exporting: Action | None = None
