"""From a figure to the rows it counts: the address of a list, narrowed so that it shows exactly these."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from core import months
from models.visit import RECORD_STATES
from services.actor import Actor
from services.campaigns.standing import Standing
from services.issues.ledger_filters import QuickView
from services.tallies.measures import Measure
from services.tallies.scope import Asked, own_areas

LEDGER = "issues/ledger.py"
VISITS = "visits/list.py"
ENTERPRISES = "enterprises/list.py"
EVER = date(2000, 1, 1)
"""Before anything was recorded: from then on means that it has been."""


def issues(actor: Actor, asked: Asked, measure: Measure = Measure.REGISTERED, **more: Any) -> dict[str, Any]:
    """Return what the ledger's address carries to show the issues a figure counts.

    Args:
        actor: whose figure it is.
        asked: what the figure was asked of.
        measure: what it counts.
        **more: other filters of the ledger, such as `kind="suggestion"` or `remaining="overdue"`.
    """
    return _narrowed(**{
        "_view": QuickView.ALL.value,
        "area_id": _areas(actor, asked.area_id),
        "measure": "" if measure is Measure.REGISTERED else measure.value,
        "created_at": _months(asked),
        "category": asked.category,
        "department_id": asked.department_id,
        "campaign": asked.campaign_id,
        **more,
    })  # fmt: skip


def visits(actor: Actor, asked: Asked, **more: Any) -> dict[str, Any]:
    """Return what the address of the list of visits carries to show those recorded in what was asked.

    Args:
        actor: whose figure it is.
        asked: what the figure was asked of; category and department say nothing here.
        **more: other filters of that list, such as `mode=["phone"]`.
    """
    return _narrowed(
        area_id=_areas(actor, asked.area_id),
        campaign_id=asked.campaign_id,
        recorded_at=_months(asked) or days(EVER, None),
        state=[each.value for each in RECORD_STATES],
        **more,
    )


def enterprises(
    actor: Actor, area_id: int | None, campaign_id: int | None, standing: Sequence[Standing] = ()
) -> dict[str, Any]:
    """Return what the address of the list of enterprises carries to show those a campaign means to visit.

    Args:
        actor: whose figure it is.
        area_id: where; `None`: all they answer for.
        campaign_id: which campaign; `None`: all enterprises.
        standing: how far it is with them; empty: all.
    """
    return _narrowed(
        area_id=_areas(actor, area_id), in_campaign=campaign_id, standing=[each.value for each in standing]
    )


def days(first: date | None, last: date | None) -> str:
    """Return a range of days as a list's address holds it; both ends count."""
    return "" if first is None and last is None else f"{first or ''}..{last or ''}"


def _areas(actor: Actor, area_id: int | None) -> list[int]:
    return [area_id] if area_id is not None else own_areas(actor) or []


def _narrowed(**found: Any) -> dict[str, Any]:
    return {key: value for key, value in found.items() if value not in ("", None, [])}


def _months(asked: Asked) -> str:
    return days(asked.since, months.last_day(asked.until) if asked.until else None)
