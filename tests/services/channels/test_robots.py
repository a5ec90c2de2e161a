"""Robots and webhooks as a real receiver gets them, and what comes of each of its answers."""

import base64
import hashlib
import hmac
import logging
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from urllib.parse import parse_qs, urlsplit

import pytest

from core.embedded.process import free_port
from models.channel import Channel, ChannelKind
from services.channels import exchanges, opened, wire
from services.channels.lines import Outgoing, RejectedError, TransientError
from tests.dripping import dripping
from tests.factories import rows
from tests.receiver import Receiver

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")
Robot = Callable[..., Channel]
Move = Callable[[Receiver], None]
KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
SIGNING = "SEC1234567890abcdef"
FIELDS = {
    ChannelKind.WECOM: {"key": KEY},
    ChannelKind.DINGTALK: {"key": "abc123", "signing": SIGNING},
    ChannelKind.FEISHU: {"key": KEY},
}
TAKEN = {
    ChannelKind.WECOM: '{"errcode": 0, "errmsg": "ok"}',
    ChannelKind.DINGTALK: '{"errcode": 0, "errmsg": "ok"}',
    ChannelKind.FEISHU: '{"code": 0, "msg": "success", "data": {}}',
}
MESSAGE = Outgoing(
    key="delivery-7", title="【今日到期】<问题> *甲*", text="企业：甲公司\n诉求：用电增容 & 扩建",
    link="http://zone.example/m/abc", locale="zh_CN", urgent=True,
)  # fmt: skip


def send(channel: Channel, message: Outgoing = MESSAGE) -> None:
    with opened(channel.kind, channel.pk) as line:
        line.send(f"channel:{channel.pk}", message)


@pytest.mark.parametrize("kind", list(FIELDS))
def test_a_robot_gets_title_text_and_link_as_they_are(
    http: Receiver, robots_at: Move, robot: Robot, kind: ChannelKind
) -> None:
    robots_at(http)
    http.answer = TAKEN[kind]

    send(robot(kind, **FIELDS[kind]))

    (got,) = http.got
    said = got.body["content"]["text"] if kind is ChannelKind.FEISHU else got.body["text"]["content"]
    assert said == (
        "【今日到期】<问题> *甲*\r\n企业：甲公司\n诉求：用电增容 & 扩建\n查看并确认: http://zone.example/m/abc"
    )
    assert FIELDS[kind]["key"] in got.path


def test_dingtalk_knows_the_signature(http: Receiver, robots_at: Move, robot: Robot) -> None:
    robots_at(http)

    send(robot(ChannelKind.DINGTALK, **FIELDS[ChannelKind.DINGTALK]))

    asked = parse_qs(urlsplit(http.got[0].path).query)
    signed = f"{asked['timestamp'][0]}\n{SIGNING}".encode()
    expected = base64.b64encode(hmac.new(SIGNING.encode(), signed, hashlib.sha256).digest()).decode()
    assert asked["sign"] == [expected]


def test_a_long_text_is_shortened_to_what_wecom_takes_and_keeps_its_link(
    http: Receiver, robots_at: Move, robot: Robot
) -> None:
    robots_at(http)
    long = Outgoing("delivery-8", "三条提醒", "问题" * 3000, "http://zone.example/m/abc", "zh_CN")

    send(robot(ChannelKind.WECOM, key=KEY), long)

    (got,) = http.got
    said = got.body["text"]["content"]
    assert 2040 <= len(said.encode()) <= 2048
    assert said.endswith("…\n查看并确认: http://zone.example/m/abc")


