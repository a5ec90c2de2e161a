"""The fields of the ledger: what of an issue can be shown as a column and asked for as a filter."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import timedelta

from sqlalchemy import BigInteger, Text, and_, cast, func, literal_column, or_
from sqlalchemy import select as choose
from sqlmodel import Session, col, select

from core.brief import Brief
from core.i18n import N_
from core.settings import settings
from models.account import Account, Role
from models.area import Area, Tier, ids_of
from models.base import LabelledEnum
from models.campaign import Campaign, CampaignState
from models.configuration import Extensible
from models.enterprise import Enterprise
from models.fields import FieldKind, FieldSpec, Option
from models.issue import Issue
from services import access, entities
from services.actor import Actor
from services.enterprises import naming
from services.entities import Described, Entity
from services.entities.references import area_choices, choices
from services.issues import people
from services.issues.holders import Turn
from services.issues.people import DEALING
from services.issues.remaining import Remaining
from services.issues.todo_groups import AWAITS as STEPS
from services.permissions import Action, allows
from services.tallies.measures import Measure
from services.two_way.lacking import NeedLacks
from services.use_case import use_case

LEDGER = Entity(
    key="issue",
    model=Issue,
    label=N_("Issue"),
    labels=N_("Issues"),
    view=Action.ISSUE_VIEW,
    edit=Action.ISSUE_EDIT,
    natural_key=("number",),
    title="number",
    exporting=Action.ISSUE_EXPORT,
    extensible=Extensible.ISSUE,
)
REMAINING, ASSISTING, CAMPAIGN, SUPERVISED = "remaining", "assisting", "campaign", "supervised"
AWAITS, TURN = "awaits", "turn"
MEASURE, LACKING = "measure", "lacking"
ASKED_ONLY = frozenset({AWAITS, TURN, MEASURE, LACKING})
"""What figures and gaps count; they can be asked for, but are no columns."""
STANDARD = ("number", "enterprise_id", "text", "state", REMAINING, "due_at", "department_id")
"""The columns shown to whoever has chosen none."""
_ENTERPRISE = "enterprise_id"
_TIERS = (Tier.ZONE, Tier.STREET, Tier.VILLAGE)
_kept: Brief[Hashable, dict[int, str]] = Brief(timedelta(minutes=5), strictly=True)


def options(labels: Iterable[LabelledEnum]) -> tuple[Option, ...]:
    """Return members of an enumeration as what can be chosen."""
    return tuple(Option(value=each.value, label=each.label) for each in labels)


def fields(session: Session) -> list[FieldSpec]:
    """Return the fields of the ledger in the order its columns are shown, an administrator's own at the end."""
    known = {spec.key: spec for spec in [*entities.fields(session, LEDGER), *_MORE]}
    for key in ("first_receiver_id", _ENTERPRISE):
        known[key] = known[key].model_copy(update={"filterable": True})
    first = [known.pop(key) for key in _ORDER]
    return [*first, *known.values()]


def columns(specs: Sequence[FieldSpec]) -> list[FieldSpec]:
    """Return the fields that can be shown as columns."""
    return [spec for spec in specs if spec.key not in ASKED_ONLY]


def describe(actor: Actor, areas: Sequence[int] = (), enterprises: Sequence[int] = ()) -> Described:
    """Return the fields of the ledger and what their filters can name.

    Args:
        actor: who asks.
        areas: areas to name beside those usually offered, such as the grid a figure is about.
        enterprises: enterprises the filter is to name: they are too many to choose from.

    Raises:
        NotAllowedError: the role may not see issues.
    """
    with use_case(actor, Action.ISSUE_VIEW) as session:
        departments = choices(session, actor, "department")
        named = {
            "area_id": _areas(session, actor, areas),
            "department_id": departments,
            ASSISTING: departments,
            CAMPAIGN: _campaigns(session, actor),
            "first_receiver_id": _people(session, DEALING),
            _ENTERPRISE: _enterprises(session, actor, enterprises),
            "handler_id": _people(session, (Role.DEPARTMENT_OFFICER,)),
        }
        offered = [_named_only(spec, enterprises) for spec in fields(session)]
        return Described([spec for spec in offered if spec.key == _ENTERPRISE or named.get(spec.key, True)], named)


def _named_only(spec: FieldSpec, asked: Sequence[int]) -> FieldSpec:
    """Leave out the filter by enterprise where none is asked for; it stays a column."""
    return spec.model_copy(update={"filterable": bool(asked)}) if spec.key == _ENTERPRISE else spec


