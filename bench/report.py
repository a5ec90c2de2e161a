"""What was measured, for people and for programs."""

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import psutil

from core.i18n import format_number
from core.i18n import gettext as _


@dataclass(frozen=True)
class Pair:
    """One measurement of the product and what it is held against.

    Args:
        key: its name for programs.
        what: its name for people, a message id.
        peer: what it is held against, a message id.
        here: the product's value, a median.
        there: the other's value, a median.
        unit: of both.
        at_least: the least ratio of the two that is wanted …
        at_most: … or the greatest …
        plus: … beside so much more than the ratio allows, in the same unit.
        here_p95: what 95 of 100 of the product's values do not exceed, where it was asked.
        there_p95: likewise of the other's.
    """

    key: str
    what: str
    peer: str
    here: float
    there: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None
    plus: float = 0
    here_p95: float | None = None
    there_p95: float | None = None

    @property
    def ratio(self) -> float:
        """The product's value as a multiple of the other's."""
        return self.here / self.there

    @property
    def met(self) -> bool:
        """Whether the values are to each other as wanted."""
        if self.at_most is not None:
            return self.here <= self.at_most * self.there + self.plus
        return self.ratio >= (self.at_least or 0)


@dataclass(frozen=True)
class Report:
    """All of one run.

    Args:
        count: how many reminders each turn told.
        planned: how many lay in the future for the due scan.
        turns: of how many turns the medians are.
        pairs: what was measured.
        peers: other queue → how many tasks that do nothing it does in a second; empty where none is installed.
    """

    count: int
    planned: int
    turns: int
    pairs: tuple[Pair, ...]
    peers: Mapping[str, float]


def as_json(report: Any) -> str:
    """Return a report, this one or another with `pairs`, for programs."""
    found = asdict(report) | {
        "pairs": {each.key: asdict(each) | {"ratio": each.ratio, "met": each.met} for each in report.pairs},
        "machine": machine(),
        "met": all(each.met for each in report.pairs),
    }
    return json.dumps(found, ensure_ascii=False, indent=2)


def as_text(report: Report) -> str:
    """Return a report for people."""
    head = _("{count} reminders a turn, median of {turns} turns, {cores} cores, Python {python}").format(
        count=format_number(report.count), turns=report.turns, **machine()
    )
    told = told_pairs(report.pairs, planned=format_number(report.planned))
    return "\n".join([head, *told, "", _others(report)])


def told_pairs(pairs: Sequence[Pair], **words: str) -> list[str]:
    """Return what was measured for people; `words` stand in the names of what was."""
    return [_told(each, words) for each in pairs]


def machine() -> dict[str, str | int]:
    """Return what it was measured on."""
    return {"cores": psutil.cpu_count() or 1, "python": platform.python_version(), "system": platform.platform()}


def value(number: float, unit: str) -> str:
    """Return a value with its unit, as exact as it is worth."""
    return (
        f"{number:,.0f} {unit}".replace(" /s", "/s").rstrip() if number >= 100 or not unit else f"{number:.1f} {unit}"
    )


def _told(pair: Pair, words: Mapping[str, str]) -> str:
    lines = [
        f"\n{_(pair.what).format(**words)}: {_spread(pair.here, pair.here_p95, pair.unit)}",
        f"  {_(pair.peer)}: {_spread(pair.there, pair.there_p95, pair.unit)}",
        _("  Ratio {ratio}, wanted {wanted}: {verdict}").format(
            ratio=f"{pair.ratio:.2f}", wanted=_wanted(pair), verdict=_("met") if pair.met else _("NOT met")
        ),
    ]
    return "\n".join(lines)


def _spread(median: float, p95: float | None, unit: str) -> str:
    return value(median, unit) if p95 is None else f"{value(median, unit)} (p95 {value(p95, unit)})"


def _others(report: Report) -> str:
    if not report.peers:
        return _("Celery and RQ are measured beside where they are installed.")
    found = ", ".join(f"{name} {value(rate, '/s')}" for name, rate in report.peers.items())
    return _("Other queues, a task that does nothing: {found}").format(found=found)


def _wanted(pair: Pair) -> str:
    if pair.at_most is None:
        return f"≥ {pair.at_least:g}"
    more = f" + {pair.plus:g} {pair.unit}" if pair.plus else ""
    return f"≤ {pair.at_most:g}{more}"
