"""Low-code for developers: lists, filters, forms, imports, exports of an entity from one short declaration.

`Entity` (declaration.py) names a table and who may see and change it; everything else follows from the table's
own columns: `fields` and `describe` say which fields there are, `find` lists, `fetch` shows, `save` and `delete`
change, `history` tells what happened.
"""

from services.entities.changes import delete, save, store
from services.entities.declaration import Entity
from services.entities.fields import fields, options_of
from services.entities.history import Change, FieldChange, history
from services.entities.queries import (
    Described,
    Found,
    Query,
    describe,
    fetch,
    find,
    look_for,
    name_asked,
    name_held,
    unlisted,
)

__all__ = [
    "Change", "Described", "Entity", "FieldChange", "Found", "Query", "delete", "describe", "fetch", "fields", "find",
    "history", "look_for", "name_asked", "name_held", "options_of", "save", "store", "unlisted",
]  # fmt: skip
