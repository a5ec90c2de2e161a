"""Solved needs that the other affected enterprises were not told about: a class's measure is in force, they wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col

from models.enterprise import Enterprise
from services.actor import Actor
from services.classes import untold_in
from services.permissions import Action
from services.tallies.reading import inside
from services.two_way.figures import Figure, Gap, Rows
from services.two_way.place import Place
from services.use_case import use_case


@dataclass(frozen=True)
class Line:
    """An enterprise that was not told of a measure.

    Args:
        class_id: the class of issues the measure is against.
        title: what these have in common.
        in_force_on: since when the measure is in force.
        enterprise_id: who was not told.
        enterprise: its name.
    """

    class_id: int
    title: str
    in_force_on: date
    enterprise_id: int
    enterprise: str


def lines(actor: Actor, areas: Sequence[int] = (), enterprise_id: int | None = None) -> list[Line]:
    """Return who was not told of which measure in force, the longest in force first.

    Args:
        actor: who asks; enterprises whose issues they may not see are left out.
        areas: only enterprises of these areas and below; none: all.
        enterprise_id: only this enterprise.

    Raises:
        NotAllowedError: the role may not see classes.
    """
    more: list[ColumnElement[bool]] = [inside(Enterprise.area_id, areas)] if areas else []
    if enterprise_id is not None:
        more.append(col(Enterprise.id) == enterprise_id)
    with use_case(actor, Action.CLASS_VIEW) as session:
        return [
            Line(each.class_id, each.title, each.in_force_on, row_id, name)
            for each in untold_in(session, actor, *more)
            for row_id, name in each.enterprises.items()
        ]


def gap(actor: Actor, place: Place) -> dict[Gap, Figure]:
    """Return how many enterprises were not told of a measure, each counted for each measure."""
    enterprise = place.whose.enterprise_id
    asked: dict[str, Any] = {"area_id": place.areas} if place.areas else {}
    if enterprise is not None:
        asked["enterprise_id"] = [enterprise]
    return {Gap.UNSHARED: Figure(len(lines(actor, place.areas, enterprise)), Rows.UNTOLD, asked)}
