"""Everything the overview shows, read in one go.

The figures of a place are the same for everybody who may ask for it, and many look at once: they are kept for some
seconds. Whether somebody may ask, and for what place, is found out every time.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core import clock
from core.brief import Brief
from core.db import side_by_side
from core.i18n import locale
from core.settings import settings
from services.actor import Actor
from services.issues import holders
from services.issues.holders import Holder
from services.permissions import Action
from services.progress_overview import behind, decisions, pressing, question
from services.progress_overview.advance import Advance, advance
from services.progress_overview.behind import TeamAdvance
from services.progress_overview.decisions import Decisions
from services.progress_overview.pressing import Age
from services.progress_overview.question import Question, Setting
from services.tallies import keeping, reading
from services.tallies.reading import Counts
from services.use_case import use_case

KEPT = timedelta(seconds=10)
"""How old figures may be that somebody else asked for."""


@dataclass(frozen=True)
class Overview:
    """The overview of a place.

    Args:
        setting: what was asked.
        at: when the figures were read.
        holders: with whom what is overdue now is.
        ages: how long what is open now has been open.
        decisions: what needs a decision now.
        promises_overdue: how many promises are past their day now.
        counts: the figures of the needs raised in the period.
        last_month: those of the month before this.
        last_month_overdue: how many of these are overdue now.
        advance: how far the campaign is; `None` without one.
        teams: its teams, those furthest behind first.
    """

    setting: Setting
    at: datetime
    holders: list[Holder]
    ages: list[Age]
    decisions: Decisions
    promises_overdue: int
    counts: Counts
    last_month: Counts
    last_month_overdue: int
    advance: Advance | None = None
    teams: list[TeamAdvance] = field(default_factory=list)


_kept: Brief[Hashable, Overview] = Brief(KEPT, strictly=True)


def look(actor: Actor, asked: Question) -> Overview:
    """Return the overview, at most some seconds old.

    Raises:
        NotAllowedError: the role sees no figures.
        NotFoundError: there is no such area or team, or it is not the actor's.
    """
    with use_case(actor, Action.PROGRESS_VIEW) as session:
        setting = question.settle(session, actor, asked)
    return replace(_kept.get(_key(setting), lambda: _read(actor, setting)), setting=setting)


def forget() -> None:
    """Read the figures anew next time: for whoever has just changed something, and between tests."""
    _kept.clear()


def _key(setting: Setting) -> Hashable:
    """Return all that the figures depend on but the rows; who asks is not among it."""
    campaign = setting.campaign and (setting.campaign.pk, setting.campaign.updated_at)
    team = setting.team and setting.team.pk
    place = (setting.areas, setting.narrowed, team)
    return (settings().database_url, clock.today(), locale(), campaign, setting.period, setting.asked, place)


def _read(actor: Actor, setting: Setting) -> Overview:
    keeping.catch_up()
    (met, teams), found = side_by_side(lambda: _campaign(actor, setting), lambda: _needs(actor, setting))
    return replace(found, advance=met, teams=teams)


def _campaign(actor: Actor, setting: Setting) -> tuple[Advance | None, list[TeamAdvance]]:
    with use_case(actor, Action.PROGRESS_VIEW) as session:
        return advance(session, setting), behind.teams(session, setting)


def _needs(actor: Actor, setting: Setting) -> Overview:
    """Return the overview without its campaign."""
    with use_case(actor, Action.PROGRESS_VIEW) as session:
        before = setting.last_month
        return Overview(
            setting=setting,
            at=clock.now(),
            holders=holders.of(session, pressing.conditions(session, setting)),
            ages=pressing.ages(session, setting),
            decisions=decisions.decisions(session, setting),
            promises_overdue=pressing.promises_overdue(session, setting),
            counts=reading.grouped(session, setting.asked, None, setting.areas).get(None, Counts()),
            last_month=reading.grouped(session, before, None, setting.areas).get(None, Counts()),
            last_month_overdue=pressing.overdue_of(session, setting, before),
        )
