"""The way of a reminder, with everything real, from a deadline that comes near to the end of its ladder.

The message is in the inbox and in the mail server, its link acknowledges it, and the rest is not sent.
"""

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import col, select

from core import clock
from core.db import transaction
from core.embedded import EmbeddedValkey
from models.account import Account, Role
from models.issue import Issue, IssueState
from models.reminder import (
    OPEN_REMINDER_STATES,
    Occasion,
    OffsetUnit,
    Relation,
    Reminder,
    ReminderRule,
    ReminderState,
    ReminderTemplate,
    StopsOn,
    Subject,
)
from services.accounts import set_password
from services.actor import SYSTEM
from services.channels import mail_setup
from services.channels.mail_setup import MailForm
from services.channels.mailing import Security
from services.demo import PASSWORD
from tests import factories, issue_world
from tests import inbox_world as given
from tests.browser.conftest import PHONE_WIDTH, NewContext, SignIn, open_page, wait_idle
from tests.browser.hands import press
from tests.factories import stored
from tests.issue_world import IssueWorld
from tests.servers import Database, WebServer, environment
from tests.smtp import MailServer, mail_server

pytestmark = pytest.mark.browser
ADDRESS = "officer@dept.example"
NEAR = "到期前一小时"
_PATIENCE = 90


@pytest.fixture(scope="module")
def server(shared_database: Database, valkey: EmbeddedValkey, server_folder: Path) -> Iterator[WebServer]:
    """The web application on a database of this file's own, and a part of the queue of its own."""
    folder = server_folder / "journey"
    folder.mkdir()
    env = environment(shared_database, folder, QIANQI_REDIS_URL=f"{valkey.url.removesuffix('/0')}/7")
    with WebServer(env, folder / "web.log") as web:
        yield web


@pytest.fixture
def mails(same_database: None) -> Iterator[MailServer]:  # noqa: ARG001 - asked for its effect
    """A mail server, which an administrator has set."""
    with mail_server() as running:
        form = MailForm("127.0.0.1", running.port, Security.NONE, "", "", "qianqi@zone.example", "千企平台")
        mail_setup.save(factories.actor(Role.ADMINISTRATOR), form)
        yield running


def _may_sign_in(person: Account, **more: str) -> str:
    """Give somebody a password, and return their user name."""
    with transaction(actor=SYSTEM) as session:
        row = session.get_one(Account, person.pk)
        set_password(row, PASSWORD)
        row.must_change_password = False
        for name, value in more.items():
            setattr(row, name, value)
        return row.username


def _rule_of_the_last_hour() -> None:
    """Let an administrator's rule remind an hour before the deadline, at once and at any time of day."""
    template = stored(
        ReminderTemplate(
            name=NEAR, occasion=Occasion.ISSUE_DEADLINE, title="{{ enterprise }}的问题即将到期",
            body="{{ number }} 截止时间 {{ due }}",
        )
    )  # fmt: skip
    stored(
        ReminderRule(
            name=NEAR, occasion=Occasion.ISSUE_DEADLINE, offset=-60, unit=OffsetUnit.MINUTES, urgent=True,
            recipients=[Relation.ASSIGNEE], stops_on=StopsOn.ACKNOWLEDGED, template_id=template.pk,
        )
    )  # fmt: skip


def _deadline_in(issue_id: int, left: timedelta) -> None:
    """Let the deadline of an issue be so near."""
    with transaction(actor=SYSTEM) as session:
        issue = session.get_one(Issue, issue_id)
        issue.due_at = clock.now() + left
        issue.due_version += 1


def _still_to_come(issue_id: int) -> set[str]:
    """Return the names of rules that would still tell of the present deadline, if acknowledging stops them."""
    found = select(ReminderRule.name).join(Reminder, col(Reminder.rule_id) == ReminderRule.id)
    found = found.where(
        Reminder.subject == Subject.ISSUE,
        Reminder.subject_id == issue_id,
        Reminder.occasion == Occasion.ISSUE_DEADLINE,
        col(Reminder.state).in_(OPEN_REMINDER_STATES),
        ReminderRule.stops_on == StopsOn.ACKNOWLEDGED,
    )
    with transaction(actor=SYSTEM) as session:
        return set(session.exec(found))


