"""What visitors promised on the way: one visit in forty."""

from collections.abc import Iterator, Sequence
from typing import Any

import psycopg

from bench.copying import NONE, copy, moment
from bench.programme.enterprises import Enterprises
from bench.programme.visits import Visits
from bench.programme.world import World
from models.visit import Promise
from services.demo.words import words

_EVERY = 40
_DAYS = 10
_DAY = 86_400
_COLUMNS = (
    "enterprise_id", "visit_id", "promised_by_id", "text", "due_on", "kept_at", "kept_note", "created_at", "updated_at",
)  # fmt: skip


def make(connection: psycopg.Connection[Any], world: World, known: Enterprises, made: Visits) -> None:
    """Add promises; of those past their day one in thirty is not kept."""
    copy(connection, Promise, _COLUMNS, _rows(world, known, made))


def _rows(world: World, known: Enterprises, made: Visits) -> Iterator[Sequence[str]]:
    for place in range(0, len(made.recorded), _EVERY):
        if not (at := made.recorded[place]):
            continue
        kept = at + world.rng.randint(1, _DAYS) * _DAY
        open_still = kept > world.end or world.rng.random() < 1 / 30
        yield (
            str(known.first + made.enterprises[place]), str(made.first + place), str(made.visitors[place]),
            world.rng.choice(words().promises), moment(at + _DAYS * _DAY)[:10], NONE if open_still else moment(kept),
            "" if open_still else "已落实", moment(at), moment(min(kept, world.end)),
        )  # fmt: skip