@pytest.mark.usefixtures("local_allowed")
def test_a_webhook_gets_json_with_the_key(http: Receiver, robot: Robot) -> None:
    address = http.url.replace("http://", "http://user:pass@")

    send(robot(ChannelKind.WEBHOOK, url=f"{address}/in%20box/a?token=x%2Fy&token=z"))

    (got,) = http.got
    assert got.body == {
        "key": "delivery-7", "title": "【今日到期】<问题> *甲*", "text": "企业：甲公司\n诉求：用电增容 & 扩建",
        "link": "http://zone.example/m/abc", "urgent": True, "language": "zh_CN",
    }  # fmt: skip
    assert got.path == "/in%20box/a?token=x%2Fy&token=z"
    assert got.headers["Idempotency-Key"] == "delivery-7"
    assert got.headers["Authorization"] == "Basic " + base64.b64encode(b"user:pass").decode()


@pytest.mark.usefixtures("local_allowed")
def test_many_messages_take_one_connection_and_do_not_wait_for_each_other(http: Receiver, robot: Robot) -> None:
    channel = robot(ChannelKind.WEBHOOK, url=http.url)

    with opened(ChannelKind.WEBHOOK, channel.pk) as line:
        for number in range(10):
            line.send("", Outgoing(f"delivery-{number}", "t", "x", "http://zone.example", "en"))

    assert [got.body["key"] for got in http.got] == [f"delivery-{number}" for number in range(10)]
    assert len(http.connections) == 1


@pytest.mark.parametrize(
    ("kind", "answer", "error"),
    [
        (ChannelKind.WECOM, '{"errcode": 93000, "errmsg": "invalid webhook url"}', RejectedError),
        (ChannelKind.WECOM, '{"errcode": 45009, "errmsg": "api freq out of limit"}', TransientError),
        (ChannelKind.WECOM, '{"errcode": -1, "errmsg": "system busy"}', TransientError),
        (ChannelKind.DINGTALK, '{"errcode": 310000, "errmsg": "sign not match"}', RejectedError),
        (ChannelKind.DINGTALK, '{"errcode": 130101, "errmsg": "send too fast"}', TransientError),
        (ChannelKind.FEISHU, '{"code": 19001, "msg": "param invalid"}', RejectedError),
        (ChannelKind.FEISHU, '{"code": 11232, "msg": "frequency limited"}', TransientError),
        (ChannelKind.WECOM, "<html>Please sign in to the network</html>", TransientError),
    ],
)
def test_a_robot_that_refuses_with_status_200_is_not_believed_to_have_taken_it(  # noqa: PLR0917
    http: Receiver, robots_at: Move, robot: Robot, kind: ChannelKind, answer: str, error: type[Exception]
) -> None:
    robots_at(http)
    http.answer = answer

    with pytest.raises(error) as raised:
        send(robot(kind, **FIELDS[kind]))

    assert answer in str(raised.value)
    assert rows(Channel)[0].problem == str(raised.value)


@pytest.mark.usefixtures("local_allowed")
@pytest.mark.parametrize(
    ("status", "error"),
    [
        (301, RejectedError), (400, RejectedError), (401, RejectedError), (404, RejectedError), (410, RejectedError),
        (408, TransientError), (429, TransientError), (500, TransientError), (503, TransientError),
    ],
)  # fmt: skip
def test_the_status_tells_whether_to_try_again(
    http: Receiver, robot: Robot, status: int, error: type[Exception]
) -> None:
    http.status, http.answer = status, "what the server says"

    with pytest.raises(error, match=f"HTTP {status} what the server says"):
        send(robot(ChannelKind.WEBHOOK, url=http.url))


@pytest.mark.usefixtures("local_allowed")
def test_after_a_failure_that_is_over_the_row_tells_of_no_problem(http: Receiver, robot: Robot) -> None:
    channel = robot(ChannelKind.WEBHOOK, url=http.url)
    http.status = 503
    with pytest.raises(TransientError):
        send(channel)

    http.status = 204
    http.answer = ""
    send(channel)

    assert [row.problem for row in rows(Channel)] == [""]


