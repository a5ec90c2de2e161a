"""Mail as a real server gets it, and what comes of each of its answers."""

import time
from collections.abc import Callable
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest

from core.embedded.process import free_port
from models.channel import Channel, ChannelKind
from services.channels import mailing, opened
from services.channels.lines import Outgoing, PutOffError, RejectedError, TransientError
from tests.conftest import MOMENT
from tests.dripping import dripping
from tests.factories import rows, stored
from tests.smtp import PASSWORD, USER, MailServer, mail_server

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")
SetServer = Callable[..., Channel]
TITLE = "【今日到期】问题 QW-2023-0012“用电增容”今日到期，请尽快办理或申请延期，逾期将提级"


def outgoing(number: int = 1, **more: object) -> Outgoing:
    given = {"title": TITLE, "text": "企业：甲公司\n.以点开头的一行", "link": "http://zone.example/m/abc?x=1&y=2"}
    return Outgoing(**{"key": f"delivery-{number}", "locale": "zh_CN", **given, **more})  # type: ignore[arg-type]


def test_a_mail_arrives_with_its_chinese_text_its_link_and_its_key(server: MailServer, set_server: SetServer) -> None:
    set_server(server.port)

    with opened(ChannelKind.MAIL, None) as line:
        assert not line.kept_only
        line.send("li@zone.example", outgoing(urgent=True))

    (mail,) = server.mails
    assert server.recipients == ["li@zone.example"]
    assert mail["Subject"] == TITLE
    assert mail["From"].addresses[0].display_name == "千企平台"
    assert mail["Message-ID"] == "<delivery-1@127.0.0.1>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Importance"] == "high"
    assert abs(parsedate_to_datetime(mail["Date"]) - MOMENT) < timedelta(seconds=1)
    assert not mail.defects
    plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert "企业：甲公司\n.以点开头的一行\n" in plain.get_content().replace("\r\n", "\n")
    assert "http://zone.example/m/abc?x=1&y=2" in plain.get_content()
    assert 'href="http://zone.example/m/abc?x=1&amp;y=2"' in page.get_content()
    assert 'lang="zh-CN"' in page.get_content()
    assert all(len(line) <= 998 for line in server.raw[0].split(b"\r\n"))


def test_what_people_wrote_is_shown_as_text(server: MailServer, set_server: SetServer) -> None:
    set_server(server.port)

    with opened(ChannelKind.MAIL, None) as line:
        line.send("li@zone.example", outgoing(title="=?utf-8?B?aGk=?= A & B", text="<script>alert(1)</script>"))

    page = server.mails[0].get_body(("html",))
    assert page is not None
    assert "<script>" not in page.get_content()
    assert server.mails[0]["Subject"] == "=?utf-8?B?aGk=?= A & B"


@pytest.mark.parametrize("title", ["Hello\r\nBcc: evil@example.com", "你好\nBcc: evil@example.com"])
def test_a_title_cannot_add_a_header(server: MailServer, set_server: SetServer, title: str) -> None:
    set_server(server.port)

    with opened(ChannelKind.MAIL, None) as line:
        line.send("li@zone.example", outgoing(title=title, key="delivery\r\nBcc: evil@example.com"))

    assert "Bcc" not in server.mails[0]
    assert server.mails[0]["Subject"] == title.replace("\r\n", " ").replace("\n", " ")
    assert server.recipients == ["li@zone.example"]


@pytest.mark.parametrize(
    "address", ["", "no address", "a@b.example, c@d.example", "a@b.example\r\nRCPT TO:<c@d.example>", "李@公司.中国"]
)
def test_what_is_no_address_is_refused_before_anything_is_sent(
    server: MailServer, set_server: SetServer, address: str
) -> None:
    set_server(server.port)

    with opened(ChannelKind.MAIL, None) as line, pytest.raises(RejectedError):
        line.send(address, outgoing())

    assert server.mails == []


def test_many_mails_take_one_connection(server: MailServer, set_server: SetServer) -> None:
    set_server(server.port)

    with opened(ChannelKind.MAIL, None) as line:
        for number in range(20):
            line.send(f"p{number}@zone.example", outgoing(number))

    assert server.connections == 1
    assert [mail["To"] for mail in server.mails] == [f"p{number}@zone.example" for number in range(20)]


def test_a_connection_the_server_closes_is_made_anew_and_nothing_is_sent_twice(
    server: MailServer, set_server: SetServer
) -> None:
    set_server(server.port)
    server.closes_after = 3

    with opened(ChannelKind.MAIL, None) as line:
        for number in range(10):
            line.send("li@zone.example", outgoing(number))

    assert server.connections == 4
    assert [mail["Message-ID"] for mail in server.mails] == [f"<delivery-{n}@127.0.0.1>" for n in range(10)]


