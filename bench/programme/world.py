"""What the demonstration data already has and the programme is hung on."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from services.demo.areas import ZONE_CODE
from services.demo.words import departments_of_categories

_SEED = 1000
_GRIDS = """
SELECT grid.id, grid.path, replace(village.name, '居委会', ''), grid.longitude, grid.latitude FROM area grid
JOIN area village ON village.id = grid.parent_id JOIN area zone ON zone.code = %s
WHERE grid.tier = 'grid' AND grid.path LIKE zone.path || '%%' ORDER BY grid.id
"""
_TEAMS = """
SELECT team.id, area.path, array_agg(account_id ORDER BY team_member.id)
FROM team JOIN area ON area.id = team.area_id JOIN team_member ON team_member.team_id = team.id
GROUP BY team.id, area.path ORDER BY length(area.path)
"""
_OFFICERS = """
SELECT department.name, department.id, min(account.id)
FROM department JOIN account ON account.department_id = department.id
GROUP BY department.name, department.id
"""


@dataclass(frozen=True)
class Grid:
    """A grid of the zone, the village it lies in, and the team that serves it: its id and its members' accounts."""

    area_id: int
    village: str
    longitude: float
    latitude: float
    team_id: int
    members: Sequence[int]


@dataclass(frozen=True)
class World:
    """The zone.

    Args:
        now: until when the programme has run.
        rng: draws everything; from one seed, so that each run measures the same rows.
        grids: of the zone.
        desks: issue category → the department that answers for it and its officer.
        coordinator: their account.
    """

    now: datetime
    rng: random.Random
    grids: Sequence[Grid]
    desks: dict[str, tuple[int, int]]
    coordinator: int

    @classmethod
    def of(cls, connection: psycopg.Connection[Any], now: datetime) -> "World":
        """Read it."""
        teams = connection.execute(_TEAMS).fetchall()
        grids = [_grid(row, teams) for row in connection.execute(_GRIDS, [ZONE_CODE])]
        officers = {name: (department, officer) for name, department, officer in connection.execute(_OFFICERS)}
        desks = {category: officers[name] for category, name in departments_of_categories().items()}
        found = connection.execute("SELECT id FROM account WHERE role = 'coordinator'").fetchone()
        assert found is not None  # noqa: S101 - the demonstration has one
        return cls(now, random.Random(_SEED), grids, desks, found[0])  # noqa: S311 - the same rows each time

    @property
    def end(self) -> float:
        """Until when the programme has run, as seconds since 1970."""
        return self.now.timestamp()


def _grid(row: tuple[Any, ...], teams: Sequence[tuple[Any, ...]]) -> Grid:
    area_id, path, village, longitude, latitude = row
    *_wider, (team_id, members) = [(team, people) for team, above, people in teams if path.startswith(above)]
    return Grid(area_id, village, longitude, latitude, team_id, members)
