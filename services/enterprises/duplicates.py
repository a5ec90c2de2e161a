"""Pairs of enterprises that may be one, shown for a decision and never merged by themselves."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations

from sqlalchemy import func
from sqlmodel import Session, col, select

from core.brief import Brief
from core.errors import NotFoundError
from core.settings import settings
from models.enterprise import DistinctPair, Enterprise
from models.naming import ALIKE, similarity
from models.visit import Visit
from services import access
from services.actor import Actor
from services.permissions import Action
from services.use_case import use_case

_HEAD = 3
"""Names are compared when they begin with the same characters: what identifies stands first, and the pairs stay few."""
_SHOWN = 100
_counted: Brief[Hashable, int] = Brief(timedelta(minutes=1))


@dataclass(frozen=True)
class Side:
    """One enterprise of a pair, with what speaks for keeping it."""

    id: int
    name: str
    credit_code: str
    address: str
    legal_representative: str
    visits: int


@dataclass(frozen=True)
class Pair:
    """Two enterprises that may be one, with how alike their names are, 0 to 1."""

    first: Side
    second: Side
    share: float


def pairs(actor: Actor) -> list[Pair]:
    """Return the pairs nobody has decided about, the most alike first, at most a hundred.

    Raises:
        NotAllowedError: the role may not change enterprises.
    """
    with use_case(actor, Action.ENTERPRISE_EDIT) as session:
        found = _alike(session, actor)[:_SHOWN]
        ids = {row_id for _share, *pair in found for row_id in pair}
        rows = {row.pk: row for row in session.exec(select(Enterprise).where(col(Enterprise.id).in_(ids)))}
        counts = _visits(session, ids)
        return [Pair(_side(rows[one], counts), _side(rows[other], counts), share) for share, one, other in found]


def count(actor: Actor) -> int:
    """Return how many pairs wait for a decision, at most a hundred; it may be a minute old.

    Raises:
        NotAllowedError: the role may not change enterprises.
    """
    with use_case(actor, Action.ENTERPRISE_EDIT) as session:
        key = (settings().database_url, actor.role, actor.area_paths)
        return _counted.get(key, lambda: min(len(_alike(session, actor)), _SHOWN))


def forget() -> None:
    """Count anew next time: for whoever has just decided about a pair."""
    _counted.clear()


def keep_both(actor: Actor, one_id: int, other_id: int) -> None:
    """Remember that two enterprises are two: the pair is not shown again.

    Raises:
        NotFoundError: one of them does not exist or the actor may not change it.
    """
    if one_id == other_id:
        raise NotFoundError
    with use_case(actor, Action.ENTERPRISE_EDIT) as session:
        for row_id in sorted((one_id, other_id)):
            access.load(session, actor, Action.ENTERPRISE_EDIT, Enterprise, row_id, lock=True)
        low, high = sorted((one_id, other_id))
        if session.get(DistinctPair, (low, high)) is None:
            session.add(DistinctPair(enterprise_id=low, other_id=high, decided_by_id=actor.account_id))
    forget()


def _alike(session: Session, actor: Actor) -> list[tuple[float, int, int]]:
    """Return how alike and which, the most alike first: pairs of which nobody has said that they are two."""
    mine = access.condition(actor, Action.ENTERPRISE_EDIT, Enterprise)
    keys = (
        select(Enterprise.id, Enterprise.name_key).where(mine, Enterprise.name_key != "").order_by(col(Enterprise.id))
    )
    by_head: dict[str, list[tuple[int, str]]] = {}
    for row_id, key in session.execute(keys):
        by_head.setdefault(key[:_HEAD], []).append((row_id, key))
    decided = set(session.exec(select(DistinctPair.enterprise_id, DistinctPair.other_id)).all())
    found = [
        (share, one, other)
        for group in by_head.values()
        for (one, key), (other, key_of_other) in combinations(group, 2)
        if (share := similarity(key, key_of_other)) >= ALIKE and (one, other) not in decided
    ]
    return sorted(found, key=lambda each: (-each[0], each[1], each[2]))


def _visits(session: Session, ids: set[int]) -> dict[int, int]:
    statement = (
        select(Visit.enterprise_id, func.count())
        .where(col(Visit.enterprise_id).in_(ids))
        .group_by(col(Visit.enterprise_id))
    )
    return dict(session.exec(statement).all())


def _side(row: Enterprise, visits: dict[int, int]) -> Side:
    return Side(row.pk, row.name, row.credit_code or "", row.address, row.legal_representative, visits.get(row.pk, 0))
