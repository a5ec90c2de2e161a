"""The figures of a place in the order they are shown, each with the way to exactly the rows it counts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from core.i18n import N_, format_number, format_percent
from core.i18n import gettext as _
from pages.common import figure_links
from services.actor import Actor
from services.campaigns.standing import Standing
from services.issues.ledger_filters import QuickView
from services.issues.remaining import Remaining
from services.tallies.measures import PAIRS, Rate
from services.tallies.scope import Asked
from services.territory.figures import Line

Way = tuple[str, Mapping[str, Any]]
"""A page's file and what its address carries."""


@dataclass(frozen=True)
class Question:
    """What the figures of a page were asked of.

    Args:
        actor: whose they are.
        asked: months and campaign.
        campaign_id: whose coverage is told.
    """

    actor: Actor
    asked: Asked
    campaign_id: int | None

    def at(self, line: Line) -> Asked:
        """Return what was asked of a place."""
        return replace(self.asked, area_id=line.place.id if line.place else None)


@dataclass(frozen=True)
class Shown:
    """A figure.

    Args:
        label: its name, marked with `N_`.
        value: the figure of a place as a table holds it: a number, a share of 1, a text.
        way: the way to its rows.
        share: whether the value is a share of 1.
        warns: whether more of it is worse.
        of_campaign: whether it tells of a campaign's enterprises: before any has begun there is no such figure.
    """

    label: str
    value: Callable[[Line], int | float | str | None]
    way: Callable[[Question, Line], Way]
    share: bool = False
    warns: bool = False
    of_campaign: bool = False

    def text(self, line: Line) -> str:
        """Return the figure as people read it."""
        value = self.value(line)
        if value is None or isinstance(value, str):
            return value or "–"
        return format_percent(value) if self.share else format_number(value)


def _enterprises(question: Question, line: Line, *standing: Standing) -> Way:
    place = question.at(line).area_id
    return figure_links.ENTERPRISES, figure_links.enterprises(question.actor, place, question.campaign_id, standing)


def _visits(question: Question, line: Line) -> Way:
    return figure_links.VISITS, figure_links.visits(question.actor, question.at(line))


def _open(question: Question, line: Line, **more: Any) -> Way:
    ever = replace(question.at(line), since=None, until=None)
    return figure_links.LEDGER, figure_links.issues(question.actor, ever, _view=QuickView.OPEN.value, **more)


def _rated(rate: Rate, question: Question, line: Line) -> Way:
    return figure_links.LEDGER, figure_links.issues(question.actor, question.at(line), PAIRS[rate][0])


def _rate(rate: Rate, line: Line) -> str | None:
    share = line.issues.rate(rate)
    if share.value is None:
        return None
    return _("{percent} ({count}/{of})").format(
        percent=format_percent(share.value), count=format_number(share.count), of=format_number(share.of)
    )


FIGURES: dict[str, Shown] = {
    "targets": Shown(N_("Enterprises"), lambda line: line.targets.targets, _enterprises, of_campaign=True),
    "met": Shown(
        N_("Visited"), lambda line: line.targets.visited,
        lambda question, line: _enterprises(question, line, Standing.VISITED), of_campaign=True,
    ),
    "coverage": Shown(
        N_("Coverage"), lambda line: line.targets.share() if line.targets.targets else None,
        lambda question, line: _enterprises(question, line, Standing.VISITED), share=True, of_campaign=True,
    ),
    "late": Shown(
        N_("Visits overdue"), lambda line: line.targets.overdue,
        lambda question, line: _enterprises(question, line, Standing.OVERDUE), warns=True, of_campaign=True,
    ),
    "visits": Shown(N_("Visits recorded"), lambda line: line.visits, _visits),
    "open": Shown(N_("Open issues"), lambda line: line.open, _open),
    "overdue": Shown(
        N_("Overdue issues"), lambda line: line.overdue,
        lambda question, line: _open(question, line, remaining=Remaining.OVERDUE.value), warns=True,
    ),
    **{rate.value: Shown(rate.label, partial(_rate, rate), partial(_rated, rate)) for rate in Rate},
}  # fmt: skip
"""Key → figure, in the order they are shown; that of a rate opens what fulfils it."""


def figures_of(question: Question) -> dict[str, Shown]:
    """Return those of the figures that a question has: without a campaign none of a campaign's enterprises."""
    with_campaign = question.campaign_id is not None
    return {key: shown for key, shown in FIGURES.items() if with_campaign or not shown.of_campaign}
