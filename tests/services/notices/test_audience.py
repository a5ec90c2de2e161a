"""Whom a notice goes to, and who cannot be reached and why."""

import pytest

from core import clock
from core.errors import ConflictError, NotAllowedError
from models.account import Role
from models.addressees import EnterpriseChoice, StaffChoice
from models.area import Tier
from models.campaign import Campaign, CampaignTarget
from models.channel import ChannelKind
from models.configuration import Extensible
from models.enterprise import Contact, EnterpriseStatus, Scale
from models.reminder import Reminder
from services import entities
from services.configuration.extra_fields import extra_fields_of
from services.notices import drafting, previewing, sending, writing
from services.notices.audience import Obstacle
from tests import factories
from tests.services.notices.conftest import WORDS, Zone

FIELDS = extra_fields_of(Extensible.ENTERPRISE)


def test_a_preview_counts_who_gets_it_and_lists_who_cannot_be_reached_and_why(zone: Zone) -> None:
    seen = previewing.preview(zone.coordinator, zone.draft())

    assert (seen.reach.total, seen.reach.reachable, seen.reach.unreachable) == (5, 3, 2)
    assert seen.by_channel == {ChannelKind.MAIL: 3}
    assert [each.obstacle for each in seen.unreached] == [Obstacle.NO_CONTACT, Obstacle.NO_EMAIL]
    assert {each.area for each in seen.unreached} == {zone.village.name}
    assert [each.id for each in seen.readers] == [each.pk for each in zone.reachable]


def test_the_main_contact_gets_it_and_another_one_only_if_they_have_no_address(zone: Zone) -> None:
    both = zone.enterprise("main@a.example.com", "other@a.example.com")
    other = zone.enterprise(" ", "other@b.example.com")

    seen = previewing.preview(zone.coordinator, zone.draft(EnterpriseChoice(only=(both.pk, other.pk))))
    contacts = {each.id: each.contact_id for each in seen.readers}

    stored = {row.pk: row for row in factories.rows(Contact)}
    assert stored[contacts[both.pk] or 0].email == "main@a.example.com"
    assert stored[contacts[other.pk] or 0].email == "other@b.example.com"


def test_everybody_reads_the_text_with_their_own_name_in_it(zone: Zone) -> None:
    batch_id = zone.draft()
    first = previewing.preview(zone.coordinator, batch_id).readers[0]

    read = previewing.as_read_by(zone.coordinator, batch_id, first)

    assert read.title == f"{zone.reachable[0].name}:许可证即将到期"
    assert read.body.startswith(f"{first.person},您好")


def test_filters_of_the_list_of_enterprises_choose_and_an_area_means_all_below_it(zone: Zone) -> None:
    large = zone.enterprise("a@large.example.com", scale=Scale.LARGE, industry="ceramics")
    zone.enterprise("a@gone.example.com", scale=Scale.LARGE, status=EnterpriseStatus.CLOSED)
    elsewhere = factories.area(Tier.STREET)

    def total(**filters: object) -> int:
        return previewing.reach(zone.coordinator, EnterpriseChoice.of("", filters)).total

    assert total(scale=["large"], status=["active"]) == 1
    assert total(industry=["ceramics"]) == 1
    assert total(area_id=[zone.street.pk]) == 7
    assert total(area_id=[elsewhere.pk]) == 0
    assert previewing.reach(zone.coordinator, EnterpriseChoice.of(large.name, {})).total == 1


def test_targets_of_a_campaign_choose_by_how_far_one_has_come_with_them(zone: Zone) -> None:
    day = clock.today()
    campaign = factories.stored(Campaign(name="走访", starts_on=day, ends_on=day))
    factories.stored(CampaignTarget(campaign_id=campaign.pk, enterprise_id=zone.reachable[0].pk))

    def total(**filters: object) -> int:
        return previewing.reach(zone.coordinator, EnterpriseChoice.of("", filters)).total

    assert total(in_campaign=[campaign.pk]) == 1
    assert total(in_campaign=[campaign.pk], standing=["unassigned"]) == 1
    assert total(in_campaign=[campaign.pk], standing=["visited"]) == 0


def test_an_audience_chosen_by_a_field_that_is_no_more_means_nobody(zone: Zone) -> None:
    """Given a choice by an extra field, when the field is put out of use, then nobody is meant and nothing goes out."""
    admin = factories.actor(Role.ADMINISTRATOR)
    field = entities.save(admin, FIELDS, {"label": "等级", "kind": "choice", "options": "国家级"})
    zone.enterprise("a@level.example.com", extra={"deng_ji": "国家级"})
    draft, begun = (zone.draft(EnterpriseChoice.of("", {"deng_ji": ["国家级"]})) for _each in range(2))
    sending.start(zone.coordinator, begun)
    sending.pause(zone.coordinator, begun)
    assert previewing.preview(zone.coordinator, draft).reach.total == 1

    entities.save(admin, FIELDS, {"active": False}, field)

    assert previewing.preview(zone.coordinator, draft).reach.total == 0
    for deed, batch_id in ((sending.start, draft), (sending.resume, begun)):
        with pytest.raises(ConflictError, match="已停用的字段"):
            deed(zone.coordinator, batch_id)
    entities.save(admin, FIELDS, {"active": True}, field)
    sending.start(zone.coordinator, draft)
    sending.resume(zone.coordinator, begun)


def test_a_notice_under_way_goes_to_nobody_else_when_its_field_is_put_out_of_use(zone: Zone) -> None:
    admin = factories.actor(Role.ADMINISTRATOR)
    field = entities.save(admin, FIELDS, {"label": "等级", "kind": "choice", "options": "国家级"})
    batch_id = zone.draft(EnterpriseChoice.of("", {"deng_ji": ["国家级"]}))
    zone.enterprise("a@level.example.com", extra={"deng_ji": "国家级"})
    sending.start(zone.coordinator, batch_id)

    entities.save(admin, FIELDS, {"active": False}, field)
    writing.write({"batch_id": batch_id})

    assert factories.rows(Reminder) == []


def test_staff_are_chosen_by_role_team_area_and_department_and_always_reached_by_their_inbox(zone: Zone) -> None:
    worker = factories.account(Role.GRID_WORKER, email="worker@zone.example.com")
    team = factories.team(zone.village)
    factories.member(team, worker)
    factories.account(Role.GRID_WORKER, active=False)

    def names(**chosen: object) -> list[str]:
        batch_id = drafting.choose(zone.coordinator, StaffChoice(**chosen))  # type: ignore[arg-type]
        drafting.write(zone.coordinator, batch_id, WORDS | {"title": "培训", "body": "{{ person }},您好"})
        seen = previewing.preview(zone.coordinator, batch_id)
        assert seen.reach.unreachable == 0
        assert seen.unreached == []
        return [each.person for each in seen.readers]

    assert names(roles=[Role.GRID_WORKER]) == [worker.name]
    assert names(team_ids=[team.pk]) == [worker.name]
    assert set(names(area_ids=[zone.street.pk])) == {worker.name, zone.lead.name}
    assert names(search=worker.username) == [worker.name]
    assert names(department_ids=[999_999]) == []
    assert len(names()) == 5


@pytest.mark.parametrize("who", ["manager", "lead", "officer"])
def test_only_who_may_send_sees_a_preview(zone: Zone, who: str) -> None:
    batch_id = zone.draft()
    outsider = getattr(zone, who)

    with pytest.raises(NotAllowedError):
        previewing.preview(outsider, batch_id)
    with pytest.raises(NotAllowedError):
        previewing.reach(outsider, EnterpriseChoice())
