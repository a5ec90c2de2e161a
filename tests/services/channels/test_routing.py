"""Who is reached by which ways."""

from datetime import date

import pytest

from core.db import transaction
from models.account import Role
from models.area import Tier
from models.channel import Channel, ChannelKind
from models.enterprise import Contact
from services.channels import contact_routes, routes, team_routes
from services.channels.lines import Route
from tests import factories
from tests.statements import statements

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")


def test_a_person_is_reached_by_mail_and_by_their_own_robots() -> None:
    worker = factories.account(Role.GRID_WORKER, email=" li@zone.example ")
    robot = factories.stored(Channel(name="Mine", kind=ChannelKind.WECOM, account_id=worker.pk))
    factories.stored(Channel(name="Off", kind=ChannelKind.FEISHU, account_id=worker.pk, active=False))

    with transaction() as session:
        found = routes(session, [worker.pk])

    assert found == {
        worker.pk: [
            Route(ChannelKind.MAIL, "li@zone.example"),
            Route(ChannelKind.WECOM, f"channel:{robot.pk}", robot.pk),
        ]
    }


def test_mail_can_be_switched_off_and_needs_an_address_and_an_active_account() -> None:
    refuses = factories.account(Role.MANAGER, email="refuses@zone.example")
    factories.stored(Channel(name="Mail", kind=ChannelKind.MAIL, account_id=refuses.pk, active=False))
    wants = factories.account(Role.MANAGER, email="wants@zone.example")
    factories.stored(Channel(name="Mail", kind=ChannelKind.MAIL, account_id=wants.pk))
    nowhere = factories.account(Role.MANAGER)
    gone = factories.account(Role.MANAGER, email="gone@zone.example", active=False)
    factories.stored(Channel(name="Robot", kind=ChannelKind.WECOM, account_id=gone.pk))

    with transaction() as session:
        found = routes(session, [refuses.pk, wants.pk, nowhere.pk, gone.pk])

    assert found == {wants.pk: [Route(ChannelKind.MAIL, "wants@zone.example")]}


def test_a_team_is_reached_once_for_all_its_members_asked_about() -> None:
    village = factories.area(Tier.VILLAGE)
    team, other = factories.team(village), factories.team(village)
    people = [factories.account(Role.GRID_WORKER) for _ in range(4)]
    for person in people[:3]:
        factories.member(team, person)
    factories.member(other, people[3])
    robot = factories.stored(Channel(name="Group", kind=ChannelKind.DINGTALK, team_id=team.pk))
    factories.stored(Channel(name="Off", kind=ChannelKind.WECOM, team_id=other.pk, active=False))
    factories.stored(Channel(name="Zone mail", kind=ChannelKind.MAIL))

    with transaction() as session:
        found = team_routes(session, [people[0].pk, people[1].pk, people[3].pk])

    assert list(found) == [team.pk]
    assert found[team.pk].members == {people[0].pk, people[1].pk}
    assert found[team.pk].routes == [Route(ChannelKind.DINGTALK, f"channel:{robot.pk}", robot.pk)]


def test_many_are_asked_for_with_as_few_statements_as_one() -> None:
    team = factories.team(factories.area(Tier.VILLAGE))
    people = [factories.account(Role.GRID_WORKER, email=f"p{number}@zone.example") for number in range(30)]
    for person in people:
        factories.member(team, person)
    factories.stored(Channel(name="Group", kind=ChannelKind.DINGTALK, team_id=team.pk))

    with transaction() as session, statements() as sent:
        found = routes(session, [person.pk for person in people])
        team_routes(session, [person.pk for person in people])

    assert len(found) == 30
    assert len(sent) == 3


def test_somebody_who_has_left_a_team_is_not_reached_by_it() -> None:
    team = factories.team(factories.area(Tier.VILLAGE))
    person = factories.account(Role.GRID_WORKER)
    membership = factories.member(team, person)
    factories.stored(Channel(name="Group", kind=ChannelKind.DINGTALK, team_id=team.pk))
    membership.left_on = date(2023, 12, 6)
    factories.stored(membership)

    with transaction() as session:
        assert team_routes(session, [person.pk]) == {}


def test_a_contact_is_reached_by_mail_alone() -> None:
    enterprise = factories.enterprise(factories.area(Tier.VILLAGE))
    with_mail = factories.stored(Contact(enterprise_id=enterprise.pk, name="Wang", email="wang@firm.example"))
    without = factories.stored(Contact(enterprise_id=enterprise.pk, name="Zhao"))

    with transaction() as session:
        found = contact_routes(session, [with_mail.pk, without.pk])

    assert found == {with_mail.pk: [Route(ChannelKind.MAIL, "wang@firm.example")]}
