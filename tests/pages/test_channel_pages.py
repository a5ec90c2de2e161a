"""Channels on their pages: an administrator's, a team's, a person's own, and the mail that was sent."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from models.account import Account, Role
from models.area import Tier
from models.channel import Channel, ChannelKind
from models.reminder import Delivery, DeliveryState, Message
from models.team import Team
from services.channels import mail_server, secrets
from services.channels.composing import Sender
from services.channels.mailing import Security, Server
from tests import factories as given
from tests.pages.conftest import OpenApp
from tests.smtp import MailServer
from tests.smtp import mail_server as running_server

pytestmark = pytest.mark.usefixtures("frozen_clock")
CHANNELS, SENT, PROFILE, MEMBERS = (
    "pages/reminders/channels.py", "pages/reminders/sent_mail.py", "pages/account/profile.py",
    "pages/teams/members.py",
)  # fmt: skip
KEY = "693a91f6-7aaa-4bc4-97a0-0ec2dcfa5aaa"
ADDRESS = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with running_server() as running:
        yield running


@pytest.fixture
def administrator(database: str) -> Account:  # noqa: ARG001 - asked for its effect
    return given.account(Role.ADMINISTRATOR, locale="en", email="admin@zone.example")


@pytest.fixture
def team(database: str) -> Team:  # noqa: ARG001 - asked for its effect
    return given.team(given.area(Tier.VILLAGE), "Village team")


def told(app: AppTest) -> str:
    """Return every sentence of a page."""
    parts = (*app.markdown, *app.caption, *app.info, *app.warning, *app.error, *app.success, *app.text)
    return "\n".join(part.value for part in parts).replace("\\", "")


def test_an_administrator_sets_the_mail_server_and_tries_it(
    server: MailServer, administrator: Account, open_app: OpenApp
) -> None:
    app = open_app(administrator, CHANNELS)
    assert "No mail server is set" in told(app)
    app.text_input(key="mail_host").set_value("not a host")
    app.button(key="mail_save").click().run()
    assert "Please give the server’s name" in told(app)

    app.text_input(key="mail_host").set_value("127.0.0.1")
    app.selectbox(key="mail_security").select_index(0).run()
    assert app.number_input(key="mail_port").value == 25
    app.number_input(key="mail_port").set_value(server.port)
    app.text_input(key="mail_sender").set_value("qianqi@zone.example")
    app.button(key="mail_save").click().run()
    assert not app.exception
    assert "No mail server is set" not in told(app)
    assert app.text_input(key="mail_test_to").value == "admin@zone.example"

    app.button(key="mail_server_test").click().run()
    assert "The test message has been sent to admin@zone.example." in told(app)
    assert server.recipients == ["admin@zone.example"]

    server.on_recipient = "550 no such mailbox"
    app.button(key="mail_server_test").click().run()
    assert "550 no such mailbox" in told(app)


def test_the_password_of_the_mail_server_is_never_shown(administrator: Account, open_app: OpenApp) -> None:
    server = Server("mail.example", 25, Security.NONE, Sender("a@b.example"), "qianqi", "hunter2")
    given.stored(
        Channel(name="Mail", kind=ChannelKind.MAIL, secret=mail_server.written(server), hint="mail.example:25")
    )

    app = open_app(administrator, CHANNELS)

    assert app.text_input(key="mail_user").value == "qianqi"
    assert app.text_input(key="mail_password").value == ""
    assert "hunter2" not in str([each.value for each in app.text_input]) + told(app)


def test_an_administrator_adds_a_robot_to_a_team(administrator: Account, team: Team, open_app: OpenApp) -> None:
    app = open_app(administrator, CHANNELS)
    assert "No group chat yet" in told(app)

    app.button(key="robot_new").click().run()
    assert app.button(key="robot_save").disabled
    app.selectbox(key="robot_team").select_index(0)
    app.text_input(key="robot_new_name").set_value("工作群")
    app.text_input(key="robot_new_address").set_value("https://example.com").run()
    app.button(key="robot_save").click().run()
    assert "This is not an address of this kind" in told(app)
    app.text_input(key="robot_new_address").set_value(ADDRESS)
    app.button(key="robot_save").click().run()

    assert not app.exception
    (row,) = given.rows(Channel)
    assert (row.team_id, row.name, row.hint) == (team.id, "工作群", "…5aaa")
    assert "Village team · WeCom robot …5aaa" in told(app)
    assert KEY not in told(app)


def test_a_lead_sets_up_the_teams_chat_on_its_page_and_a_member_does_not(team: Team, open_app: OpenApp) -> None:
    lead, worker = given.account(Role.TEAM_LEAD, locale="en"), given.account(Role.GRID_WORKER, locale="en")
    given.member(team, lead, lead=True)
    given.member(team, worker)

    app = open_app(lead, MEMBERS)
    app.button(key="robot_new").click().run()
    app.text_input(key="robot_new_name").set_value("Our chat")
    app.text_input(key="robot_new_address").set_value(ADDRESS)
    app.button(key="robot_save").click().run()

    assert not app.exception
    assert [(row.team_id, row.account_id) for row in given.rows(Channel)] == [(team.id, None)]
    assert "robot_new" not in [button.key for button in open_app(worker, MEMBERS).button]


def test_a_person_switches_mail_off_and_keeps_a_robot_of_their_own(open_app: OpenApp) -> None:
    person = given.account(Role.MANAGER, locale="en", email="m@zone.example")

    app = open_app(person, PROFILE)
    assert "mail does not leave the product for now" in told(app)
    app.toggle(key="mail_wanted").set_value(False).run()
    app.button(key="robot_new").click().run()
    app.text_input(key="robot_new_name").set_value("Mine")
    app.text_input(key="robot_new_address").set_value(ADDRESS)
    app.button(key="robot_save").click().run()

    assert not app.exception
    assert [(row.kind, row.active, row.account_id) for row in given.rows(Channel)] == [
        (ChannelKind.MAIL, False, person.id), (ChannelKind.WECOM, True, person.id),
    ]  # fmt: skip
    robot = given.rows(Channel)[1]
    app.button(key=f"robot_edit_{robot.id}").click().run()
    assert app.text_input(key=f"robot_{robot.id}_address").value == ""
    app.toggle(key=f"robot_{robot.id}_active").set_value(False)
    app.button(key="robot_save").click().run()
    assert not given.rows(Channel)[1].active
    app.button(key=f"robot_edit_{robot.id}").click().run()
    app.button(key="robot_remove_yes").click().run()
    assert [row.kind for row in given.rows(Channel)] == [ChannelKind.MAIL]


def test_a_person_without_an_address_is_told_whom_to_ask(open_app: OpenApp) -> None:
    app = open_app(given.account(Role.MANAGER, locale="en"), PROFILE)

    assert "Ask your administrator to enter it" in told(app)


def test_what_is_wrong_with_a_robot_is_told_without_a_link_in_it(open_app: OpenApp) -> None:
    person = given.account(Role.MANAGER, locale="en")
    kept = secrets.seal({"key": KEY})
    given.stored(Channel(
        name="Mine", kind=ChannelKind.WECOM, account_id=person.pk, secret=kept, problem="see https://evil.example",
    ))  # fmt: skip
    given.stored(Channel(name="Old", kind=ChannelKind.WECOM, account_id=person.pk, secret="of another secret"))

    shown = told(open_app(person, PROFILE))

    assert "see https://\u2060evil.example" in shown
    assert "Its address can no longer be read" in shown


def test_an_administrator_reads_a_mail_that_was_only_kept(administrator: Account, open_app: OpenApp) -> None:
    assert "No mail yet" in told(open_app(administrator, SENT))
    message = given.stored(Message(title="Due *today*", body="First line\nSecond line"))
    kept = given.stored(Delivery(
        message_id=message.pk, kind=ChannelKind.MAIL, address="li@zone.example", state=DeliveryState.SENT,
        kept_only=True,
    ))  # fmt: skip

    app = open_app(administrator, SENT)
    assert "No mail server is set: mail is only kept here." in told(app)
    app.button(key=f"mail_open_{kept.id}").click().run()

    assert not app.exception
    assert "First line\nSecond line" in told(app)
    assert "li@zone.example" in told(app)
    app.text_input(key="mail_search").set_value("nobody").run()
    assert "No mail fits the search." in told(app)
