"""The list of enterprises: what no field of theirs can say, for filters and columns."""

from dataclasses import replace
from datetime import date

from sqlalchemy import func
from sqlmodel import Session, col, select

from core import clock
from core.i18n import N_, gettext
from models.campaign import Campaign, CampaignState
from models.enterprise import Enterprise
from models.fields import FieldKind, FieldSpec, Option
from models.issue import UNRESOLVED_STATES, Issue
from models.visit import RECORD_STATES, Outcome, Visit
from services import entities
from services.actor import Actor
from services.campaigns.standing import Standing, standings
from services.enterprises import places
from services.enterprises.entity import ENTERPRISES
from services.entities import Described, Found, Query
from services.permissions import Action, allows
from services.use_case import use_case

CAMPAIGN, STANDING = "in_campaign", "standing"
_COLUMNS = (
    FieldSpec(key="met_on", label=N_("Last met"), kind=FieldKind.DATE),
    FieldSpec(key="open_needs", label=N_("Open needs"), kind=FieldKind.INTEGER),
)


def describe(actor: Actor) -> Described:
    """Return the fields of the list: the enterprise's own, when somebody was last met, how many needs are open.

    Whoever sees campaigns can filter by how far one has come with the enterprises it means to visit.

    Raises:
        NotAllowedError: the role may not see enterprises.
    """
    own = entities.describe(actor, ENTERPRISES)
    name, *others = own.specs
    by_campaign = _campaign_filters() if allows(actor, Action.CAMPAIGN_VIEW) else []
    specs = [name, *by_campaign, *_COLUMNS, *others]
    return Described(specs, {**own.references, "area_id": places.used(actor), CAMPAIGN: _campaigns(actor)})


def narrow(query: Query) -> Query:
    """Return a query that also asks what the filters by campaign mean."""
    campaigns, wanted = query.filters.get(CAMPAIGN), query.filters.get(STANDING)
    if not campaigns and not wanted:
        return query
    standing = standings(col(Visit.campaign_id).in_(campaigns) if campaigns else None)
    statement = select(standing.c.enterprise_id)
    if campaigns:
        statement = statement.where(standing.c.campaign_id.in_(campaigns))
    if wanted:
        statement = statement.where(standing.c.standing.in_(wanted))
    return replace(query, where=(*query.where, col(Enterprise.id).in_(statement)))


def find(actor: Actor, query: Query) -> Found:
    """Return a page of the enterprises the actor may see, with the columns of `describe`.

    Raises:
        NotAllowedError: the role may not see enterprises.
    """
    return with_columns(actor, entities.find(actor, ENTERPRISES, narrow(query)))


def with_columns(actor: Actor, found: Found) -> Found:
    """Return a page of the list with when somebody was last met and how many needs are open.

    Raises:
        NotAllowedError: the role may not see enterprises.
    """
    ids = [row["id"] for row in found.rows]
    with use_case(actor, Action.ENTERPRISE_VIEW) as session:
        met, needs = _met_on(session, ids), _open_needs(session, ids)
    rows = [{**row, "met_on": met.get(row["id"]), "open_needs": needs.get(row["id"])} for row in found.rows]
    name, *others = found.specs
    return replace(found, rows=rows, specs=[name, *_COLUMNS, *others])


def _campaign_filters() -> list[FieldSpec]:
    options = tuple(Option(value=each.value, label=gettext(each.label)) for each in Standing)
    return [
        FieldSpec(
            key=CAMPAIGN, label=N_("Campaign"), kind=FieldKind.REFERENCE, reference="campaign", filterable=True,
            listed=False,
        ),
        FieldSpec(
            key=STANDING, label=N_("How far"), kind=FieldKind.CHOICE, options=options, filterable=True, listed=False
        ),
    ]  # fmt: skip


def _campaigns(actor: Actor) -> dict[int, str]:
    """Return the campaigns that have begun, running ones first."""
    if not allows(actor, Action.CAMPAIGN_VIEW):
        return {}
    with use_case(actor, Action.CAMPAIGN_VIEW) as session:
        begun = col(Campaign.state) != CampaignState.DRAFT
        running_first = (col(Campaign.state) != CampaignState.RUNNING, col(Campaign.starts_on).desc())
        rows = session.exec(select(Campaign).where(begun).order_by(*running_first)).all()
        return {row.pk: row.name for row in rows}


def _met_on(session: Session, ids: list[int]) -> dict[int, date]:
    statement = (
        select(Visit.enterprise_id, func.max(Visit.recorded_at))
        .where(col(Visit.enterprise_id).in_(ids), col(Visit.state).in_(RECORD_STATES), Visit.outcome == Outcome.MET)
        .group_by(col(Visit.enterprise_id))
    )
    return {row_id: at.astimezone(clock.zone()).date() for row_id, at in session.exec(statement).all() if at}


def _open_needs(session: Session, ids: list[int]) -> dict[int, int]:
    statement = (
        select(Issue.enterprise_id, func.count())
        .where(col(Issue.enterprise_id).in_(ids), col(Issue.state).in_(UNRESOLVED_STATES))
        .group_by(col(Issue.enterprise_id))
    )
    return dict(session.exec(statement).all())
