"""From the figures of the overview to their rows."""

from typing import Any

from core.i18n import format_number
from pages.campaigns import targets_asked
from pages.common import figure_links
from pages.home.tiles import Tile
from services.actor import Actor
from services.campaigns.standing import Standing
from services.progress_overview import Setting
from services.tallies.measures import Measure
from services.tallies.scope import Asked

CAMPAIGN, LEDGER, PROMISES = "campaigns/campaign.py", figure_links.LEDGER, "visits/promises.py"


def raised(actor: Actor, setting: Setting, measure: Measure = Measure.REGISTERED, **more: Any) -> dict[str, Any]:
    """Return the address of the needs of the period that have a measure."""
    return _issues(actor, setting, setting.asked, measure, **more)


def last_month(actor: Actor, setting: Setting, measure: Measure = Measure.REGISTERED, **more: Any) -> dict[str, Any]:
    """Return the address of the needs of last month that have a measure."""
    return _issues(actor, setting, setting.last_month, measure, **more)


def now(actor: Actor, setting: Setting, **more: Any) -> dict[str, Any]:
    """Return the address of needs whenever they were raised, narrowed by other filters of the ledger."""
    return _issues(actor, setting, Asked(category=setting.asked.category), Measure.REGISTERED, **more)


def targets(setting: Setting, *standing: Standing, **more: Any) -> dict[str, Any]:
    """Return the address of the campaign's enterprises that stand so; see `targets_asked.query`."""
    assert setting.campaign is not None  # noqa: S101 - there are no such figures without a campaign
    team_id = setting.team.pk if setting.team else None
    areas = () if setting.team else setting.narrowed or ()
    return targets_asked.query(
        setting.campaign.pk, **{"standing": standing, "team_id": team_id, "areas": areas, **more}
    )


def tile(name: str, count: int, page: str, query: dict[str, Any]) -> Tile:
    """Return a figure as a tile that opens its rows."""
    return Tile(name, format_number(count), page, query, quiet=not count)


def _issues(actor: Actor, setting: Setting, asked: Asked, measure: Measure, **more: Any) -> dict[str, Any]:
    return figure_links.issues(actor, asked, measure, **{"area_id": list(setting.narrowed or ()), **more})
