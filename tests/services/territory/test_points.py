"""Enterprises as points of a map, outlines of areas around them, and both as files."""

import json
import math
from io import BytesIO

import openpyxl
import pytest
from sqlmodel import Session, col, select

from core.db import engine, transaction
from core.errors import NotAllowedError, NotFoundError
from models.area import Area, Tier
from models.audit import AuditEntry
from models.campaign import Campaign, CampaignState
from models.enterprise import Enterprise, EnterpriseStatus
from models.geo import Point, distance_km, from_wgs84
from services.actor import SYSTEM
from services.enterprises import listing
from services.entities import Query
from services.territory import handing_out, levels, points
from services.territory.points import REACHED, Reached
from tests import factories as given
from tests.people import acting

pytestmark = pytest.mark.usefixtures("demo_database")
REPORTED = Point(118.0514, 36.8238)
"""A place in the zone as a phone reports it, in WGS-84."""


@pytest.fixture
def campaign_id(demo_database: str) -> int:  # noqa: ARG001 - it must be there
    with Session(engine()) as session:
        return session.exec(select(Campaign).where(Campaign.state == CampaignState.RUNNING)).first().pk  # type: ignore[union-attr]  # the demonstration has one


def test_as_many_enterprises_stand_so_on_the_map_as_in_the_list(campaign_id: int) -> None:
    actor, step = acting("manager"), levels.level(acting("manager"), None)
    found = points.dots(actor, step.area_id, campaign_id)

    for reached in Reached:
        standing = [each.value for each, shown in REACHED.items() if shown is reached]
        filters = {"in_campaign": [campaign_id], "standing": standing, "area_id": [step.area_id]}
        assert sum(dot.reached is reached for dot in found) == listing.find(actor, Query(filters=filters)).total
    assert sum(dot.reached is Reached.MET for dot in found) > 0
    assert sum(dot.overdue for dot in found) > 0


def test_an_enterprise_that_has_closed_down_is_drawn_only_for_a_campaign_that_means_it(campaign_id: int) -> None:
    actor = acting("manager")
    grid = next(iter(levels.level(actor, None).inside))
    with Session(engine()) as session:
        closed = given.enterprise(session.get_one(Area, grid), "停业企业", status=EnterpriseStatus.CLOSED)

    assert closed.pk not in {dot.id for dot in points.dots(actor, None, campaign_id)}


def test_each_street_has_an_outline_with_its_name_inside(campaign_id: int) -> None:
    actor, step = acting("manager"), levels.level(acting("manager"), None)
    drawn = points.drawn(step, points.dots(actor, step.area_id, campaign_id))

    assert {shape.name for shape in drawn.shapes} == {place.name for place in step.below}
    for shape in drawn.shapes:
        own = [spot for dot, spot in drawn.dots if step.inside.get(dot.area_id) == shape.area_id]
        left, right = min(each.x for each in shape.corners), max(each.x for each in shape.corners)
        assert shape.enterprises == len(own)
        assert left < shape.middle.x < right
        assert all(left < spot.x < right for spot in own)
    assert len(drawn.marks) == 58


def test_points_lie_as_far_apart_on_the_map_as_on_the_earth(campaign_id: int) -> None:
    actor, step = acting("manager"), levels.level(acting("manager"), None)
    drawn = points.drawn(step, points.dots(actor, step.area_id, campaign_id)).dots
    (one, at), (other, there) = drawn[0], drawn[-1]

    assert one.place is not None
    assert other.place is not None
    assert math.dist(at, there) == pytest.approx(distance_km(one.place, other.place), rel=0.002)


def test_without_coordinates_an_enterprise_is_counted_but_not_drawn(campaign_id: int) -> None:
    actor, step = acting("manager"), levels.level(acting("manager"), None)
    before = points.dots(actor, None, campaign_id)
    with transaction(actor=SYSTEM) as session:
        row = session.get_one(Enterprise, before[0].id)
        row.longitude = row.latitude = None

    found = points.dots(actor, None, campaign_id)

    assert len(found) == len(before)
    assert len(points.drawn(step, found).dots) == len([dot for dot in before if dot.place]) - 1


