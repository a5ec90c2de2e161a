"""Every figure of an area is the count of the rows it opens, at each step of the walk down."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, select

from core.db import engine
from core.errors import NotAllowedError, NotFoundError
from models.area import Area, Tier
from models.campaign import Campaign, CampaignState
from models.fields import FieldKind, FieldSpec
from pages.common import address
from pages.overview.parts.area_figures import FIGURES, Question
from services import entities
from services.enterprises import listing
from services.entities import Query
from services.issues import ledger
from services.issues.ledger_filters import QuickView
from services.tallies.measures import Measure, Rate
from services.tallies.scope import Asked
from services.territory import levels
from services.territory.figures import Line, care, figures
from services.territory.levels import Level
from services.visits.entity import VISITS
from tests import factories as given
from tests.people import acting

pytestmark = pytest.mark.usefixtures("demo_database")
NOVEMBER = Asked(since=date(2023, 11, 1), until=date(2023, 11, 1))


def _campaign(state: CampaignState) -> int:
    with Session(engine()) as session:
        return session.exec(select(Campaign).where(Campaign.state == state)).first().pk  # type: ignore[union-attr]  # the demonstration has one


def _rows(question: Question, file: str, asked: Mapping[str, Any]) -> int:
    """Return how many rows the list at an address shows."""
    actor = question.actor
    if file == "issues/ledger.py":
        view = QuickView.of(asked["_view"])
        return ledger.count(actor, ledger.Query(filters=_filters(asked), view=view)).number
    if file == "visits/list.py":
        return entities.find(actor, VISITS, Query(filters=_filters(asked))).total
    return listing.find(actor, Query(filters=_filters(asked))).total


def _filters(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _filter(value) for key, value in asked.items() if not key.startswith("_")}


def _filter(value: Any) -> Any:
    if isinstance(value, str) and ".." in value:
        spec = FieldSpec(key="day", label="Day", kind=FieldKind.MOMENT)
        return address._parsed(spec, [value])  # as the list reads its address
    return value if isinstance(value, list) else [value]


def _counted(key: str, line: Line) -> int:
    if key in {rate.value for rate in Rate}:
        return line.issues.rate(Rate.of(key)).count
    if key == "coverage":
        return line.targets.visited
    value = FIGURES[key].value(line)
    assert isinstance(value, int)
    return value


def _step(name: str = "", *, actor_name: str = "manager") -> Level:
    if not name:
        return levels.level(acting(actor_name), None)
    with Session(engine()) as session:
        area = session.exec(select(Area).where(Area.name == name)).one()
        return levels.level(acting(actor_name), area.pk)


@pytest.mark.parametrize("asked", [Asked(), NOVEMBER], ids=["ever", "november"])
@pytest.mark.parametrize("name", ["", "四宝山街道"])
def test_each_figure_opens_as_many_rows(name: str, asked: Asked) -> None:
    actor, step = acting("manager"), _step(name)
    question = Question(actor, asked, _campaign(CampaignState.RUNNING))
    found = figures(actor, step, asked, question.campaign_id)
    some = [found.whole, *found.lines[:2]]

    shown = {(line.place, key): _counted(key, line) for line in some for key in FIGURES}
    opened = {(line.place, key): _rows(question, *FIGURES[key].way(question, line)) for line in some for key in FIGURES}

    assert shown == opened
    assert all(sum(shown[line.place, key] for line in some) for key in ("targets", "met", "open"))


def test_the_areas_below_add_up_to_the_whole() -> None:
    actor, step = acting("manager"), _step()
    found = figures(actor, step, Asked(), _campaign(CampaignState.RUNNING))

    assert step.here is not None
    assert step.here.name == "淄博高新区"
    for key in ("targets", "met", "late", "visits", "open", "overdue"):
        assert _counted(key, found.whole) == sum(_counted(key, line) for line in found.lines)
    assert found.whole.issues[Measure.REGISTERED] == sum(line.issues[Measure.REGISTERED] for line in found.lines)


def test_what_needs_most_care_stands_first() -> None:
    actor = acting("manager")
    lines = figures(actor, _step("四宝山街道"), Asked(), _campaign(CampaignState.RUNNING)).lines

    assert lines == sorted(lines, key=care)
    assert lines[0].overdue + lines[0].targets.overdue >= lines[-1].overdue + lines[-1].targets.overdue
    assert lines[0].overdue + lines[0].targets.overdue > 0


def test_the_walk_begins_in_the_zone_and_ends_in_a_grid() -> None:
    actor, step = acting("manager"), _step()
    walked = [step.here]
    while step.below:
        lines = figures(actor, step, Asked(), _campaign(CampaignState.RUNNING)).lines
        assert lines[0].place is not None
        step = levels.level(actor, lines[0].place.id)
        walked.append(step.here)

    assert [each.tier for each in walked if each] == [Tier.ZONE, Tier.STREET, Tier.VILLAGE, Tier.GRID]
    assert step.trail == walked


def test_a_city_with_enterprises_in_several_zones_is_where_the_walk_begins() -> None:
    with Session(engine()) as session:
        zones = session.exec(select(Area).where(Area.tier == Tier.ZONE)).all()
    used = {place.id for place in _step().trail}
    elsewhere = next(zone for zone in zones if zone.pk not in used)

    given.enterprise(elsewhere)

    here = _step().here
    assert here is not None
    assert here.tier is Tier.CITY


def test_a_lead_walks_in_their_own_area_only() -> None:
    lead = acting("lead")
    step = levels.level(lead, None)
    zone = _step().here
    assert zone is not None
    assert step.here is not None

    found = figures(lead, step, Asked(), _campaign(CampaignState.RUNNING))

    assert step.here.path == lead.area_paths[0]
    assert step.trail == [step.here]
    assert found.whole.targets.targets > 0
    with pytest.raises(NotFoundError):
        levels.level(lead, zone.id)
    with pytest.raises(NotAllowedError):
        levels.level(acting("worker"), None)


def test_a_lead_of_several_areas_begins_above_them() -> None:
    with Session(engine()) as session:
        villages = session.exec(select(Area).where(Area.tier == Tier.VILLAGE, Area.path.startswith(_zone()))).all()  # type: ignore[attr-defined]
    lead = acting("lead")
    both = type(lead)(**{**lead.__dict__, "area_paths": (villages[0].path, villages[1].path)})

    step = levels.level(both, None)
    inner = levels.level(both, villages[1].pk)

    assert (step.here, step.trail) == (None, [])
    assert {place.id for place in step.below} == {villages[0].pk, villages[1].pk}
    assert [place.id for place in inner.trail] == [villages[1].pk]
    found = figures(both, step, Asked(), _campaign(CampaignState.RUNNING))
    assert found.whole.targets.targets == sum(line.targets.targets for line in found.lines)


def _zone() -> str:
    zone = _step().here
    assert zone is not None
    return zone.path


def test_without_a_campaign_only_issues_and_visits_are_told() -> None:
    found = figures(acting("manager"), _step(), Asked(), None)

    assert found.whole.targets.targets == 0
    assert found.whole.open > 0
