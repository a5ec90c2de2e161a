"""What `qianqi bench pages` found, for people; `bench.report` tells programs."""

from dataclasses import dataclass

from bench.programme import Size
from bench.report import Pair, machine, told_pairs, value
from core.i18n import format_number
from core.i18n import gettext as _


@dataclass(frozen=True)
class Fact:
    """A figure that is held against nothing.

    Args:
        key: its name for programs.
        what: its name for people, a message id.
        value: the figure.
        unit: its unit; empty for a number of things.
    """

    key: str
    what: str
    value: float
    unit: str


@dataclass(frozen=True)
class PagesReport:
    """All of one run.

    Args:
        size: how many rows there were beside the demonstration's.
        turns: how often each page was asked.
        pairs: pages and what they are held against.
        facts: everything else.
        peer: whether Django was there.
    """

    size: Size
    turns: int
    pairs: tuple[Pair, ...]
    facts: tuple[Fact, ...]
    peer: bool


def as_text(report: PagesReport) -> str:
    """Return a report for people."""
    sizes = {name: format_number(number) for name, number in vars(report.size).items()}
    head = _(
        "{issues} issues, {visits} visits, {enterprises} enterprises; median of {turns} turns, {cores} cores, "
        "Python {python}"
    ).format(turns=report.turns, **sizes, **machine())
    method = _(
        "A page run is measured from outside, by a tab that has signed in: from its question over the websocket until "
        "all of the page has come. Whatever is held together was asked in turn, in one run."
    )
    facts = [f"{_(each.what)}: {value(each.value, each.unit)}" for each in report.facts]
    missing = [] if report.peer else ["", _("Django is measured beside where it is installed (pip install django).")]
    return "\n".join([head, method, *told_pairs(report.pairs), "", *facts, *missing])
