"""Who may set up which channels, and that no address is shown again."""

import re
from collections.abc import Callable
from dataclasses import astuple, replace

import pytest

from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from core.i18n import gettext
from core.settings import settings
from models.account import Role
from models.area import Area, Tier
from models.audit import AuditEntry
from models.channel import Channel, ChannelKind
from models.team import Team
from services.actor import Actor
from services.channels import mail_setup, opened, setting_up, testing
from services.channels.mail_setup import MailForm
from services.channels.mailing import Security
from services.channels.secrets import UNREADABLE
from services.channels.setting_up import RobotForm
from tests import factories
from tests.receiver import Receiver
from tests.smtp import PASSWORD, USER, MailServer, mail_server

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")
KEY = "693a91f6-7aaa-4bc4-97a0-0ec2dcfa5aaa"
WECOM = RobotForm("工作群", ChannelKind.WECOM, f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}")
OUTSIDERS = [Role.COORDINATOR, Role.TEAM_LEAD, Role.GRID_WORKER, Role.DEPARTMENT_OFFICER, Role.MANAGER]


def mail_form(port: int, **more: object) -> MailForm:
    form = MailForm("127.0.0.1", port, Security.NONE, "", "", "qianqi@zone.example", "千企平台")
    return replace(form, **more)  # type: ignore[arg-type]


@pytest.fixture
def team() -> Team:
    return factories.team(factories.area(Tier.STREET))


def lead_of(team: Team) -> Actor:
    person = factories.account(Role.TEAM_LEAD)
    factories.member(team, person, lead=True)
    return factories.acting(person)


@pytest.mark.parametrize("role", list(Role))
def test_everybody_sets_up_their_own_and_nobody_else_reaches_it(role: Role) -> None:
    actor, other = factories.actor(role), factories.actor(Role.ADMINISTRATOR)

    made = setting_up.save(actor, WECOM)

    (shown,) = setting_up.own(actor).robots
    assert (shown.name, shown.hint, shown.readable) == ("工作群", "…5aaa", True)
    assert KEY not in str(astuple(shown))
    assert setting_up.own(other).robots == []
    for team_id in (None, factories.team(factories.area(Tier.STREET)).pk):
        with pytest.raises(NotFoundError):
            setting_up.save(other, replace(WECOM, name="mine now"), channel_id=made, team_id=team_id)
        with pytest.raises(NotFoundError):
            setting_up.remove(other, made, team_id=team_id)
        with pytest.raises(NotFoundError):
            testing.robot(other, made, team_id=team_id)


def test_a_lead_sets_up_the_chat_of_their_own_team_alone(team: Team) -> None:
    lead, other = lead_of(team), lead_of(factories.team(factories.area(Tier.STREET)))

    made = setting_up.save(lead, WECOM, team_id=team.pk)

    assert [shown.id for shown in setting_up.of_team(lead, team.pk)] == [made]
    assert setting_up.may_set_up(lead, team.pk)
    assert not setting_up.may_set_up(other, team.pk)
    for attempt in (
        lambda: setting_up.of_team(other, team.pk),
        lambda: setting_up.save(other, WECOM, team_id=team.pk),
        lambda: setting_up.save(other, WECOM, team_id=team.pk, channel_id=made),
        lambda: setting_up.remove(other, made, team_id=team.pk),
        lambda: testing.robot(other, made, team_id=team.pk),
    ):
        with pytest.raises(NotFoundError):
            attempt()


def test_a_lead_leaves_the_chats_of_teams_below_to_them(team: Team) -> None:
    lead = lead_of(team)
    with_area = factories.rows(Team, lambda row: row.id == team.id)[0].area_id
    street = factories.rows(Area, lambda row: row.id == with_area)[0]
    below = factories.team(factories.area(Tier.VILLAGE, street))

    with pytest.raises(NotFoundError):
        setting_up.of_team(lead, below.pk)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_coordinators_and_administrators_set_up_the_chat_of_any_team(team: Team, role: Role) -> None:
    actor = factories.actor(role)

    made = setting_up.save(actor, WECOM, team_id=team.pk)
    setting_up.save(actor, replace(WECOM, name="新名", address="", active=False), team_id=team.pk, channel_id=made)

    (shown,) = setting_up.of_team(actor, team.pk)
    assert (shown.name, shown.active, shown.hint) == ("新名", False, "…5aaa")
    setting_up.remove(actor, made, team_id=team.pk)
    assert setting_up.of_team(actor, team.pk) == []


