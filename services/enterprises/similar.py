"""Enterprises whose names are alike."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, cast, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text
from sqlmodel import Session, col

from models.enterprise import Enterprise
from models.naming import ALIKE, name_key, similarity
from services import access
from services.actor import Actor
from services.permissions import Action

_LIMIT = 5


@dataclass(frozen=True)
class Similar:
    """An enterprise that may be the same, with how alike the names are, 0 to 1."""

    id: int
    name: str
    credit_code: str
    address: str
    share: float


def similar_to(session: Session, actor: Actor, name: str, *, but: int | None = None) -> list[Similar]:
    """Return enterprises the actor may see with a name like `name`, the most alike first; part of a use case.

    Args:
        session: the use case's session.
        actor: who asks.
        name: the name as entered.
        but: an enterprise to leave out.
    """
    key = name_key(name)
    statement = access.visible(actor, Action.ENTERPRISE_VIEW, Enterprise).where(_may_be_alike(key))
    if but is not None:
        statement = statement.where(col(Enterprise.id) != but)
    found = [similar(row, similarity(key, row.name_key)) for row in session.exec(statement)]
    return most_alike(found)[:_LIMIT]


def similar(row: Enterprise, share: float) -> Similar:
    """Return what a decision needs to know of an enterprise."""
    return Similar(row.pk, row.name, row.credit_code or "", row.address, share)


def most_alike(found: Iterable[Similar]) -> list[Similar]:
    """Return those alike enough to be shown, the most alike first."""
    return sorted((each for each in found if each.share >= ALIKE), key=lambda each: (-each.share, each.id))


def _may_be_alike(key: str) -> ColumnElement[bool]:
    """Return the condition that a row may share most pieces with a key: it is narrowed down by the search index.

    What identifies stands at a name's beginning, and two alike keys share one of its first pieces, so that pieces
    common to a whole trade (陶瓷, 科技) are not asked for.
    """
    first = [key[place : place + 2] for place in range(min(3, max(len(key) - 1, 0)))]
    if not first:
        return col(Enterprise.name_key) == key
    return func.qianqi_grams(Enterprise.search_text).op("&&")(cast(first, ARRAY(Text))) & (
        func.length(Enterprise.name_key) <= 3 * len(key)
    )
