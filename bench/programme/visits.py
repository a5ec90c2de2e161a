"""Visits by the million: twelve campaigns of a quarter each, the last of which runs."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from bench.copying import NONE, copy, moment
from bench.programme.enterprises import Enterprises
from bench.programme.world import World
from models.campaign import Campaign, CampaignTarget
from models.visit import Visit
from services.demo.words import words

CAMPAIGNS = 12
QUARTER_DAYS = 91
_DAY = 86_400
_LEFT_DAYS = 30
"""So many days the last campaign still has to run."""
_TARGETED = 0.8
"""Share of the enterprises a campaign means to visit."""
_OPEN = 0.06
"""Share of the running campaign's visits that are planned and not made yet."""
_MODES = (*["on_site"] * 14, *["phone"] * 4, *["wechat"] * 2)
_OUTCOMES = (*["met"] * 44, *["not_found"] * 3, *["refused"] * 2, "moved_away")
_CAMPAIGN = ("id", "name", "starts_on", "ends_on", "state", "modes", "goal", "owner_id", "created_at", "updated_at")
_COLUMNS = (
    "id", "campaign_id", "enterprise_id", "area_id", "team_id", "assignee_id", "assigned_by_id", "planned_on", "state",
    "mode", "outcome", "summary", "recorded_at", "recorded_by_id", "assigned_at", "assignment", "created_at",
    "updated_at",
)  # fmt: skip


@dataclass
class Visits:
    """The campaigns added, and what came of their visits in the order they were made.

    Args:
        campaign: the id of the first campaign; the others follow.
        targets: of each campaign the enterprises it means to visit, counted from 0.
        first: the id of the first visit; the others follow.
        enterprises: which enterprise each was made to, counted from 0.
        recorded: when each was recorded, as seconds since 1970; 0 if nobody was met.
        visitors: the account of who made it.
    """

    campaign: int
    targets: Sequence[Sequence[int]]
    first: int
    enterprises: "array[int]" = field(default_factory=lambda: array("l"))
    recorded: "array[int]" = field(default_factory=lambda: array("l"))
    visitors: "array[int]" = field(default_factory=lambda: array("l"))


def make(connection: psycopg.Connection[Any], world: World, known: Enterprises, count: int) -> Visits:
    """Add campaigns, their targets and visits."""
    campaign, visit = (
        connection.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone() or (1,)  # noqa: S608 - ours
        for table in ("campaign", "visit")
    )
    copy(connection, Campaign, _CAMPAIGN, _campaigns(world, campaign[0], len(known.grids)))
    targets = [
        sorted(world.rng.sample(range(len(known.grids)), int(len(known.grids) * _TARGETED)))
        for _each in range(CAMPAIGNS)
    ]
    made = Visits(campaign[0], targets, visit[0])
    copy(connection, CampaignTarget, ("campaign_id", "enterprise_id"), _targets(known, made))
    copy(connection, Visit, _COLUMNS, _rows(world, known, made, count))
    return made


def begins(world: World, campaign: int) -> float:
    """Return when the campaign of that number, counted from 0, began, as seconds since 1970."""
    return world.end - ((CAMPAIGNS - campaign) * QUARTER_DAYS - _LEFT_DAYS) * _DAY


def _campaigns(world: World, first: int, enterprises: int) -> Iterator[Sequence[str]]:
    for number in range(CAMPAIGNS):
        starts = datetime.fromtimestamp(begins(world, number), UTC).date()
        ends = starts + timedelta(days=QUARTER_DAYS - 1)
        state = "running" if number == CAMPAIGNS - 1 else "finished"
        since = moment(begins(world, number) - 14 * _DAY)
        yield (
            str(first + number), f"政务服务进千企第{number + 1}季度走访", str(starts), str(ends), state,
            "{on_site,phone,wechat}", str(int(enterprises * _TARGETED)), str(world.coordinator), since, since,
        )  # fmt: skip


def _targets(known: Enterprises, made: Visits) -> Iterator[Sequence[str]]:
    for number, chosen in enumerate(made.targets):
        for enterprise in chosen:
            yield str(made.campaign + number), str(known.first + enterprise)


def _rows(world: World, known: Enterprises, made: Visits, count: int) -> Iterator[Sequence[str]]:
    rng, taken = world.rng, set[int]()
    each = max(count // CAMPAIGNS, 1)
    for number in range(count):
        order = min(number // each, CAMPAIGNS - 1)
        last = order == CAMPAIGNS - 1
        days = QUARTER_DAYS - (_LEFT_DAYS if last else 0)
        place = (number - order * each) / each
        at = begins(world, order) + min(place, 1) * days * _DAY
        enterprise = rng.choice(made.targets[order])
        grid = known.grids[enterprise]
        who = rng.choice(grid.members)
        coming = last and place > 1 - _OPEN and enterprise not in taken
        if coming:
            taken.add(enterprise)
            at = world.end + rng.randint(-3, 14) * _DAY
        outcome = rng.choice(_OUTCOMES)
        made.enterprises.append(enterprise)
        made.recorded.append(int(at) if outcome == "met" and not coming else 0)
        made.visitors.append(who)
        done = (rng.choice(_MODES), outcome, rng.choice(words().summaries), moment(at), str(who))
        yield (
            str(made.first + number), str(made.campaign + order), str(known.first + enterprise), str(grid.area_id),
            str(grid.team_id), str(who), str(grid.members[0]), moment(at)[:10], "planned" if coming else "recorded",
            *((NONE, NONE, "", NONE, NONE) if coming else done), moment(min(at, world.end) - 5 * _DAY), "1",
            moment(min(at, world.end) - 5 * _DAY), moment(min(at, world.end)),
        )  # fmt: skip