@pytest.mark.parametrize("role", [Role.GRID_WORKER, Role.DEPARTMENT_OFFICER, Role.MANAGER])
def test_others_do_not_set_up_a_teams_chat(team: Team, role: Role) -> None:
    actor = factories.actor(role)

    with pytest.raises(NotAllowedError):
        setting_up.save(actor, WECOM, team_id=team.pk)
    with pytest.raises(NotAllowedError):
        setting_up.of_team(actor, team.pk)
    assert not setting_up.may_set_up(actor, team.pk)


@pytest.mark.parametrize("role", OUTSIDERS)
def test_only_an_administrator_sees_and_sets_the_mail_server(role: Role) -> None:
    actor = factories.actor(role)

    for attempt in (
        lambda: mail_setup.show(actor),
        lambda: mail_setup.save(actor, mail_form(25)),
        lambda: mail_setup.is_set(actor),
        lambda: testing.server(actor, "a@zone.example"),
        lambda: setting_up.of_teams(actor),
    ):
        with pytest.raises(NotAllowedError):
            attempt()


def test_no_key_or_password_stands_in_the_row_or_in_the_audit_log() -> None:
    administrator = factories.actor(Role.ADMINISTRATOR)

    setting_up.save(administrator, WECOM)
    mail_setup.save(administrator, mail_form(25, user="qianqi", password="hunter2-hunter2"))

    told = [row.model_dump_json() for row in factories.rows(AuditEntry)] + [
        row.model_dump_json() for row in factories.rows(Channel)
    ]
    assert not [text for text in told if KEY in text or "hunter2" in text]


def test_what_is_missing_is_said_beside_its_field_and_there_is_an_end_to_them(team: Team) -> None:
    actor = factories.actor(Role.COORDINATOR)

    with pytest.raises(InvalidError) as refused:
        setting_up.save(actor, replace(WECOM, name="  "), team_id=team.pk)
    assert list(refused.value.problems) == ["name"]
    with pytest.raises(InvalidError) as refused:
        setting_up.save(actor, replace(WECOM, kind=ChannelKind.MAIL), team_id=team.pk)
    assert list(refused.value.problems) == ["kind"]
    for _number in range(5):
        setting_up.save(actor, WECOM, team_id=team.pk)
    with pytest.raises(ConflictError):
        setting_up.save(actor, WECOM, team_id=team.pk)
    setting_up.save(actor, WECOM)


def test_a_changed_secret_of_the_product_is_told_and_the_address_entered_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    administrator = factories.actor(Role.ADMINISTRATOR)
    made = setting_up.save(administrator, WECOM)
    mail_setup.save(administrator, mail_form(25))
    monkeypatch.setenv("QIANQI_SECRET_KEY", "another-secret-another-secret-another-secret")
    settings.cache_clear()

    (robot,) = setting_up.own(administrator).robots
    server = mail_setup.show(administrator)
    assert not robot.readable
    assert server is not None
    assert (server.form, server.hint) == (None, "127.0.0.1:25")
    outcome = testing.robot(administrator, made)
    assert not outcome.sent
    assert gettext(UNREADABLE) in outcome.told

    setting_up.save(administrator, WECOM, channel_id=made)
    mail_setup.save(administrator, mail_form(26))

    assert setting_up.own(administrator).robots[0].readable
    assert setting_up.own(administrator).robots[0].problem == ""
    assert mail_setup.show(administrator).form == mail_form(26)  # type: ignore[union-attr]


def test_a_person_switches_their_mail_off_and_on() -> None:
    person = factories.account(Role.MANAGER, email="m@zone.example")
    actor = factories.acting(person)
    assert setting_up.own(actor).mail

    setting_up.want_mail(actor, wanted=False)
    assert not setting_up.own(actor).mail
    setting_up.want_mail(actor, wanted=True)

    assert setting_up.own(actor).mail
    assert len(factories.rows(Channel)) == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"host": "http://smtp.example.com"}, "host"),
        ({"host": ""}, "host"),
        ({"port": 0}, "port"),
        ({"sender": "nobody"}, "sender"),
        ({"sender": "a@b.example\r\nBcc: x@y.example"}, "sender"),
        ({"user": "qianqi"}, "password"),
    ],
)
def test_what_a_mail_server_cannot_be_is_said_beside_its_field(more: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidError) as refused:
        mail_setup.save(factories.actor(Role.ADMINISTRATOR), replace(mail_form(25), **more))  # type: ignore[arg-type]
    assert list(refused.value.problems) == [field]


