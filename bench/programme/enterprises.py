"""Enterprises by the ten thousand, in the grids of the zone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from bench.copying import copy, moment
from bench.programme.world import Grid, World
from models import uscc
from models.enterprise import Contact, Enterprise
from models.naming import name_key
from services.demo.words import words

_FORMS = ("淄博{}有限公司", "淄博{}有限公司", "山东{}有限公司", "淄博高新区{}有限公司", "山东{}股份有限公司")
_SCALES = ("large", *["medium"] * 3, *["small"] * 30, *["micro"] * 66)
_COLUMNS = (
    "id", "name", "name_key", "credit_code", "area_id", "address", "industry", "scale", "status",
    "legal_representative",
    "founded_year", "employees", "longitude", "latitude", "created_at", "updated_at",
)  # fmt: skip
_CONTACT = ("enterprise_id", "name", "title", "phone", "is_primary", "created_at", "updated_at")
_YEARS = 3 * 366 * 24 * 3600


@dataclass(frozen=True)
class Enterprises:
    """The enterprises added: their ids, which follow each other, and the grid of each."""

    first: int
    grids: Sequence[Grid]


def found(connection: psycopg.Connection[Any], world: World, count: int) -> Enterprises:
    """Add enterprises and a contact of each."""
    row = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM enterprise").fetchone()
    assert row is not None  # noqa: S101 - an aggregate has one row
    known = Enterprises(row[0], world.rng.choices(world.grids, k=count))
    copy(connection, Enterprise, _COLUMNS, _rows(world, known))
    copy(connection, Contact, _CONTACT, _contacts(world, known))
    return known


def _rows(world: World, known: Enterprises) -> Iterator[Sequence[str]]:
    rng, kinds = world.rng, words().industries
    since = moment(world.end - _YEARS)
    for number, grid in enumerate(known.grids):
        industry = rng.choice(kinds)
        brand = rng.choice(words().brands_first) + rng.choice(words().brands_second)
        name = rng.choice(_FORMS).format(f"{brand}{_numeral(number // 97)}{rng.choice(industry.trades.split())}")
        body = f"91370391MB{number:06}" + uscc.ALPHABET[number % 31]
        yield (
            str(known.first + number), name, name_key(name), body + uscc.check_character(body), str(grid.area_id),
            f"淄博市高新区{grid.village}{rng.randint(1, 180)}号", industry.value, rng.choice(_SCALES),
            "closed" if number % 60 == 0 else "active", _person(world), str(rng.randint(1994, world.now.year - 1)),
            str(rng.randint(2, 400)), f"{grid.longitude + rng.gauss(0, 0.002):.6f}",
            f"{grid.latitude + rng.gauss(0, 0.0016):.6f}", since, since,
        )  # fmt: skip


def _contacts(world: World, known: Enterprises) -> Iterator[Sequence[str]]:
    since = moment(world.end - _YEARS)
    for number in range(len(known.grids)):
        # 199-0000 is not given out.
        phone = f"+861990000{number % 10_000:04}"
        yield str(known.first + number), _person(world), "总经理", phone, "t", since, since


def _person(world: World) -> str:
    return world.rng.choice(words().surnames) + world.rng.choice(_given_names())


def _given_names() -> list[str]:
    return words().given_names.split()


def _numeral(number: int) -> str:
    """Return a number in Chinese digits: brands are fewer than enterprises."""
    return "".join("零一二三四五六七八九"[int(digit)] for digit in str(number)) if number else ""
