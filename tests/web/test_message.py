"""The page of a message, which its link opens without signing in: asked of a real server."""

import re

import httpx
import pytest
from sqlmodel import select

from core import clock
from core.db import transaction
from models.account import Account, Role
from models.area import Tier
from models.enterprise import Contact
from models.reminder import Message, Reminder, ReminderState, StopsOn, Subject
from services.actor import SYSTEM
from services.inbox.links import message_path
from tests import factories
from tests import inbox_world as given
from tests.factories import stored
from tests.servers import WebServer

S = ReminderState
CONFIRM = "确认收到"


@pytest.fixture
def officer(same_database: None) -> Account:  # noqa: ARG001 - asked for its effect
    """Somebody who is told things."""
    return factories.account(Role.DEPARTMENT_OFFICER, "王敏")


@pytest.fixture
def contact(same_database: None) -> Contact:  # noqa: ARG001 - asked for its effect
    """Somebody of an enterprise, who has no account."""
    enterprise = factories.enterprise(factories.area(Tier.ZONE))
    return stored(Contact(enterprise_id=enterprise.pk, name="赵倩", email="zhao@example.com"))


def _row(reminder: Reminder) -> Reminder:
    with transaction(actor=SYSTEM) as session:
        return session.exec(select(Reminder).where(Reminder.id == reminder.id)).one()


def _notice(contact: Contact, **more: object) -> Reminder:
    return given.reminder(
        None, None, 1, subject=Subject.NOTICE, contact_id=contact.pk, state=S.DELIVERED, delivered_at=clock.now(),
        title="高新技术企业认定申报通知", body="请于 12 月 20 日前提交材料。", **more,
    )  # fmt: skip


def test_a_message_opens_by_its_link_without_a_session(client: httpx.Client, officer: Account) -> None:
    told = given.told(given.rule(), officer, 901, title="办理期限今天到期", body="请尽快办理。")

    answer = client.get(given.message(told))

    assert answer.status_code == 200
    assert "办理期限今天到期" in answer.text
    assert "请尽快办理。" in answer.text
    assert CONFIRM in answer.text
    assert "/issues-issue?issue=901" in answer.text


def test_the_page_of_the_subject_still_asks_to_sign_in(client: httpx.Client, officer: Account) -> None:
    client.get(given.message(given.told(given.rule(), officer, 902)))

    assert client.get("/issues-issue?issue=902").status_code == 303


@pytest.mark.parametrize(("locale", "text"), [("zh_CN", CONFIRM), ("en", "Confirm receipt")])
def test_a_message_is_in_its_own_language(client: httpx.Client, officer: Account, locale: str, text: str) -> None:
    path = given.message(given.told(given.rule(), officer, 903), locale=locale)

    assert text in client.get(path, headers={"cookie": "qianqi_lang=zh_CN"}).text


def test_fetching_a_link_does_not_mark_it_as_read(client: httpx.Client, officer: Account) -> None:
    # Given a mail scanner, which fetches every link and runs no script
    told = given.told(given.rule(), officer, 904)
    path = given.message(told)

    client.get(path)
    client.head(path)

    assert _row(told).state is S.DELIVERED


def test_the_page_says_when_a_person_sees_it(client: httpx.Client, officer: Account) -> None:
    told = given.told(given.rule(), officer, 905)
    path = given.message(told)

    assert client.post(f"{path}/read", headers={"origin": str(client.base_url).rstrip("/")}).status_code == 204

    assert _row(told).state is S.READ


def test_acknowledging_stops_the_ladder_and_says_what_was_stopped(client: httpx.Client, officer: Account) -> None:
    told = given.told(given.rule(), officer, 906)
    later = given.planned(given.rule("逾期三天红牌"), officer, 906)
    insists = given.planned(given.rule("办完为止", stops_on=StopsOn.HANDLED), officer, 906)
    path = given.message(told)
    assert "逾期三天红牌" in client.get(path).text

    answer = client.post(path, data={"any": ""})

    assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert (_row(told).state, _row(later).state, _row(insists).state) == (S.ACTED_ON, S.CANCELLED, S.PLANNED)
    page = client.get(path).text
    assert re.search("已停止以下后续提醒.*逾期三天红牌.*若未办结.*办完为止", page, re.DOTALL)
    assert "<button" not in page


def test_acknowledging_twice_changes_nothing_more(client: httpx.Client, officer: Account) -> None:
    told = given.told(given.rule(), officer, 907)
    path = given.message(told)
    client.post(path, data={"any": ""})
    before = _row(told)

    assert client.post(path, data={"any": ""}).status_code == 303

    assert _row(told).acted_at == before.acted_at


