"""Which entities can be imported, and the few that need more than their declaration."""

from core.errors import NotFoundError
from services.actor import Actor
from services.entity_registry import ENTITIES
from services.importing.entities import areas, contacts, enterprises, teams
from services.importing.importer import Importer
from services.permissions import allows

_SPECIAL = {each.entity.key: each for each in (enterprises.IMPORTER, contacts.IMPORTER, areas.IMPORTER, teams.IMPORTER)}


def importer_of(key: str) -> Importer:
    """Return how an entity is imported.

    Raises:
        NotFoundError: there is no such entity, or nothing by which its rows could be recognised.
    """
    entity = ENTITIES.get(key)
    if entity is None or not entity.natural_key:
        raise NotFoundError
    return _SPECIAL.get(key) or Importer(entity)


def importable(actor: Actor) -> list[Importer]:
    """Return what an actor may import, the most used first."""
    found = [importer_of(entity.key) for entity in ENTITIES.values() if entity.natural_key]
    return [importer for importer in found if allows(actor, importer.action)]
