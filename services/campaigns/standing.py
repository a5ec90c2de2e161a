"""Where each target enterprise of a campaign stands, said once for lists and figures."""

from sqlalchemy import ColumnElement, Subquery, case, select, true
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col

from core import clock
from core.i18n import N_
from models.base import LabelledEnum
from models.campaign import CampaignTarget
from models.visit import Outcome, Visit, VisitState


class Standing(LabelledEnum):
    """What has become of a target enterprise so far."""

    UNASSIGNED = "unassigned", N_("Never assigned")
    OPEN = "open", N_("Open")
    OVERDUE = "overdue", N_("Overdue")
    RETURNED = "returned", N_("Returned for completion")
    VISITED = "visited", N_("Visited")
    REFUSED = "refused", N_("Refused")
    NOT_FOUND = "not_found", N_("Not found")
    MOVED_AWAY = "moved_away", N_("Moved away")


def of_open(visit: Visit) -> Standing:
    """Return where an enterprise stands by a visit that is planned, or was returned for completion."""
    if visit.state is VisitState.RETURNED:
        return Standing.RETURNED
    return Standing.OVERDUE if visit.planned_on < clock.today() else Standing.OPEN


def standings(among: ColumnElement[bool] | None = None) -> Subquery:
    """Return each target with the visit that counts for it and its `standing`.

    Of several visits of an enterprise in one campaign the one that met somebody counts, then an open one, then the
    latest; visits taken back do not count.

    Args:
        among: a condition on visits, for whoever asks for a part of the targets: it must hold for all visits of these
            and spares looking at the others.
    """
    visit = _counting_visits(among)
    return (
        select(
            col(CampaignTarget.campaign_id),
            col(CampaignTarget.enterprise_id),
            visit.c.team_id,
            visit.c.assignee_id,
            visit.c.planned_on,
            visit.c.recorded_at,
            _standing(visit).label("standing"),
        )
        .outerjoin(
            visit,
            (visit.c.campaign_id == CampaignTarget.campaign_id)
            & (visit.c.enterprise_id == CampaignTarget.enterprise_id),
        )
        .subquery("standings")
    )


def _counting_visits(among: ColumnElement[bool] | None) -> Subquery:
    met = (col(Visit.state) == VisitState.RECORDED) & (col(Visit.outcome) == Outcome.MET)
    rank = case((met, 0), (col(Visit.state) != VisitState.RECORDED, 1), else_=2)
    return (
        select(
            col(Visit.campaign_id), col(Visit.enterprise_id), col(Visit.team_id), col(Visit.assignee_id),
            col(Visit.planned_on), col(Visit.recorded_at), col(Visit.state), col(Visit.outcome),
        )
        .where(col(Visit.state) != VisitState.TAKEN_BACK, true() if among is None else among)
        .order_by(col(Visit.campaign_id), col(Visit.enterprise_id), rank, col(Visit.id).desc())
        .ext(distinct_on(col(Visit.campaign_id), col(Visit.enterprise_id)))
        .subquery("counting")
    )  # fmt: skip


def _standing(visit: Subquery) -> ColumnElement[str]:
    return case(
        (visit.c.state.is_(None), Standing.UNASSIGNED.value),
        (visit.c.state == VisitState.RETURNED, Standing.RETURNED.value),
        ((visit.c.state == VisitState.PLANNED) & (visit.c.planned_on < clock.today()), Standing.OVERDUE.value),
        (visit.c.state == VisitState.PLANNED, Standing.OPEN.value),
        (visit.c.outcome == Outcome.REFUSED, Standing.REFUSED.value),
        (visit.c.outcome == Outcome.NOT_FOUND, Standing.NOT_FOUND.value),
        (visit.c.outcome == Outcome.MOVED_AWAY, Standing.MOVED_AWAY.value),
        else_=Standing.VISITED.value,
    )
