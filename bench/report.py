"""What was measured, for people and for programs."""

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass

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
        at_most: … or the greatest.
    """

    key: str
    what: str
    peer: str
    here: float
    there: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def ratio(self) -> float:
        """The product's value as a multiple of the other's."""
        return self.here / self.there

    @property
    def met(self) -> bool:
        """Whether the ratio is as wanted."""
        return self.ratio >= (self.at_least or 0) and (self.at_most is None or self.ratio <= self.at_most)


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


def as_json(report: Report) -> str:
    """Return a report for programs."""
    pairs = {each.key: asdict(each) | {"ratio": each.ratio, "met": each.met} for each in report.pairs}
    found = asdict(report) | {"pairs": pairs, "machine": _machine(), "met": all(each.met for each in report.pairs)}
    return json.dumps(found, ensure_ascii=False, indent=2)


def as_text(report: Report) -> str:
    """Return a report for people."""
    machine = _machine()
    head = _("{count} reminders a turn, median of {turns} turns, {cores} cores, Python {python}").format(
        count=format_number(report.count), turns=report.turns, **machine
    )
    return "\n".join([head, *(_told(each, report) for each in report.pairs), "", _others(report)])


def _told(pair: Pair, report: Report) -> str:
    what = _(pair.what).format(planned=format_number(report.planned))
    lines = [
        f"\n{what}: {_value(pair.here, pair.unit)}",
        f"  {_(pair.peer)}: {_value(pair.there, pair.unit)}",
        _("  Ratio {ratio}, wanted {wanted}: {verdict}").format(
            ratio=f"{pair.ratio:.2f}", wanted=_wanted(pair), verdict=_("met") if pair.met else _("NOT met")
        ),
    ]
    return "\n".join(lines)


def _others(report: Report) -> str:
    if not report.peers:
        return _("Celery and RQ are measured beside where they are installed.")
    found = ", ".join(f"{name} {_value(rate, '/s')}" for name, rate in report.peers.items())
    return _("Other queues, a task that does nothing: {found}").format(found=found)


def _value(value: float, unit: str) -> str:
    return f"{value:,.0f}{unit}" if value >= 100 else f"{value:.1f} {unit}"


def _wanted(pair: Pair) -> str:
    return f"≤ {pair.at_most:g}" if pair.at_most is not None else f"≥ {pair.at_least:g}"


def _machine() -> dict[str, str | int]:
    return {"cores": psutil.cpu_count() or 1, "python": platform.python_version(), "system": platform.platform()}
