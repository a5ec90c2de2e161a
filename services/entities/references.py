"""The texts that name referenced rows, and finding a row by such a text."""

import re
from collections.abc import Collection, Iterable
from typing import Any

from sqlmodel import Session, col, func, or_, select

from core.collation import by_reading
from core.text import like_pattern, named
from models.account import Account, Department
from models.area import Area, Tier
from models.base import Row
from models.campaign import Campaign
from models.enterprise import Enterprise
from models.fields import FieldSpec
from models.reminder import ReminderTemplate
from models.team import Team
from services import access
from services.actor import Actor
from services.permissions import Action

MOST = 5000
"""Rows of a table that are offered at once; a search finds the others."""
TARGETS: dict[str, tuple[type[Row], Action | None, tuple[str, ...]]] = {
    "account": (Account, None, ("username", "name")),
    "any_enterprise": (Enterprise, None, ("credit_code", "name")),
    "area": (Area, Action.AREA_VIEW, ("code", "name")),
    "campaign": (Campaign, Action.CAMPAIGN_VIEW, ("name",)),
    "department": (Department, None, ("name", "short_name")),
    "enterprise": (Enterprise, Action.ENTERPRISE_VIEW, ("credit_code", "name")),
    "reminder_template": (ReminderTemplate, Action.CONFIGURE, ("name",)),
    "team": (Team, Action.TEAM_VIEW, ("name",)),
}
"""Reference → table, what seeing its rows asks for (`None`: everyone signed in may see their names), and the columns
a file may name a row by."""


def labels_of(
    session: Session, specs: Iterable[FieldSpec], rows: Iterable[dict[str, Any]]
) -> dict[str, dict[int, str]]:
    """Return, for each reference field, the names of the rows the values point to: one query for each field."""
    labels: dict[str, dict[int, str]] = {}
    rows = list(rows)
    for spec in specs:
        if spec.reference:
            ids = {row[spec.key] for row in rows if row.get(spec.key) is not None}
            labels[spec.key] = names(session, spec.reference, ids)
    return labels


def names(session: Session, reference: str, ids: Iterable[int]) -> dict[int, str]:
    """Return id → name of rows of a referenced table."""
    model = TARGETS[reference][0]
    statement = select(model.id, model.name).where(col(model.id).in_(list(ids)))  # type: ignore[attr-defined]  # every target has a name
    return {row_id: name for row_id, name in session.exec(statement).all() if row_id is not None}


def names_in_sight(session: Session, actor: Actor, reference: str, ids: Iterable[int]) -> dict[int, str]:
    """Return id → name of rows of a referenced table that `actor` may see, those nobody can choose any more too."""
    model, action, _keys = TARGETS[reference]
    statement = select(model.id, model.name).where(col(model.id).in_(list(ids)))  # type: ignore[attr-defined]  # every target has a name
    if action is not None:
        statement = statement.where(access.condition(actor, action, model))
    return {row_id: name for row_id, name in session.exec(statement).all() if row_id is not None}


def precise_names(session: Session, reference: str, ids: Iterable[int]) -> dict[int, str]:
    """Return id → the text a file names a row by: its name, with its code in brackets where several share the name."""
    model, _action, keys = TARGETS[reference]
    name, key = model.name, getattr(model, keys[0])  # type: ignore[attr-defined]  # every target has a name
    rows = session.exec(select(model.id, name, key).where(col(model.id).in_(list(ids)))).all()
    shared = select(name).where(col(name).in_({row[1] for row in rows})).group_by(name).having(func.count() > 1)
    ambiguous = set(session.exec(shared).all())
    return {
        row_id: f"{text} ({code})" if text in ambiguous and code else text
        for row_id, text, code in rows
        if row_id is not None
    }


def choices(
    session: Session, actor: Actor, reference: str, *, search: str = "", limit: int | None = None
) -> dict[int, str]:
    """Return id → name of the rows of a referenced table that `actor` may choose, in the order people expect.

    Rows that share a name are told apart by their code. An area is named with those it lies in, and whoever is
    responsible for areas is offered those and what is below. Of areas all are offered, of other tables `MOST` rows.

    Args:
        session: the use case's session.
        actor: who chooses.
        reference: the reference.
        search: part of a text that names the row; everything where it is empty.
        limit: at most so many, if not `MOST`.
    """
    if reference == "area":
        return area_choices(session, actor)
    model, action, keys = TARGETS[reference]
    name = model.name  # type: ignore[attr-defined]  # every target has a name
    statement = select(model.id, name, getattr(model, keys[0]))
    if action is not None:
        statement = statement.where(access.condition(actor, action, model))
    if "active" in model.model_fields:
        statement = statement.where(model.active)  # type: ignore[attr-defined]  # asked for on the line above
    if search.strip():
        like = like_pattern(search)
        statement = statement.where(or_(*(col(getattr(model, key)).ilike(like, escape="\\") for key in keys)))
    rows = session.exec(statement.order_by(by_reading(name), col(model.id)).limit(limit or MOST)).all()
    return named(rows)


def area_choices(session: Session, actor: Actor, among: Collection[int] | None = None) -> dict[int, str]:
    """Return id → name of the areas that `actor` may choose, each named with those it lies in.

    Args:
        session: the use case's session.
        actor: who chooses.
        among: the areas that come into question and all they lie in; `None` means all.
    """
    statement = select(Area.id, Area.name, Area.parent_id, Area.tier).where(col(Area.active))
    if among is not None:
        statement = statement.where(col(Area.id).in_(among))
    if actor.area_paths:
        statement = statement.where(or_(*(col(Area.path).startswith(path) for path in actor.area_paths)))
    found: dict[int, str] = {}
    for area_id, name, parent_id, tier in session.exec(statement.order_by(col(Area.code))):
        above = found.get(parent_id or 0, "") if tier in _NAMED_BY_PARENT else ""
        found[area_id or 0] = f"{above} › {name}" if above else name
    return found


def target(reference: str) -> type[Row]:
    """Return the table a reference points to."""
    return TARGETS[reference][0]


_NAMED_BY_PARENT = frozenset({Tier.VILLAGE, Tier.GRID})
"""Tiers whose names repeat: there is a first grid in every village."""


def find_by_text(session: Session, actor: Actor, reference: str, given: Iterable[str]) -> dict[str, list[int]]:
    """Return, for each text of a file, the ids of the rows it may mean: none, one, or several that share a name.

    A text may be a name, a code, or both as `precise_names` writes them.
    """
    model, action, keys = TARGETS[reference]
    wanted = list(set(given))
    coded = {text: match[1] for text in wanted if (match := _CODED.search(text))}
    asked = {*wanted, *coded.values()}
    found: dict[str, list[int]] = {text: [] for text in asked}
    for key in keys:
        column = getattr(model, key)
        statement = select(column, model.id).where(col(column).in_(asked))
        if action is not None:
            statement = statement.where(access.condition(actor, action, model))
        for text, row_id in session.exec(statement).all():
            if row_id is not None and row_id not in found[text]:
                found[text].append(row_id)
    return {text: found[text] or found[coded.get(text, text)] for text in wanted}


_CODED = re.compile(r" \(([^()]+)\)$")
"""The code that `precise_names` adds to a name several rows share."""
