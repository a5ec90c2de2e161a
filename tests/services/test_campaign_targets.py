"""Targets come by filter or by list, are looked at before they are added, and stay once they have visits."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from sqlmodel import Session, col, select

from core import clock
from core.db import transaction
from core.errors import NotAllowedError, NotFoundError
from models.area import Area, Tier
from models.audit import AuditEntry
from models.campaign import Campaign, CampaignState, CampaignTarget
from models.enterprise import Enterprise, Scale
from models.targets import TargetRule
from models.visit import Outcome, Visit, VisitState
from services.actor import SYSTEM, Actor
from services.campaigns import handing_out, pasting, progress, setup, target_list, targets
from services.campaigns.standing import Standing
from services.campaigns.target_list import Wanted
from tests.people import acting

pytestmark = pytest.mark.usefixtures("demo_database")


@pytest.fixture
def coordinator() -> Actor:
    return acting("coordinator")


@pytest.fixture
def campaign_id(coordinator: Actor) -> int:
    """An empty draft."""
    day = clock.today()
    return setup.save(coordinator, {"name": "蔬送万家", "starts_on": day, "ends_on": day, "modes": ["on_site"]})


def _running(session: Session) -> Campaign:
    return session.exec(select(Campaign).where(Campaign.state == CampaignState.RUNNING)).one()


def _targets(campaign_id: int) -> set[int]:
    with transaction(actor=SYSTEM) as session:
        found = select(CampaignTarget.enterprise_id).where(CampaignTarget.campaign_id == campaign_id)
        return set(session.exec(found))


def _enterprises(*conditions: object) -> list[Enterprise]:
    with transaction(actor=SYSTEM) as session:
        return list(session.exec(select(Enterprise).where(*conditions).order_by(col(Enterprise.id))))  # type: ignore[arg-type]


def test_a_filter_shows_how_many_it_finds_and_a_few_of_them_before_they_are_added(
    coordinator: Actor, campaign_id: int
) -> None:
    rule = TargetRule.of("", {"scale": [Scale.LARGE.value]})
    wanted = {each.pk for each in _enterprises(Enterprise.scale == Scale.LARGE)}

    seen = targets.preview(coordinator, campaign_id, rule)

    assert (seen.fresh, seen.already) == (len(wanted), 0)
    assert 0 < len(seen.sample) <= targets.SAMPLE
    assert not _targets(campaign_id)
    assert targets.add_by_rule(coordinator, campaign_id, rule) == len(wanted)
    assert _targets(campaign_id) == wanted


def test_a_filter_adds_nobody_twice_and_is_kept_once(coordinator: Actor, campaign_id: int) -> None:
    rule = TargetRule.of("", {"scale": [Scale.LARGE.value]})
    count = targets.add_by_rule(coordinator, campaign_id, rule)

    assert targets.add_by_rule(coordinator, campaign_id, rule) == 0
    assert targets.preview(coordinator, campaign_id, rule).already == count
    kept = setup.fetch(coordinator, campaign_id).target_rules
    assert [TargetRule.model_validate(each) for each in kept] == [rule]


def test_a_kept_filter_finds_who_came_later_and_can_be_forgotten(coordinator: Actor, campaign_id: int) -> None:
    rule = TargetRule.of("物业", {})
    targets.add_by_rule(coordinator, campaign_id, rule)
    with transaction(actor=SYSTEM) as session:
        session.add(Enterprise(name="新开物业服务有限公司", area_id=_enterprises()[0].area_id))

    assert targets.preview(coordinator, campaign_id, rule).fresh == 1
    targets.forget_rule(coordinator, campaign_id, rule)
    assert setup.fetch(coordinator, campaign_id).target_rules == []


def test_search_and_an_area_with_all_below_it_narrow_the_filter(coordinator: Actor, campaign_id: int) -> None:
    with transaction(actor=SYSTEM) as session:
        streets = session.exec(select(Area).where(Area.tier == Tier.STREET)).all()
        places = {area.pk: area.path for area in session.exec(select(Area))}
    everyone = _enterprises()
    street = max(streets, key=lambda area: sum(places[each.area_id].startswith(area.path) for each in everyone))
    below = {each.pk for each in everyone if places[each.area_id].startswith(street.path)}
    assert 0 < len(below) < len(everyone)

    assert targets.preview(coordinator, campaign_id, TargetRule.of("", {"area_id": street.pk})).fresh == len(below)
    named = {each.pk for each in everyone if "科技" in each.name + each.address} & below
    both = targets.preview(coordinator, campaign_id, TargetRule.of("科技", {"area_id": street.pk}))
    assert both.fresh == len(named)


def test_extra_fields_of_an_administrator_filter_too(coordinator: Actor, campaign_id: int) -> None:
    specs, _choices = targets.filter_fields(coordinator)
    extra = next(spec for spec in specs if spec.extra)
    value = extra.options[0].value
    wanted = {each.pk for each in _enterprises() if each.extra.get(extra.key) == value}
    assert wanted

    assert targets.preview(coordinator, campaign_id, TargetRule.of("", {extra.key: [value]})).fresh == len(wanted)


def test_who_was_met_since_a_day_is_left_out(coordinator: Actor, campaign_id: int) -> None:
    since = clock.today() - timedelta(days=30)
    with transaction(actor=SYSTEM) as session:
        met = session.exec(select(Visit).where(Visit.state == VisitState.RECORDED, Visit.outcome == Outcome.MET)).all()
    recent = {v.enterprise_id for v in met if v.recorded_at and v.recorded_at.astimezone(clock.zone()).date() >= since}
    assert recent

    targets.add_by_rule(coordinator, campaign_id, TargetRule(not_visited_since=since))

    assert _targets(campaign_id) == {each.pk for each in _enterprises()} - recent


def test_a_list_names_enterprises_by_name_or_code_and_each_other_line_is_reported(
    coordinator: Actor, campaign_id: int
) -> None:
    first, second, third = _enterprises()[:3]
    targets.add(coordinator, campaign_id, [third.pk])
    pasted = f"{first.name}\n\n  {(second.credit_code or '').lower()} \n不存在的公司\n{third.name}\n{first.name}"

    found = pasting.match_list(coordinator, campaign_id, pasted)

    assert set(found.fresh) == {first.pk, second.pk}
    assert found.already == 1
    assert [(line.number, line.text) for line in found.bad] == [(4, "不存在的公司")]
    assert found.bad[0].reason
    assert targets.add(coordinator, campaign_id, found.fresh) == 2


def test_a_name_that_several_have_is_reported_not_guessed(coordinator: Actor, campaign_id: int) -> None:
    first = _enterprises()[0]
    with transaction(actor=SYSTEM) as session:
        session.add(Enterprise(name=first.name, area_id=first.area_id))

    found = pasting.match_list(coordinator, campaign_id, first.name)

    assert not found.fresh
    assert len(found.bad) == 1


def test_targets_with_visits_stay_and_are_named(coordinator: Actor) -> None:
    with transaction(actor=SYSTEM) as session:
        running = _running(session).pk
        visited = session.exec(
            select(Visit).where(Visit.campaign_id == running, Visit.state != VisitState.TAKEN_BACK)
        ).first()
        assert visited is not None
        name = session.get_one(Enterprise, visited.enterprise_id).name
    free = target_list.find(coordinator, running, Wanted(standing=[Standing.UNASSIGNED])).rows[0]

    removed = targets.remove(coordinator, running, [visited.enterprise_id, free["id"]])

    assert removed == targets.Removed(1, [name])
    assert visited.enterprise_id in _targets(running)
    assert free["id"] not in _targets(running)


def test_the_list_of_targets_agrees_with_the_progress(coordinator: Actor) -> None:
    with transaction(actor=SYSTEM) as session:
        running = _running(session).pk
    whole = progress.of_campaign(coordinator, running)

    for standing in Standing:
        found = target_list.find(coordinator, running, Wanted(standing=[standing]), page_size=1000)
        assert found.total == len(found.rows) == whole[standing]
    assert target_list.find(coordinator, running).total == whole.targets


def test_the_list_of_targets_can_be_searched(coordinator: Actor) -> None:
    with transaction(actor=SYSTEM) as session:
        running = _running(session).pk
    name = target_list.find(coordinator, running).rows[0]["name"]

    assert name in [row["name"] for row in target_list.find(coordinator, running, Wanted(search=name[2:6])).rows]


def test_a_lead_sees_targets_of_their_area_only_and_an_officer_none(coordinator: Actor) -> None:
    with transaction(actor=SYSTEM) as session:
        running = _running(session).pk
    everyone = target_list.find(coordinator, running).total

    assert 0 < target_list.find(acting("lead"), running).total < everyone
    with pytest.raises(NotAllowedError):
        target_list.find(acting("officer"), running)


def test_an_enterprise_that_does_not_exist_is_not_added(coordinator: Actor, campaign_id: int) -> None:
    with pytest.raises(NotFoundError):
        targets.add(coordinator, campaign_id, [10**6])
    assert not _targets(campaign_id)


def test_a_kept_filter_by_a_field_that_is_no_more_finds_nobody(coordinator: Actor, campaign_id: int) -> None:
    rule = TargetRule.of("", {"no_such_field": ["国家级"]})

    assert targets.preview(coordinator, campaign_id, rule).fresh == 0
    assert targets.add_by_rule(coordinator, campaign_id, rule) == 0


def test_targets_are_handed_out_to_whom_enterprises_are_and_the_log_says_so() -> None:
    """Given the running campaign, then a grid worker gets no file of it, and a lead theirs alone, which is noted."""
    with transaction(actor=SYSTEM) as session:
        campaign_id = _running(session).pk
    with pytest.raises(NotAllowedError):
        handing_out.workbook(acting("worker"), campaign_id)
    wanted = Wanted(standing=[Standing.OVERDUE])

    sheets = {
        name: openpyxl.load_workbook(BytesIO(handing_out.workbook(acting(name), campaign_id, wanted))).active
        for name in ("coordinator", "lead")
    }

    counts = {name: target_list.find(acting(name), campaign_id, wanted).total for name in sheets}
    assert {name: sheet.max_row - 1 for name, sheet in sheets.items()} == counts
    assert 0 < counts["lead"] < counts["coordinator"]
    assert {row[1].value for row in sheets["lead"].iter_rows(min_row=2)} == {"已逾期"}
    with transaction(actor=SYSTEM) as session:
        noted = session.exec(select(AuditEntry).where(AuditEntry.action == "enterprise.exported")).all()
    assert [(each.actor_name, each.after["rows"], each.after["campaign_id"]) for each in noted[-2:]] == [
        (acting(name).name, counts[name], campaign_id) for name in sheets
    ]