def _mail_about(mails: MailServer, enterprise: str) -> str:
    """Wait for the mail about an enterprise and return its text."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        for mail in list(mails.mails):
            if enterprise in str(mail["subject"]):
                assert mails.recipients == [ADDRESS]
                body = mail.get_body(("plain",))
                assert body is not None
                return str(body.get_content())
        time.sleep(0.3)
    raise AssertionError(f"no mail came; there were {[str(mail['subject']) for mail in mails.mails]}")


def _link(text: str, server: WebServer) -> str:
    found = re.search(rf"{re.escape(server.url)}/m/[\w.-]+", text)
    assert found is not None, text
    return found.group()


def _see_in_the_inbox(page: Page, title: str) -> None:
    open_page(page, "/inbox-messages")
    expect(page.get_by_text(title)).to_be_visible()
    expect(page.get_by_test_id("stSidebarNav").get_by_text(re.compile(r"消息 \(\d+\)"))).to_be_visible()
    expect(page.get_by_text(re.compile("紧急未读"))).to_be_visible()


def _acknowledge(visitor: Page, link: str, title: str) -> None:
    visitor.goto(link)
    expect(visitor.get_by_role("heading", name=title)).to_be_visible()
    visitor.get_by_role("button", name="确认收到").click()
    expect(visitor.get_by_role("status")).to_contain_text("已停止以下后续提醒")
    expect(visitor.get_by_role("button")).to_have_count(0)


@pytest.mark.usefixtures("background")
def test_a_deadline_is_told_by_inbox_and_mail_and_acknowledged_by_its_link(
    server: WebServer, sign_in: SignIn, new_context: NewContext, mails: MailServer
) -> None:
    # Given an issue being handled, and a rule that tells its officer an hour before the deadline
    world = issue_world.build()
    officer, chief = world.people["officer_x"], world.people["coordinator"]
    issue_id = _handled(world, officer)
    title = f"{world.enterprises['A'].name}的问题即将到期"

    # When the deadline comes near
    _deadline_in(issue_id, timedelta(minutes=60, seconds=2))
    assert len(_still_to_come(issue_id)) > 1

    # Then a mail has gone out and the message is in the inbox
    link = _link(_mail_about(mails, world.enterprises["A"].name), server)
    desk = sign_in(_may_sign_in(officer))
    _see_in_the_inbox(desk, title)

    # And when the link of the mail is opened on a telephone, without signing in, and acknowledged
    _acknowledge(new_context(PHONE_WIDTH).new_page(), link, title)

    # Then the rest of the ladder is stopped: on the inbox, on the issue's page, and in the rows themselves
    assert _still_to_come(issue_id) == set()
    open_page(desk, "/inbox-messages")
    expect(desk.get_by_text("已确认收到")).to_be_visible()
    coordinator = sign_in(_may_sign_in(chief))
    open_page(coordinator, f"/issues-issue?issue={issue_id}")
    box = coordinator.locator(".st-key-issue_reminders_box")
    expect(box.get_by_text("因确认收到而停止")).to_be_visible()
    expect(box.get_by_text(re.compile(f"{NEAR}.*{officer.name} .*已确认", re.DOTALL))).to_be_visible()
    assert len([mail for mail in mails.mails if title in str(mail["subject"])]) == 1


def _handled(world: IssueWorld, officer: Account) -> int:
    _may_sign_in(officer, email=ADDRESS)
    _rule_of_the_last_hour()
    return world.issue(IssueState.HANDLING)


@pytest.mark.usefixtures("same_database")
@pytest.mark.parametrize("width", [1440, PHONE_WIDTH])
def test_a_morning_with_forty_overdue_issues_is_read_at_a_glance(sign_in: SignIn, width: int) -> None:
    # Given a coordinator with 40 messages of one rule and an urgent one
    chief, rule = factories.account(Role.COORDINATOR, "周敏"), given.rule(f"逾期一天 {width}")
    told = [given.told(rule, chief, 5000 + n, title=f"第{n}件已逾期") for n in range(40)]
    given.planned(given.rule(), chief, 5007)
    given.told(given.rule(), chief, 5100, urgent=True, title="红牌：第99件", at=clock.now() - timedelta(days=4))
    page = sign_in(_may_sign_in(chief), width=width)

    # When they open their messages
    press(page, re.compile("去查看"))

    # Then the urgent one is on top, and the forty are one line, all of it on one screen
    fold = page.get_by_text(re.compile(f"逾期一天 {width} · 40条"))
    urgent = page.get_by_text("红牌：第99件")
    expect(urgent).to_be_in_viewport()
    expect(fold).to_be_in_viewport()
    assert urgent.bounding_box()["y"] < fold.bounding_box()["y"]  # type: ignore[index]  # they are visible
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    # And opened, one of them tells why it came and is acknowledged where it stands, with the others still open
    fold.click()
    wait_idle(page)
    mine = told[7]
    page.locator(f".st-key-why_{mine.id} button").locator("visible=true").click()
    wait_idle(page)
    expect(page.get_by_test_id("stPopoverBody").get_by_text(f"逾期一天 {width}")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(f".st-key-confirm_{mine.id} button").click()
    expect(page.get_by_text("已停止后续提醒1条")).to_be_visible()
    wait_idle(page)
    expect(page.get_by_text("第8件已逾期")).to_be_visible()
    with transaction(actor=SYSTEM) as session:
        states = session.exec(select(Reminder.state).where(col(Reminder.recipient_id) == chief.id)).all()
    assert sorted(states) == sorted([ReminderState.ACTED_ON, ReminderState.CANCELLED, *[ReminderState.DELIVERED] * 40])


@pytest.mark.usefixtures("same_database")
def test_a_message_counts_as_read_once_a_browser_shows_it(new_context: NewContext) -> None:
    officer = factories.account(Role.DEPARTMENT_OFFICER, "王敏")
    told = given.told(given.rule(), officer, 5200, title="期限今天到期")
    page = new_context(PHONE_WIDTH).new_page()

    with page.expect_response(lambda answer: answer.url.endswith("/read")) as noted:
        page.goto(given.message(told))

    assert noted.value.status == 204
    with transaction(actor=SYSTEM) as session:
        assert session.exec(select(Reminder.state).where(Reminder.id == told.id)).one() is ReminderState.READ