def test_acknowledging_when_nothing_is_left_to_stop_is_told(client: httpx.Client, officer: Account) -> None:
    # Given an issue that was handled: what would have come next is cancelled already
    told = given.told(given.rule(), officer, 908)
    given.planned(given.rule(), officer, 908, state=S.CANCELLED, note="It no longer holds.")
    path = given.message(told)

    assert client.post(path, data={"any": ""}).status_code == 303

    assert _row(told).state is S.ACTED_ON
    assert "没有需要停止的后续提醒" in client.get(path).text


def test_a_digest_lists_its_reminders_and_each_is_acknowledged_alone(client: httpx.Client, officer: Account) -> None:
    first, second, third = (given.told(given.rule(), officer, 910 + n, title=f"第{n}件") for n in range(3))
    path = given.message(first, second, third, title="您有3条提醒")
    page = client.get(path).text
    assert all(text in page for text in ("您有3条提醒", "第0件", "第1件", "第2件", "全部确认收到（3条）"))

    client.post(path, data={"reminder": str(second.pk)})
    assert [_row(each).state for each in (first, second, third)] == [S.DELIVERED, S.ACTED_ON, S.DELIVERED]

    client.post(path, data={"any": ""})
    assert {_row(each).state for each in (first, second, third)} == {S.ACTED_ON}


def test_a_part_of_a_digest_by_another_channel_acknowledges_too(client: httpx.Client, officer: Account) -> None:
    # Given a rule that keeps one of two reminders from a robot: the robot's message is a second one of the same go
    at = clock.now()
    both = [given.told(given.rule(), officer, 915 + n, title=f"甲{n}", at=at) for n in range(2)]
    other = given.told(given.rule(), officer, 917, title="别的一次")
    given.message(*both, created_at=at)
    second = stored(Message(account_id=officer.pk, title="甲0", body="甲0", created_at=at))

    path = message_path(second.pk)
    page = client.get(path).text
    client.post(path, data={"any": ""})

    assert "甲0" in page
    assert "别的一次" not in page
    assert [_row(each).state for each in [*both, other]] == [S.ACTED_ON, S.ACTED_ON, S.DELIVERED]


@pytest.mark.parametrize("token", ["x", "MQ", "MQ.", "MQ.abcdef", "a" * 400, "MQ.QdPsncaz9NuSPeDBgK3d28ht4K0Ezdo"])
def test_a_forged_link_leads_to_a_friendly_page_that_tells_nothing(client: httpx.Client, token: str) -> None:
    answers = [client.get(f"/m/{token}"), client.post(f"/m/{token}", data={"any": ""})]

    assert {answer.status_code for answer in answers} == {404}
    assert all("链接无效" in answer.text for answer in answers)
    assert client.post(f"/m/{token}/read").status_code == 404


def test_links_to_messages_that_are_gone_look_like_forged_ones(client: httpx.Client, officer: Account) -> None:
    assert officer
    gone, forged = client.get(message_path(10**9)), client.get("/m/MQ.abcdef")

    assert gone.status_code == forged.status_code == 404
    assert [_without_nonce(gone.text)] == [_without_nonce(forged.text)]


def _without_nonce(page: str) -> str:
    return re.sub(r'nonce="[^"]+"', "", page)


def test_a_link_acknowledges_no_reminder_of_another_message(client: httpx.Client, officer: Account) -> None:
    mine, other = given.told(given.rule(), officer, 920), given.told(given.rule(), officer, 921)
    path = given.message(mine)
    given.message(other)

    assert client.post(path, data={"reminder": str(other.pk)}).status_code == 404

    assert (_row(mine).state, _row(other).state) == (S.DELIVERED, S.DELIVERED)


@pytest.mark.parametrize("given_id", ["abc", "-1", "1 or 1=1", "9" * 30, "١"])
def test_what_is_no_number_is_refused(client: httpx.Client, officer: Account, given_id: str) -> None:
    path = given.message(given.told(given.rule(), officer, 922))

    assert client.post(path, data={"reminder": given_id}).status_code == 400


def test_a_long_form_is_refused(client: httpx.Client, officer: Account) -> None:
    path = given.message(given.told(given.rule(), officer, 923))

    assert client.post(path, data={"reminder": "1" * 5000}).status_code == 413


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}])
def test_other_sites_acknowledge_nothing(client: httpx.Client, officer: Account, headers: dict[str, str]) -> None:
    told = given.told(given.rule(), officer, 924)
    path = given.message(told)

    assert client.post(path, data={"any": ""}, headers=headers).status_code == 403
    assert client.post(f"{path}/read", headers=headers).status_code == 403

    assert _row(told).state is S.DELIVERED


