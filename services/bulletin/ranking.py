"""Ranking that luck does not decide: by the lower end of the interval, and only with a sample large enough."""

from collections.abc import Mapping, Sequence

from models.bulletin import Ranked
from services.bulletin.catalogue import RANKED
from services.bulletin.printed import Share, Unit


def ranked(units: Sequence[Unit], minimum_sample: int, shown_by: Ranked) -> tuple[Unit, ...]:
    """Return units with their places by every share, the best by `shown_by` first and those not ranked last.

    A unit is ranked by the lower end of the interval of its share (`models.stats.wilson`): how good it is at least.
    Two cases of two can be luck and have a low lower end; ninety of a hundred have a high one. Equals share a place.

    Args:
        units: with their counts.
        minimum_sample: the fewest cases with which a unit is ranked.
        shown_by: by what they are put in order.
    """
    shared = [unit.model_copy(update={"shares": _shares(unit.counts)}) for unit in units]
    places = {rate: _places(shared, rate, minimum_sample) for rate in RANKED}
    found = [
        unit.model_copy(update={"ranks": {rate: places[rate][unit.id] for rate in RANKED if unit.id in places[rate]}})
        for unit in shared
    ]
    return tuple(sorted(found, key=lambda unit: _order(unit, shown_by)))


def _shares(counts: Mapping[str, int]) -> dict[Ranked, Share]:
    return {
        rate: Share(count=counts.get(part.key, 0), of=counts.get(whole.key, 0))
        for rate, (part, whole) in RANKED.items()
    }


def _places(units: Sequence[Unit], rate: Ranked, minimum_sample: int) -> dict[int, int]:
    lows = {unit.id: unit.shares[rate].interval.low for unit in units if unit.shares[rate].of >= minimum_sample}
    return {each: 1 + sum(other > low for other in lows.values()) for each, low in lows.items()}


def _order(unit: Unit, rate: Ranked) -> tuple[bool, int, int, int]:
    share = unit.shares[rate]
    return rate not in unit.ranks, unit.ranks.get(rate, 0), -share.of, unit.id
