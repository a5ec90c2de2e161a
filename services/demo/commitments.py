"""What enterprises undertook when they were approved without it: most made good, some due, a few overdue.

Each of the seventeen organisations approves on commitment, as in the article.
"""

import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict

from core import clock
from models.commitment import Commitment
from models.enterprise import Enterprise, EnterpriseStatus
from services.demo.cast import Cast
from services.demo.days import Diary, office_moment
from services.demo.plots import UTILITIES

_OPEN = (5, 12, 2, 26, 40)
"""In how many days open ones are due, department by department in turn."""
_OVERDUE = (-2, -6)
_MADE_GOOD = 4
"""How many of each department were made good."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Matter(_Part):
    """What is approved, what was still missing, and the industries whose enterprises ask for it."""

    matter: str
    text: str
    industries: list[str]


class _Organisation(_Part):
    department: str
    matters: list[_Matter]


class _Words(_Part):
    notes: list[str]
    organisations: list[_Organisation]


@cache
def _words() -> _Words:
    text = resources.files("services.demo").joinpath("data", "commitments.toml").read_text(encoding="utf-8")
    return _Words.model_validate(tomllib.loads(text))


@dataclass
class _Draw:
    """Draws commitments of one department after another.

    Args:
        rng: the chance they are drawn by.
        cast: who approves and follows.
        enterprises: who can undertake something.
    """

    rng: random.Random
    cast: Cast
    enterprises: list[Enterprise]

    def __post_init__(self) -> None:
        """Look at the calendar once."""
        self._diary, self._taken = Diary(), set[int]()

    def of(self, place: int, organisation: _Organisation) -> Iterator[Commitment]:
        """Yield what one department approved: made good, still open, in some departments overdue."""
        for number in range(_MADE_GOOD):
            yield self._made_good(organisation, self._diary.day_ago(3 + 9 * number + place % 9))
        for number in range(2):
            yield self._open(organisation, _OPEN[(place + 2 * number) % len(_OPEN)])
        if place % 2 == 0:
            yield self._open(organisation, _OVERDUE[place // 2 % len(_OVERDUE)])

    def _made_good(self, organisation: _Organisation, day: date) -> Commitment:
        row = self._undertaken(organisation, day + timedelta(days=self.rng.randint(0, 12)))
        row.fulfilled_at = row.updated_at = min(office_moment(self.rng, day), clock.now())
        row.fulfilled_by_id = row.follower_id or self.cast.officer(organisation.department).pk
        row.fulfilled_note = self.rng.choice(_words().notes)
        return row

    def _open(self, organisation: _Organisation, days: int) -> Commitment:
        return self._undertaken(organisation, clock.today() + timedelta(days=days))

    def _undertaken(self, organisation: _Organisation, due_on: date) -> Commitment:
        what = self.rng.choice(organisation.matters)
        enterprise = self._enterprise(what)
        approved_on = due_on - timedelta(days=60 if "60 日" in what.text else 45)
        while approved_on not in self._diary:
            approved_on -= timedelta(days=1)
        approved_at = office_moment(self.rng, approved_on)
        followed = organisation.department != UTILITIES and self.rng.random() < 0.5
        follower = self.cast.member(self.rng, enterprise) if followed else None
        return Commitment(
            enterprise_id=enterprise.pk, matter=what.matter, text=what.text, approved_on=approved_on, due_on=due_on,
            department_id=self.cast.people.departments[organisation.department].pk,
            follower_id=follower.pk if follower else None, created_at=approved_at, updated_at=approved_at,
        )  # fmt: skip

    def _enterprise(self, what: _Matter) -> Enterprise:
        fitting = [each for each in self.enterprises if each.industry in what.industries and each.pk not in self._taken]
        chosen = self.rng.choice(fitting)
        self._taken.add(chosen.pk)
        return chosen


def made(rng: random.Random, cast: Cast, enterprises: Sequence[Enterprise]) -> list[Commitment]:
    """Return the commitments of all departments; the worker who signs in follows one overdue, one due soon, one later.

    The officer who signs in follows those of the own department, which nobody else does.
    """
    operating = [each for each in enterprises if each.status is EnterpriseStatus.ACTIVE and each.credit_code]
    draw = _Draw(rng, cast, operating)
    rows = [row for place, each in enumerate(_words().organisations) for row in draw.of(place, each)]
    worker = cast.named("worker")
    own = [each for each in operating if cast.areas[each.area_id].path in worker.area_paths]
    followed = sorted(
        (each for each in rows if each.fulfilled_at is None and each.follower_id), key=lambda each: each.due_on
    )
    third = len(followed) // 3
    for row, enterprise in zip(followed[::third], own, strict=False):
        row.enterprise_id, row.follower_id = enterprise.pk, worker.pk
    return rows