def test_a_link_of_somebody_who_has_left_opens_nothing(client: httpx.Client, officer: Account) -> None:
    told = given.told(given.rule(), officer, 925)
    path = given.message(told)
    with transaction(actor=SYSTEM) as session:
        session.get_one(Account, officer.pk).active = False

    assert client.get(path).status_code == 404
    assert client.post(path, data={"any": ""}).status_code == 404
    assert _row(told).state is S.DELIVERED


def test_a_contact_reads_and_confirms_a_notice_and_sees_nothing_else(client: httpx.Client, contact: Contact) -> None:
    notice = _notice(contact)
    path = given.message(notice)

    page = client.get(path).text
    client.post(path, data={"any": ""})

    assert "高新技术企业认定申报通知" in page
    assert "登录系统查看" not in page
    assert "后续提醒" not in client.get(path).text
    assert _row(notice).state is S.ACTED_ON


def test_a_contact_stops_no_reminder_of_those_who_are_to_act(
    client: httpx.Client, contact: Contact, officer: Account
) -> None:
    rule = given.rule()
    told = given.reminder(rule, None, 930, contact_id=contact.pk, state=S.SENT, sent_at=clock.now(), title="走访提醒")
    inner = given.planned(rule, officer, 930)
    path = given.message(told)

    client.post(path, data={"any": ""})

    assert (_row(told).state, _row(inner).state) == (S.ACTED_ON, S.PLANNED)
    assert rule.name not in client.get(path).text


def test_confirming_one_notice_leaves_those_of_others(client: httpx.Client, contact: Contact, officer: Account) -> None:
    mine = _notice(contact)
    others = given.reminder(None, officer, 1, subject=Subject.NOTICE)

    client.post(given.message(mine), data={"any": ""})

    assert _row(others).state is S.PLANNED


def test_a_message_to_a_group_chat_shows_its_words(client: httpx.Client, officer: Account) -> None:
    # Given a message to a team's robot: nobody's own reminders belong to it
    told = given.told(given.rule(), officer, 940)
    team = factories.team(factories.area(Tier.STREET))
    path = given.message(told, account_id=None, team_id=team.pk, title="本队3件问题今天到期", body="请及时办理。")
    with transaction(actor=SYSTEM) as session:
        session.get_one(Reminder, told.pk).message_id = None

    page = client.get(path).text

    assert "本队3件问题今天到期" in page
    assert "<button" not in page


def test_words_of_people_stay_words(client: httpx.Client, officer: Account) -> None:
    told = given.told(
        given.rule(), officer, 941, title="<script>alert(1)</script>", body="<img src=x onerror=alert(1)>"
    )

    page = client.get(given.message(told)).text

    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_the_page_keeps_to_itself(client: httpx.Client, officer: Account) -> None:
    headers = client.get(given.message(given.told(given.rule(), officer, 942))).headers

    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe-inline" not in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "same-origin"
    assert "noindex" in headers["x-robots-tag"]
    assert "set-cookie" not in headers


DETOURS = [
    "/m/../home-start", "/m/..%2fhome-start", "/m/%2e%2e/home-start", "/m//home-start", "/m/x/home-start", "/m", "/m/",
    "/m/x/../../home-start", "/m/x%2f_stcore%2fhost-config", "/m/_stcore/host-config", "/m\\..\\home-start", "/M/x",
    "/m/x/read/y", "//m/x", "/m/%0a",
]  # fmt: skip


@pytest.mark.parametrize("target", DETOURS)
def test_no_detour_leads_past_the_gate_by_the_folder_of_messages(web: WebServer, target: str) -> None:
    with httpx.Client() as raw:
        try:
            answer = raw.send(httpx.Request("GET", web.url, extensions={"target": target.encode()}))
        except httpx.RemoteProtocolError:
            return  # the server would not even read it

    assert answer.status_code in {303, 400, 401, 404}
    assert "streamlit" not in answer.text.lower()


def test_a_message_row_is_never_made_by_asking(client: httpx.Client, officer: Account) -> None:
    path = given.message(given.told(given.rule(), officer, 943))
    before = len(factories.rows(Message))

    for _time in range(3):
        client.get(path)
        client.post(path, data={"any": ""})

    assert len(factories.rows(Message)) == before
