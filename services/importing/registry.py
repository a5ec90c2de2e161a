"""Which entities can be imported, and the few that need more than their declaration."""

from core.errors import NotFoundError
from services.actor import Actor
from services.entity_registry import ENTITIES
from services.importing.entities import areas, commitments, contacts, enterprises, issues, teams
from services.importing.importer import Importer
from services.permissions import allows

_SPECIAL = {
    each.entity.key: each
    for each in (
        enterprises.IMPORTER,
        contacts.IMPORTER,
        commitments.IMPORTER,
        issues.IMPORTER,
        areas.IMPORTER,
        teams.IMPORTER,
    )
}


def importer_of(key: str) -> Importer:
    """Return how an entity is imported.

    Raises:
        NotFoundError: there is no such entity, or nothing by which its rows could be recognised.
    """
    if key in _SPECIAL:
        return _SPECIAL[key]
    entity = ENTITIES.get(key)
    if entity is None or not entity.natural_key:
        raise NotFoundError
    return Importer(entity)


def importable(actor: Actor) -> list[Importer]:
    """Return what an actor may import, the most used first."""
    others = [entity.key for entity in ENTITIES.values() if entity.natural_key and entity.key not in _SPECIAL]
    found = [importer_of(key) for key in (*_SPECIAL, *others)]
    return [importer for importer in found if allows(actor, importer.action)]
