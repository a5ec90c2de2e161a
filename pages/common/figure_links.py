"""From a figure to the rows it counts: the address of a list, narrowed so that it shows exactly these."""

from calendar import monthrange
from datetime import date
from typing import Any

from models.issue import IssueState
from services.actor import Actor
from services.issues.ledger_filters import QuickView
from services.tallies.measures import Measure
from services.tallies.scope import Asked, own_areas

LEDGER = "issues/ledger.py"


def issues(actor: Actor, asked: Asked, measure: Measure = Measure.REGISTERED, **more: Any) -> dict[str, Any]:
    """Return what the ledger's address carries to show the issues a figure counts.

    Args:
        actor: whose figure it is.
        asked: what the figure was asked of.
        measure: what it counts.
        **more: other filters of the ledger, such as `kind="suggestion"` or `remaining="overdue"`.
    """
    areas = [asked.area_id] if asked.area_id is not None else own_areas(actor)
    found: dict[str, Any] = {
        "_view": QuickView.ALL.value,
        "area_id": areas,
        "measure": "" if measure is Measure.REGISTERED else measure.value,
        "created_at": _months(asked),
        "category": asked.category,
        "department_id": asked.department_id,
        "campaign": asked.campaign_id,
        **more,
    }
    return {key: value for key, value in found.items() if value not in ("", None, [])}


def of_state(actor: Actor, asked: Asked, state: IssueState, **more: Any) -> dict[str, Any]:
    """Return what the ledger's address carries to show the issues that stand in a state; see `issues`."""
    return issues(actor, asked, state=state.value, **more)


def days(first: date | None, last: date | None) -> str:
    """Return a range of days as a list's address holds it; both ends count."""
    return "" if first is None and last is None else f"{first or ''}..{last or ''}"


def month_end(first: date) -> date:
    """Return the last day of a month."""
    return first.replace(day=monthrange(first.year, first.month)[1])


def _months(asked: Asked) -> str:
    return days(asked.since, month_end(asked.until) if asked.until else None)
