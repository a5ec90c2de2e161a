"""The list of commitments: which of them it shows, and how each stands."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, func, not_, or_, true
from sqlmodel import col, select

from core import clock, months
from core.i18n import N_
from models.base import LabelledEnum
from models.commitment import Commitment
from models.enterprise import Enterprise
from models.entity import specs_of
from models.fields import FieldKind, FieldSpec
from services import entities
from services.actor import Actor
from services.commitments.entity import COMMITMENTS
from services.commitments.following import followed_by
from services.commitments.standing import remaining
from services.entities import Described, Found, Query
from services.entities.queries import filtered, matching, searched
from services.entities.references import choices
from services.permissions import Action, allows
from services.use_case import use_case

STANDING = FieldSpec(key="standing", label=N_("How it stands"))
PLACE = FieldSpec(key="area_id", label=N_("Area"), kind=FieldKind.REFERENCE, reference="area", filterable=True)
"""Where the enterprise lies: it can be asked for, but is no column."""
MINE = FieldSpec(key="mine", label=N_("Yours to follow"), kind=FieldKind.BOOLEAN, filterable=True)
"""Whether it is the actor's to see to, as their start page counts it: likewise."""


class Shown(LabelledEnum):
    """Which commitments the list shows."""

    OPEN = "open", N_("Not made good yet")
    OVERDUE = "overdue", N_("Overdue")
    THIS_MONTH = "this_month", N_("Due this month")
    MADE_GOOD = "made_good", N_("Made good")
    ALL = "all", N_("All")


def describe(actor: Actor) -> Described:
    """Return the fields of the list: the commitment's own, and how it stands.

    Raises:
        NotAllowedError: the role may not see commitments.
    """
    own = entities.describe(actor, COMMITMENTS)
    enterprise, *others = own.specs
    named = enterprise.model_copy(update={"searchable": True})  # by its name; see `narrowing`
    return Described(_with_standing([named, *others]), {**own.references, PLACE.key: _areas(actor)})


def of_one(described: Described) -> Described:
    """Return the fields of one commitment: those it has itself."""
    return replace(described, specs=[spec for spec in described.specs if spec is not STANDING])


def asked_for(actor: Actor) -> list[FieldSpec]:
    """Return the filters that are no columns: where the enterprise lies, and for who can follow one what is theirs."""
    return [PLACE, MINE] if allows(actor, Action.COMMITMENT_FULFIL) else [PLACE]


def narrowing(actor: Actor, shown: Shown) -> Callable[[Query], Query]:
    """Return what makes a query ask for some commitments only and look for enterprises by their names too.

    What is due first stands first; of those made good, what was made good last.

    Args:
        actor: who asks: a query can ask for what is theirs to see to.
        shown: which commitments.
    """
    order = "-fulfilled_at" if shown is Shown.MADE_GOOD else ""

    def narrow(query: Query) -> Query:
        whose = _followed(actor, query.filters)
        conditions = (_condition(shown), *_searched(query.search), *_in_place(query.filters), *whose)
        filters = {key: value for key, value in query.filters.items() if key not in {PLACE.key, MINE.key}}
        where = (*query.where, *conditions)
        return replace(query, search="", filters=filters, where=where, order=query.order or order)

    return narrow


def counts(actor: Actor, filters: Mapping[str, Any] | None = None) -> dict[Shown, int]:
    """Return how many commitments the actor sees of each kind.

    Args:
        actor: who asks.
        filters: what the list is narrowed to; `None` for nothing.

    Raises:
        NotAllowedError: the role may not see commitments.
    """
    with use_case(actor, Action.COMMITMENT_VIEW) as session:
        counted = [func.count().filter(_condition(shown)) for shown in Shown]
        asked = narrowing(actor, Shown.ALL)(Query(filters=dict(filters or {})))
        own = matching(actor, COMMITMENTS, asked, specs_of(Commitment))
        row = session.execute(own.with_only_columns(*counted)).one()
        return dict(zip(Shown, row, strict=True))


def with_standing(found: Found) -> Found:
    """Return a page of the list with how each commitment stands."""
    rows = [{**row, STANDING.key: remaining(row["due_on"], row["fulfilled_at"])} for row in found.rows]
    return replace(found, rows=rows, specs=_with_standing(found.specs))


def _with_standing(specs: list[FieldSpec]) -> list[FieldSpec]:
    enterprise, *others = specs
    return [enterprise, STANDING, *others]


def _areas(actor: Actor) -> dict[int, str]:
    with use_case(actor, Action.COMMITMENT_VIEW) as session:
        return choices(session, actor, "area")


def _in_place(filters: Mapping[str, Any]) -> tuple[ColumnElement[bool], ...]:
    chosen = filters.get(PLACE.key)
    if not chosen:
        return ()
    inside = select(Enterprise.id).where(filtered(Enterprise, PLACE, chosen))
    return (col(Commitment.enterprise_id).in_(inside),)


def _followed(actor: Actor, filters: Mapping[str, Any]) -> tuple[ColumnElement[bool], ...]:
    chosen, own = filters.get(MINE.key), followed_by(actor)
    return (or_(*(own if wanted else not_(own) for wanted in chosen)),) if chosen else ()


def _searched(search: str) -> tuple[ColumnElement[bool], ...]:
    if not search.strip():
        return ()
    named = select(Enterprise.id).where(searched(Enterprise, search, specs_of(Enterprise)))
    return (or_(searched(Commitment, search, specs_of(Commitment)), col(Commitment.enterprise_id).in_(named)),)


def _condition(shown: Shown) -> ColumnElement[bool]:
    today = clock.today()
    is_open = col(Commitment.fulfilled_at).is_(None)
    conditions = {
        Shown.OPEN: is_open,
        Shown.OVERDUE: is_open & (col(Commitment.due_on) < today),
        Shown.THIS_MONTH: is_open & col(Commitment.due_on).between(months.first_of(today), months.last_day(today)),
        Shown.MADE_GOOD: col(Commitment.fulfilled_at).is_not(None),
    }
    return conditions.get(shown, true())