@pytest.mark.parametrize(
    ("told", "answer", "error"),
    [
        ("on_recipient", "450 greylisted", PutOffError),
        ("on_recipient", "452 4.2.2 mailbox full", PutOffError),
        ("on_recipient", "451 4.2.1 mailbox locked", PutOffError),
        ("on_recipient", "450 4.7.1 too many mails in this hour", TransientError),
        ("on_recipient", "452 4.3.1 no room on the server", TransientError),
        ("on_recipient", "451 local error", TransientError),
        ("on_recipient", "421 going down", TransientError),
        ("on_recipient", "550 no such mailbox", RejectedError),
        ("on_data", "451 try again", TransientError),
        ("on_data", "554 looks like spam", RejectedError),
        ("on_data", "421 going down", TransientError),
        ("on_sender", "452 too busy", TransientError),
        ("on_sender", "550 sender not allowed", TransientError),
    ],
)
def test_each_answer_of_the_server_is_told_and_the_next_mail_goes_out(
    server: MailServer, set_server: SetServer, told: str, answer: str, error: type[Exception]
) -> None:
    set_server(server.port)

    with opened(ChannelKind.MAIL, None) as line:
        setattr(server, told, answer)
        with pytest.raises(error) as raised:
            line.send("li@zone.example", outgoing(1))
        assert raised.type is error
        setattr(server, told, "")
        line.send("li@zone.example", outgoing(2))

    assert str(raised.value) == answer
    assert [mail["Message-ID"] for mail in server.mails] == ["<delivery-2@127.0.0.1>"]


def test_a_refused_sender_is_the_servers_problem_until_it_is_put_right(
    server: MailServer, set_server: SetServer
) -> None:
    set_server(server.port)
    server.on_sender = "550 sender not allowed"
    with opened(ChannelKind.MAIL, None) as line, pytest.raises(TransientError):
        line.send("li@zone.example", outgoing())
    (row,) = rows(Channel)
    assert (row.problem, row.failed_at) == ("550 sender not allowed", MOMENT)

    server.on_sender = ""
    with opened(ChannelKind.MAIL, None) as line:
        line.send("li@zone.example", outgoing())

    (row,) = rows(Channel)
    assert (row.problem, row.failed_at) == ("", None)


def test_a_refused_recipient_is_no_problem_of_the_server(server: MailServer, set_server: SetServer) -> None:
    set_server(server.port)
    server.on_recipient = "550 no such mailbox"

    with opened(ChannelKind.MAIL, None) as line, pytest.raises(RejectedError):
        line.send("li@zone.example", outgoing())

    assert [row.problem for row in rows(Channel)] == [""]


@pytest.fixture
def short_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailing, "ANSWER_SECONDS", 0.3)


@pytest.mark.usefixtures("short_limits")
def test_a_server_that_keeps_silent_is_asked_once_by_a_line(server: MailServer, set_server: SetServer) -> None:
    set_server(server.port)
    server.silent = 1

    with opened(ChannelKind.MAIL, None) as line:
        for number in range(3):
            with pytest.raises(TransientError, match="did not answer in time"):
                line.send("li@zone.example", outgoing(number))

    assert server.connections == 1
    assert [row.problem for row in rows(Channel)] == [mailing.NOT_IN_TIME]


@pytest.mark.parametrize("said", [b"220-", b"220-wait\r\n"], ids=["one-line", "many-lines"])
def test_a_server_that_drips_its_answer_holds_nobody_up(
    set_server: SetServer, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr(mailing, "EXCHANGE_SECONDS", 0.5)
    began = time.monotonic()

    with dripping(b"", said) as port:
        set_server(port)
        with pytest.raises(TransientError, match="did not answer in time"), opened(ChannelKind.MAIL, None):
            pytest.fail("it must not open")

    assert time.monotonic() - began < 2
    assert [row.problem for row in rows(Channel)] == [mailing.NOT_IN_TIME]


def test_without_a_connection_the_line_does_not_open_and_the_row_tells(set_server: SetServer) -> None:
    set_server(free_port())

    with pytest.raises(TransientError), opened(ChannelKind.MAIL, None):
        pytest.fail("it must not open")

    assert "Connection refused" in rows(Channel)[0].problem


def test_a_wrong_password_loses_nothing_and_the_row_tells(set_server: SetServer) -> None:
    with mail_server(asks_password=True) as strict:
        set_server(strict.port, user=USER, password="wrong")
        with pytest.raises(TransientError), opened(ChannelKind.MAIL, None):
            pytest.fail("it must not open")
        assert rows(Channel)[0].problem.startswith("535")


def test_mail_goes_out_with_the_right_password(set_server: SetServer) -> None:
    with mail_server(asks_password=True) as strict:
        set_server(strict.port, user=USER, password=PASSWORD)
        with opened(ChannelKind.MAIL, None) as line:
            line.send("li@zone.example", outgoing())
        assert strict.recipients == ["li@zone.example"]


def test_without_a_mail_server_messages_are_kept_only() -> None:
    with opened(ChannelKind.MAIL, None) as line:
        assert line.kept_only
        line.send("li@zone.example", outgoing())


def test_a_mail_server_that_is_switched_off_keeps_messages_too(server: MailServer, set_server: SetServer) -> None:
    channel = set_server(server.port)
    channel.active = False
    stored(channel)

    with opened(ChannelKind.MAIL, None) as line:
        assert line.kept_only
        line.send("li@zone.example", outgoing())

    assert server.mails == []