@pytest.mark.usefixtures("local_allowed")
def test_a_receiver_that_keeps_silent_or_is_gone_may_get_it_later(
    http: Receiver, robot: Robot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "ANSWER_SECONDS", 0.2)
    http.silent = 0.6

    with pytest.raises(TransientError, match="did not answer in time"):
        send(robot(ChannelKind.WEBHOOK, url=http.url))
    with pytest.raises(TransientError, match="No connection"):
        send(robot(ChannelKind.WEBHOOK, url=f"http://127.0.0.1:{free_port()}"))


@pytest.mark.usefixtures("local_allowed")
@pytest.mark.parametrize(
    ("at_once", "drops"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-Any: 1\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", b"x"),
    ],
    ids=["headers", "body", "body-until-closed"],
)
def test_a_receiver_that_drips_its_answer_holds_nobody_up(
    robot: Robot, monkeypatch: pytest.MonkeyPatch, at_once: bytes, drops: bytes
) -> None:
    monkeypatch.setattr(wire, "ANSWER_SECONDS", 0.5)
    began = time.monotonic()

    with dripping(at_once, drops) as port, pytest.raises(TransientError, match="did not answer in time"):
        send(robot(ChannelKind.WEBHOOK, url=f"http://127.0.0.1:{port}"))

    assert time.monotonic() - began < 2


def test_many_addresses_that_keep_silent_share_one_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, ExitStack() as waiting:
        address = full.getsockname()
        for _each in range(3):  # nobody accepts: one more has to wait
            one = waiting.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(address)
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address)] * 20
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_more: found)
        began = time.monotonic()

        with pytest.raises(TimeoutError), exchanges.within(0.5):
            exchanges.dialled("many.example", address[1], 0.2)

    assert time.monotonic() - began < 2


@pytest.mark.usefixtures("local_allowed")
def test_a_redirect_is_not_followed(http: Receiver, robot: Robot) -> None:
    http.status, http.to = 307, f"{http.url}/elsewhere"

    with pytest.raises(RejectedError):
        send(robot(ChannelKind.WEBHOOK, url=http.url))

    assert [got.path for got in http.got] == ["/"]


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "[::]", "127.1", "2130706433", "[::ffff:127.0.0.1]"]
)
def test_a_webhook_may_not_point_at_this_machine(http: Receiver, robot: Robot, host: str) -> None:
    port = http.url.rpartition(":")[2]

    with pytest.raises(RejectedError, match="may not point at this machine"):
        send(robot(ChannelKind.WEBHOOK, url=f"http://{host}:{port}/"))

    assert http.connections == set()


@pytest.mark.parametrize("host", ["169.254.169.254", "100.100.100.200", "[fe80::1]", "[fd00:ec2::254]", "224.0.0.1"])
def test_nor_at_what_only_this_machine_can_reach(robot: Robot, host: str) -> None:
    with pytest.raises(RejectedError, match="may not point at this machine"):
        send(robot(ChannelKind.WEBHOOK, url=f"https://{host}/latest"))


def test_neither_logs_nor_errors_hold_a_key(
    http: Receiver, robots_at: Move, robot: Robot, caplog: pytest.LogCaptureFixture
) -> None:
    robots_at(http)
    caplog.set_level(logging.DEBUG)
    channel = robot(ChannelKind.WECOM, key=KEY)
    http.answer = f'{{"errcode": 93000, "errmsg": "invalid webhook url {KEY}"}}'

    with pytest.raises(RejectedError) as refused:
        send(channel)

    assert KEY not in str(refused.value)
    assert KEY not in rows(Channel)[0].problem
    assert KEY not in rows(Channel)[0].secret
    assert not [record for record in caplog.records if record.name == "apprise"]


def test_a_channel_that_is_gone_or_off_takes_nothing(robot: Robot) -> None:
    channel = robot(ChannelKind.WECOM, key=KEY)

    with pytest.raises(RejectedError), opened(ChannelKind.WECOM, channel.pk + 1):
        pytest.fail("it must not open")
    with pytest.raises(RejectedError), opened(ChannelKind.FEISHU, channel.pk):
        pytest.fail("it must not open")