def test_a_password_is_kept_for_its_own_server_and_account_alone() -> None:
    administrator = factories.actor(Role.ADMINISTRATOR)
    with mail_server(asks_password=True) as strict:
        mail_setup.save(administrator, mail_form(strict.port, user=USER, password=PASSWORD))
        mail_setup.save(administrator, mail_form(strict.port, user=USER, sender="new@zone.example"))

        assert testing.server(administrator, "me@zone.example").sent
        assert strict.mails[0]["From"].addresses[0].addr_spec == "new@zone.example"
    for other in ({"user": "somebody"}, {"user": USER, "host": "elsewhere.example"}):
        with pytest.raises(InvalidError) as refused:
            mail_setup.save(administrator, mail_form(25, **other))
        assert list(refused.value.problems) == ["password"]


def test_a_test_tells_what_the_server_said_and_the_row_keeps_it(server: MailServer) -> None:
    administrator = factories.actor(Role.ADMINISTRATOR)
    mail_setup.save(administrator, mail_form(server.port))
    server.on_recipient = "550 no such mailbox"

    refused = testing.server(administrator, "me@zone.example")
    server.on_recipient = ""
    taken = testing.server(administrator, " me@zone.example ")

    assert not refused.sent
    assert "550 no such mailbox" in refused.told
    assert taken.sent
    assert "me@zone.example" in taken.told
    assert server.mails[0]["Subject"] == gettext("Test message")
    view = mail_setup.show(administrator)
    assert view is not None
    assert view.tested_at is not None


def test_without_a_server_there_is_nothing_to_test() -> None:
    administrator = factories.actor(Role.ADMINISTRATOR)

    with pytest.raises(NotFoundError, match=re.escape(gettext("No mail server is set: mail is only kept here."))):
        testing.server(administrator, "me@zone.example")


def test_a_person_tests_mail_to_their_own_address(server: MailServer) -> None:
    person = factories.account(Role.GRID_WORKER, email="li@zone.example")
    mail_setup.save(factories.actor(Role.ADMINISTRATOR), mail_form(server.port))

    assert testing.own_mail(factories.acting(person)).sent
    assert server.recipients == ["li@zone.example"]
    with pytest.raises(InvalidError):
        testing.own_mail(factories.actor(Role.GRID_WORKER))


def test_a_robot_is_tested_and_what_it_said_is_told(http: Receiver, robots_at: Callable[[Receiver], None]) -> None:
    actor = factories.actor(Role.MANAGER)
    made = setting_up.save(actor, WECOM)
    robots_at(http)
    http.answer = '{"errcode": 93000, "errmsg": "invalid webhook url"}'

    refused = testing.robot(actor, made)

    assert not refused.sent
    assert "invalid webhook url" in refused.told
    (shown,) = setting_up.own(actor).robots
    assert "93000" in shown.problem
    assert shown.tested_at is not None
    http.answer = '{"errcode": 0}'
    assert testing.robot(actor, made).sent
    assert setting_up.own(actor).robots[0].problem == ""


def test_mail_that_is_switched_off_is_kept_and_can_still_be_tested(server: MailServer) -> None:
    administrator = factories.actor(Role.ADMINISTRATOR)
    mail_setup.save(administrator, mail_form(server.port, active=False))

    with opened(ChannelKind.MAIL, None) as line:
        assert line.kept_only
    assert not mail_setup.is_set(administrator)
    assert testing.server(administrator, "me@zone.example").sent


def test_testing_is_no_change_that_somebody_made(server: MailServer) -> None:
    administrator = factories.actor(Role.ADMINISTRATOR)
    mail_setup.save(administrator, mail_form(server.port))
    before = factories.rows(Channel)[0].updated_at, len(factories.rows(AuditEntry))

    testing.server(administrator, "me@zone.example")

    assert (factories.rows(Channel)[0].updated_at, len(factories.rows(AuditEntry))) == before