def test_a_map_of_nothing_is_empty() -> None:
    step = levels.level(acting("manager"), None)

    assert points.drawn(step, []) == points.Map([], [], [])


def test_a_lead_sees_the_points_of_their_area_only(campaign_id: int) -> None:
    lead = acting("lead")
    own = points.dots(lead, None, campaign_id)
    with Session(engine()) as session:
        inside = session.exec(select(Area.id).where(col(Area.path).startswith(lead.area_paths[0]))).all()
        zone = session.exec(select(Area).where(Area.tier == Tier.CITY)).first()

    assert {dot.area_id for dot in own} <= set(inside)
    assert 0 < len(own) < len(points.dots(acting("manager"), None, campaign_id))
    assert zone is not None
    with pytest.raises(NotFoundError):
        points.dots(lead, zone.pk, campaign_id)
    with pytest.raises(NotAllowedError):
        points.dots(acting("officer"), None, campaign_id)


def test_what_a_phone_reported_leaves_as_geojson_where_it_was_reported(campaign_id: int) -> None:
    """Given an enterprise whose place was told in WGS-84 and is stored in GCJ-02, then GeoJSON tells the first."""
    actor = acting("manager")
    stored = from_wgs84(REPORTED)
    grid = next(iter(levels.level(actor, None).inside))
    with Session(engine()) as session:
        area = session.get_one(Area, grid)
    given.enterprise(area, "定位企业", longitude=stored.longitude, latitude=stored.latitude)

    document = json.loads(handing_out.geojson(actor, None, campaign_id))
    features = {each["properties"]["name"]: each for each in document["features"]}
    longitude, latitude = features["定位企业"]["geometry"]["coordinates"]

    assert document["type"] == "FeatureCollection"
    assert distance_km(Point(longitude, latitude), REPORTED) < 0.005
    assert distance_km(stored, REPORTED) > 0.4
    assert features["定位企业"]["properties"]["gcj02_longitude"] == pytest.approx(stored.longitude)


def test_the_workbook_has_both_systems_and_the_log_says_who_took_it(campaign_id: int) -> None:
    actor = acting("manager")
    sheet = openpyxl.load_workbook(BytesIO(handing_out.workbook(actor, None, campaign_id))).active
    titles = [cell.value for cell in sheet[1]]

    assert sheet.max_row - 1 == len(points.dots(actor, None, campaign_id))
    assert titles[-4:] == ["经度（GCJ-02）", "纬度（GCJ-02）", "经度（WGS-84）", "纬度（WGS-84）"]
    with Session(engine()) as session:
        entry = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first()
    assert entry is not None
    assert (entry.action, entry.actor_id, entry.after["form"]) == ("enterprise.exported", actor.account_id, "xlsx")


def test_of_a_crowd_there_are_outlines_with_as_many_enterprises(campaign_id: int) -> None:
    actor, step = acting("manager"), levels.level(acting("manager"), None)
    one_by_one = points.drawn(step, points.dots(actor, step.area_id, None))

    together = points.outlined(step, points.clusters(actor, step.area_id))

    assert campaign_id
    assert together.dots == []
    assert together.marks == one_by_one.marks
    for shape, precise in zip(together.shapes, one_by_one.shapes, strict=True):
        assert (shape.name, shape.enterprises) == (precise.name, precise.enterprises)
        assert math.dist(shape.middle, precise.middle) < 1


def test_a_lead_has_outlines_of_their_area_only() -> None:
    lead = acting("lead")

    assert {each.area_id for each in points.clusters(lead, None)} <= {
        dot.area_id for dot in points.dots(lead, None, None)
    }
    with pytest.raises(NotAllowedError):
        points.clusters(acting("officer"), None)
