"""Every entity by its key: which lists, imports and exports there are."""

from services.accounts import DEPARTMENTS
from services.areas import AREAS
from services.commitments.entity import COMMITMENTS
from services.enterprises import ENTERPRISES
from services.enterprises.contacts import CONTACTS
from services.entities import Entity
from services.teams import TEAMS

ENTITIES: dict[str, Entity] = {
    entity.key: entity for entity in (ENTERPRISES, CONTACTS, COMMITMENTS, AREAS, TEAMS, DEPARTMENTS)
}
