"""Pairs of enterprises that may be one, shown for a decision and never merged by themselves."""

from dataclasses import dataclass

from sqlalchemy import exists, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from core.errors import NotFoundError
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
        found = [
            (one, other, similarity(one.name_key, other.name_key)) for one, other in session.exec(_candidates(actor))
        ]
        found = sorted((each for each in found if each[2] >= ALIKE), key=lambda each: (-each[2], each[0].pk))[:_SHOWN]
        counts = _visits(session, {row.pk for one, other, _share in found for row in (one, other)})
        return [Pair(_side(one, counts), _side(other, counts), share) for one, other, share in found]


def count(actor: Actor) -> int:
    """Return how many pairs wait for a decision, at most a hundred.

    Raises:
        NotAllowedError: the role may not change enterprises.
    """
    return len(pairs(actor))


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


def decide_again(actor: Actor, one_id: int, other_id: int) -> None:
    """Take back `keep_both`: the pair is shown again.

    Raises:
        NotFoundError: there is no such decision or the actor may not change the enterprises.
    """
    with use_case(actor, Action.ENTERPRISE_EDIT) as session:
        low, high = sorted((one_id, other_id))
        for row_id in (low, high):
            access.load(session, actor, Action.ENTERPRISE_EDIT, Enterprise, row_id)
        decided = session.get(DistinctPair, (low, high))
        if decided is None:
            raise NotFoundError
        session.delete(decided)


def _candidates(actor: Actor) -> Select[Enterprise, Enterprise]:
    one, other = aliased(Enterprise), aliased(Enterprise)
    mine = select(Enterprise.id).where(access.condition(actor, Action.ENTERPRISE_EDIT, Enterprise))
    decided = exists().where(col(DistinctPair.enterprise_id) == one.id, col(DistinctPair.other_id) == other.id)
    same_head = func.left(one.name_key, _HEAD) == func.left(other.name_key, _HEAD)
    return (
        select(one, other)
        .join(other, same_head & (col(one.id) < col(other.id)))
        .where(one.name_key != "", ~decided, col(one.id).in_(mine), col(other.id).in_(mine))
    )


def _visits(session: Session, ids: set[int]) -> dict[int, int]:
    statement = (
        select(Visit.enterprise_id, func.count())
        .where(col(Visit.enterprise_id).in_(ids))
        .group_by(col(Visit.enterprise_id))
    )
    return dict(session.exec(statement).all())


def _side(row: Enterprise, visits: dict[int, int]) -> Side:
    return Side(row.pk, row.name, row.credit_code or "", row.address, row.legal_representative, visits.get(row.pk, 0))
