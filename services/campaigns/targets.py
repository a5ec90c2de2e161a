"""The enterprises a campaign means to visit: chosen by filter or by list, looked at, taken out again."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import false, func, insert, literal
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, delete, select

from core.errors import NotFoundError
from models.area import Area
from models.campaign import Campaign, CampaignTarget
from models.enterprise import Enterprise
from models.fields import FieldSpec
from models.targets import TargetRule
from models.visit import Outcome, Visit, VisitState
from services import access, audit_trail, entities
from services.actor import Actor
from services.campaigns.loading import load
from services.enterprises import ENTERPRISES, listing
from services.entities import Query
from services.entities.queries import matching
from services.entities.references import choices
from services.permissions import Action
from services.use_case import use_case

SAMPLE = 8
MAX_LINES = 5000


@dataclass(frozen=True)
class Preview:
    """What a filter finds: `fresh` enterprises it would add, those that are targets `already`, a few of the fresh."""

    fresh: int
    already: int
    sample: list[dict[str, Any]]


@dataclass(frozen=True)
class Removed:
    """How many targets were taken out, and the names of those that stay because of their visits."""

    count: int
    kept: list[str]


def filter_fields(actor: Actor) -> tuple[list[FieldSpec], dict[str, dict[int, str]]]:
    """Return the fields enterprises can be filtered by and, for references among them, the rows to choose from.

    Raises:
        NotAllowedError: the role may not choose targets.
    """
    with use_case(actor, Action.CAMPAIGN_EDIT) as session:
        specs = [spec for spec in entities.fields(session, ENTERPRISES) if spec.filterable]
        return specs, {s.key: choices(session, actor, s.reference) for s in specs if s.reference}


def preview(actor: Actor, campaign_id: int, rule: TargetRule) -> Preview:
    """Return what a filter finds, before it is added.

    Raises:
        NotFoundError: there is no such campaign or the actor may not change it.
    """
    with use_case(actor, Action.CAMPAIGN_EDIT) as session:
        access.load(session, actor, Action.CAMPAIGN_EDIT, Campaign, campaign_id)
        found = found_by(session, actor, rule).subquery()
        fresh = col(found.c.id).not_in(_target_ids(campaign_id))
        total = session.execute(select_columns(func.count()).select_from(found)).scalar_one()
        new = session.execute(select_columns(func.count()).select_from(found).where(fresh)).scalar_one()
        rows = session.execute(
            select_columns(found.c.name, found.c.credit_code, col(Area.name).label("area"))
            .join(Area, col(Area.id) == found.c.area_id)
            .where(fresh)
            .order_by(found.c.id)
            .limit(SAMPLE)
        )
        return Preview(new, total - new, [dict(row) for row in rows.mappings()])


def add_by_rule(actor: Actor, campaign_id: int, rule: TargetRule) -> int:
    """Add every enterprise a filter finds, keep the filter, and return how many were new.

    Raises:
        ConflictError: the campaign is finished.
        NotFoundError: there is no such campaign or the actor may not change it.
    """
    with use_case(actor, Action.CAMPAIGN_EDIT) as session:
        campaign = load(session, actor, campaign_id)
        found = found_by(session, actor, rule).subquery()
        added = _insert(session, campaign_id, select_columns(literal(campaign_id), found.c.id))
        kept = rule.model_dump(mode="json", exclude_defaults=True)
        if kept not in campaign.target_rules:
            campaign.target_rules = [*campaign.target_rules, kept]
        audit_trail.note(session, "campaign", campaign_id, "targets_added", count=added, rule=kept)
        return added


def forget_rule(actor: Actor, campaign_id: int, rule: TargetRule) -> None:
    """Forget a kept filter; the enterprises it found stay.

    Raises:
        ConflictError: the campaign is finished.
        NotFoundError: there is no such campaign or the actor may not change it.
    """
    with use_case(actor, Action.CAMPAIGN_EDIT) as session:
        campaign = load(session, actor, campaign_id)
        kept = rule.model_dump(mode="json", exclude_defaults=True)
        campaign.target_rules = [each for each in campaign.target_rules if each != kept]


def add(actor: Actor, campaign_id: int, enterprise_ids: Iterable[int]) -> int:
    """Add enterprises by id and return how many were new.

    Raises:
        ConflictError: the campaign is finished.
        NotFoundError: there is no such campaign, or an enterprise is not visible to the actor.
    """
    wanted = sorted(set(enterprise_ids))
    with use_case(actor, Action.CAMPAIGN_EDIT) as session:
        load(session, actor, campaign_id)
        visible = access.visible(actor, Action.ENTERPRISE_VIEW, Enterprise).where(col(Enterprise.id).in_(wanted))
        found = visible.subquery()
        if session.execute(select_columns(func.count()).select_from(found)).scalar_one() != len(wanted):
            raise NotFoundError
        added = _insert(session, campaign_id, select_columns(literal(campaign_id), found.c.id))
        audit_trail.note(session, "campaign", campaign_id, "targets_added", count=added, enterprises=wanted)
        return added


def remove(actor: Actor, campaign_id: int, enterprise_ids: Iterable[int]) -> Removed:
    """Take enterprises out of a campaign; one that has a visit, planned or made, stays.

    Raises:
        ConflictError: the campaign is finished.
        NotFoundError: there is no such campaign or the actor may not change it.
    """
    wanted = sorted(set(enterprise_ids))
    with use_case(actor, Action.CAMPAIGN_EDIT) as session:
        load(session, actor, campaign_id)
        served = select(Enterprise).where(
            col(Enterprise.id).in_(wanted),
            col(Enterprise.id).in_(
                select(Visit.enterprise_id).where(
                    Visit.campaign_id == campaign_id, col(Visit.state) != VisitState.TAKEN_BACK
                )
            ),
        )
        kept = {enterprise.pk: enterprise.name for enterprise in session.exec(served)}
        going = [row_id for row_id in wanted if row_id not in kept]
        gone = session.exec(
            delete(CampaignTarget).where(
                col(CampaignTarget.campaign_id) == campaign_id, col(CampaignTarget.enterprise_id).in_(going)
            )
        )
        audit_trail.note(session, "campaign", campaign_id, "targets_removed", enterprises=going)
        return Removed(gone.rowcount, list(kept.values()))


def found_by(session: Session, actor: Actor, rule: TargetRule) -> Any:
    """Return the statement of the enterprises a stored rule means, as far as the actor may see them.

    A rule that filters by a field which is no more means nobody: without that filter it would mean more than was meant.
    """
    specs = entities.fields(session, ENTERPRISES)
    found = matching(actor, ENTERPRISES, listing.narrow(_query_of(rule)), specs)
    return found.where(false()) if _lost(rule, specs) else found


def is_lost(session: Session, rule: TargetRule) -> bool:
    """Return whether a stored rule filters by a field that is no more."""
    return _lost(rule, entities.fields(session, ENTERPRISES))


def _lost(rule: TargetRule, specs: Iterable[FieldSpec]) -> bool:
    return not {spec.key for spec in specs} | {listing.CAMPAIGN, listing.STANDING} >= rule.query_filters().keys()


def _query_of(rule: TargetRule) -> Query:
    query = Query(search=rule.search, filters=rule.query_filters())
    if rule.not_visited_since is None:
        return query
    visited = select(Visit.enterprise_id).where(
        Visit.state == VisitState.RECORDED,
        Visit.outcome == Outcome.MET,
        func.date(Visit.recorded_at) >= rule.not_visited_since,
    )
    return replace(query, where=(col(Enterprise.id).not_in(visited),))


def _insert(session: Session, campaign_id: int, rows: Any) -> int:
    present = select(CampaignTarget.enterprise_id).where(CampaignTarget.campaign_id == campaign_id)
    fresh = rows.where(rows.selected_columns[1].not_in(present))
    statement = insert(CampaignTarget).from_select(["campaign_id", "enterprise_id"], fresh)
    return session.connection().execute(statement, execution_options={"preserve_rowcount": True}).rowcount


def _target_ids(campaign_id: int) -> Any:
    return select(CampaignTarget.enterprise_id).where(CampaignTarget.campaign_id == campaign_id)
