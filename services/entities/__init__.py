"""Low-code for developers: lists, filters, forms, imports, exports of an entity from one short declaration.

`Entity` (declaration.py) names a table and who may see and change it; everything else follows from the table's
own columns: `fields` says which fields there are, `find` lists, `save` and `delete` change.
"""

from services.entities.changes import delete, save, store
from services.entities.declaration import Entity
from services.entities.fields import fields, options_of
from services.entities.queries import Found, Query, fetch, find

__all__ = ["Entity", "Found", "Query", "delete", "fetch", "fields", "find", "options_of", "save", "store"]
