"""Whoever chooses among several of one name sees which is which."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from core import clock
from core.db import transaction
from models.account import Role
from models.area import Area, Tier
from models.campaign import Campaign, CampaignState, CampaignTarget
from models.enterprise import Enterprise
from services import assignment
from services.actor import SYSTEM, Actor
from services.entities import references
from services.issues import by_hand, ledger_fields
from services.progress_overview import choosing
from services.teams import leave
from services.two_way import place
from services.visits import unplanned
from tests import factories as given

pytestmark = pytest.mark.usefixtures("database")

SHOPS = ["王记小吃店 (解放路2号)", "王记小吃店 (解放路8号)"]
PEOPLE = ["张伟 (zw.east)", "张伟 (zw.west)"]


@dataclass
class Town:
    """Two villages, each with a first grid, a shop called Wang's and somebody called Zhang Wei."""

    coordinator: Actor
    lead: Actor
    grids: list[Area]
    shops: list[Enterprise]


@pytest.fixture
def town() -> Town:
    """Return the town, in which a campaign that means to visit both shops is running."""
    street = given.area(Tier.STREET, given.area(Tier.ZONE, given.area(Tier.CITY)))
    villages = [given.area(Tier.VILLAGE, street, name) for name in ("东村", "西村")]
    grids = [given.area(Tier.GRID, village, "第一网格") for village in villages]
    shops = [
        given.enterprise(grid, "王记小吃店", address=f"解放路{number}号")
        for grid, number in zip(grids, (2, 8), strict=True)
    ]
    team = given.team(street)
    for grid, username in zip(grids, ("zw.east", "zw.west"), strict=True):
        given.member(team, given.account(Role.GRID_WORKER, "张伟", username=username), grid=grid)
    lead = given.account(Role.TEAM_LEAD)
    given.member(team, lead, lead=True)
    campaign = given.stored(
        Campaign(
            name="春季走访", state=CampaignState.RUNNING, starts_on=clock.today(),
            ends_on=clock.today() + timedelta(days=30),
        )
    )  # fmt: skip
    for shop in shops:
        given.stored(CampaignTarget(campaign_id=campaign.pk, enterprise_id=shop.pk))
    return Town(given.actor(Role.COORDINATOR, locale="zh_CN"), given.acting(lead), grids, shops)


def test_enterprises(town: Town) -> None:
    """Their addresses tell them apart, wherever one of them is chosen."""
    wanted = dict(zip([each.pk for each in town.shops], SHOPS, strict=True))

    assert by_hand.sheet(town.coordinator).enterprises == wanted
    assert by_hand.search_enterprises(town.coordinator, "王记") == wanted
    assert unplanned.choices(town.lead)[1] == wanted
    assert place.choices(town.coordinator).enterprises == wanted
    named = ledger_fields.describe(town.coordinator, enterprises=list(wanted)).references
    assert wanted in named.values()


def test_an_enterprise_without_address_is_told_by_its_credit_code(town: Town) -> None:
    bare = given.enterprise(town.grids[0], "王记小吃店", credit_code="91370303MA3C4D5E6F")

    assert by_hand.search_enterprises(town.coordinator, "王记")[bare.pk] == "王记小吃店 (91370303MA3C4D5E6F)"


def test_people(town: Town) -> None:
    """Their user names tell them apart."""
    receivers = by_hand.sheet(town.coordinator).receivers.values()
    away = leave.people(town.lead).values()
    asked = ledger_fields.describe(town.coordinator).references["first_receiver_id"].values()

    for offered in (receivers, away, asked):
        assert [each for each in offered if "张伟" in each] == PEOPLE


def test_areas(town: Town) -> None:
    """What they lie in tells them apart."""
    ids = [each.pk for each in town.grids]
    assigned = assignment.board(town.lead).areas
    assert [assigned[each].strip("　") for each in ids] == ["第一网格 (东村)", "第一网格 (西村)"]

    given.area(Tier.GRID, given.area(Tier.VILLAGE, given.area(Tier.STREET, given.area(Tier.ZONE)), "东村"))
    names = [each for each in choosing.choices(town.coordinator).areas.values() if "东村" in each]
    assert len(set(names)) == 2


def test_rows_that_a_form_names(town: Town) -> None:
    with transaction(actor=SYSTEM) as session:
        enterprises = references.choices(session, town.coordinator, "enterprise").values()
        people = references.choices(session, town.coordinator, "account").values()

    assert all(len(set(offered)) == len(offered) for offered in (enterprises, people))
    assert {*PEOPLE} < {*people}
