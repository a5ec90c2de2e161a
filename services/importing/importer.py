"""What an import needs to know of an entity beyond its declaration: usually nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from models.base import Row
from models.fields import FieldSpec
from services.actor import Actor
from services.entities.declaration import Entity
from services.importing.drafts import Draft
from services.permissions import Action


@dataclass(frozen=True)
class Present:
    """What the virtual fields of a row that is there hold.

    Args:
        values: field key → value; a field that holds nothing may be left out.
        changed_at: when what they are read from was last changed; `None` if there is nothing.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    changed_at: datetime | None = None


@dataclass(frozen=True)
class Importer:
    """How the rows of a file become rows of an entity.

    Args:
        entity: the declaration.
        synonyms: field key → other titles by which files name the field.
        also_by: fields that recognise a row whose natural key is empty in the file.
        virtual: fields a file may have that are no columns of the table.
        lasting: virtual fields that an empty cell never empties; of the others the declaration says it.
        normals: field key → what brings a text into its usual form before it is checked.
        prepare: instead of the entity's own, where that asks the database for each row what is known of all rows; it
            writes nothing and takes rows that lack what is required, so that all of a row's faults are told at once.
        present: returns the number of a draft → what the virtual fields of its row hold, for rows that are there
            already; it holds what it reads from until the transaction ends if the third argument says so.
        keep: writes the virtual fields of stored rows; a draft it refuses gets a problem.
        told: field key → how the preview tells a change of it: takes the value before and after.
        alike: sets the candidates of drafts that may be an entry which is there already under another spelling; it
            remembers the file's own names (name → row number) in the third argument.
        only: keys of the columns a file may fill; empty means every one that forms may change.
        optional: fields a file may leave empty though a form insists on them.
        judge: returns what is wrong with a new row as a whole, field key → reason, before anything is stored.
        register: stores new rows itself, where a row is more than its columns; a draft it refuses gets a problem.
        only_new: whether rows that are there already are left as they are, whatever the file says.
        examples: field key → what the template shows as an example.
        rehearsed: whether rows can only be judged by storing them; the check then stores and rolls back.
    """

    entity: Entity
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    also_by: tuple[str, ...] = ()
    virtual: tuple[FieldSpec, ...] = ()
    lasting: frozenset[str] = frozenset()
    normals: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    prepare: Callable[[Session, Actor, Any], None] | None = None
    present: Callable[[Session, Sequence[tuple[Draft, Row]], bool], dict[int, Present]] | None = None
    keep: Callable[[Session, Actor, Sequence[tuple[Draft, Row]]], None] | None = None
    told: Mapping[str, Callable[[Any, Any], Any]] = field(default_factory=dict)
    alike: Callable[[Session, Sequence[Draft], dict[str, int]], None] | None = None
    only: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    judge: Callable[[Session, Draft], Mapping[str, str]] | None = None
    register: Callable[[Session, Actor, Sequence[tuple[Draft, Row]]], None] | None = None
    only_new: bool = False
    examples: Mapping[str, str] = field(default_factory=dict)
    rehearsed: bool = False

    @property
    def action(self) -> Action:
        """What importing asks for."""
        return self.entity.importing or self.entity.edit