def _areas(session: Session, actor: Actor, more: Sequence[int]) -> dict[int, str]:
    """Return the areas of the programme the actor can ask for: grids are too many to choose from, unless named.

    They hardly ever change, so what was found is kept until a row of theirs has been added, changed or removed.
    """
    writers = cast(cast(literal_column("area.xmin"), Text), BigInteger)  # the transaction that wrote each row
    state = session.execute(choose(func.count(), func.sum(writers)).select_from(Area)).one()
    key = (settings().database_url, tuple(state), actor.area_paths, tuple(more))
    return dict(_kept.get(key, lambda: _find_areas(session, actor, more)))


def _find_areas(session: Session, actor: Actor, more: Sequence[int]) -> dict[int, str]:
    grids = select(Area.path).where(Area.tier == Tier.GRID, col(Area.active)).distinct()
    above = {area_id for path in session.exec(grids) for area_id in ids_of(path)}
    usual = and_(col(Area.id).in_(above), col(Area.tier).in_(_TIERS))
    statement = select(Area.id).where(or_(usual, col(Area.id).in_(more)))
    if actor.area_paths:
        statement = statement.where(access.in_area(actor, Area.id))
    wanted = set(session.exec(statement).all())
    known = area_choices(session, actor, {*above, *more})
    return {area_id: name for area_id, name in known.items() if area_id in wanted}


def _campaigns(session: Session, actor: Actor) -> dict[int, str]:
    if not allows(actor, Action.CAMPAIGN_VIEW):
        return {}
    begun = select(Campaign.id, Campaign.name).where(col(Campaign.state) != CampaignState.DRAFT)
    return dict(session.exec(begun.order_by(col(Campaign.starts_on).desc(), col(Campaign.id))).all())  # type: ignore[arg-type]  # stored rows


def _enterprises(session: Session, actor: Actor, asked: Sequence[int]) -> dict[int, str]:
    mine = access.condition(actor, Action.ENTERPRISE_VIEW, Enterprise)
    return naming.choices(session, mine, col(Enterprise.id).in_(asked))


def _people(session: Session, roles: Sequence[Role]) -> dict[int, str]:
    """Return the people of some roles, those who have left too: their issues are still in the ledger."""
    return people.choices(session, col(Account.role).in_(roles))


_MORE = (
    FieldSpec(
        key=REMAINING, label=N_("Time left"), kind=FieldKind.CHOICE, options=options(Remaining), filterable=True
    ),
    FieldSpec(key="due_at", label=N_("Due"), kind=FieldKind.MOMENT, filterable=True),
    FieldSpec(key="created_at", label=N_("Registered on"), kind=FieldKind.MOMENT, filterable=True),
    FieldSpec(
        key="handler_id", label=N_("Handler"), kind=FieldKind.REFERENCE, reference="account", filterable=True
    ),
    FieldSpec(key="urges", label=N_("Urged"), kind=FieldKind.INTEGER),
    FieldSpec(key="closed_at", label=N_("Closed on"), kind=FieldKind.MOMENT, filterable=True),
    FieldSpec(
        key=ASSISTING, label=N_("Assisting departments"), kind=FieldKind.REFERENCE, reference="department",
        filterable=True,
    ),
    FieldSpec(
        key=CAMPAIGN, label=N_("Campaign"), kind=FieldKind.REFERENCE, reference="campaign", filterable=True
    ),
    FieldSpec(key=SUPERVISED, label=N_("Under supervision"), kind=FieldKind.BOOLEAN, filterable=True),
    FieldSpec(
        key=AWAITS, label=N_("Waits for"), kind=FieldKind.CHOICE, options=options(STEPS), filterable=True
    ),
    FieldSpec(key=TURN, label=N_("Whose turn"), kind=FieldKind.CHOICE, options=options(Turn), filterable=True),
    FieldSpec(key=MEASURE, label=N_("Counted as"), kind=FieldKind.CHOICE, options=options(Measure), filterable=True),
    FieldSpec(key=LACKING, label=N_("Lacks"), kind=FieldKind.CHOICE, options=options(NeedLacks), filterable=True),
)  # fmt: skip
_ORDER = (
    "number", "enterprise_id", "text", "kind", "category", "urgency", "state", REMAINING, "due_at", "department_id",
    ASSISTING, "first_receiver_id", "handler_id", "area_id", "created_at", CAMPAIGN, "source", "tier", "card",
    SUPERVISED, "supervision", "cross_department", "urges", "round", "solved", "satisfied", "review_on", "closed_at",
    "solution",
)  # fmt: skip
