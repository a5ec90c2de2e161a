"""What people paste as an address, and what becomes of it."""

import pytest

from core.errors import InvalidError
from models.channel import ChannelKind
from services.channels.addresses import checked, hint_of

UUID = "693a91f6-7aaa-4bc4-97a0-0ec2dcfa5aaa"
HEX = "566cc69da782ec33d4a1e1ca6b2b3e7ea0bd4dfb3c1d0b4f5a6b7c8d9e0f1a2b"


@pytest.mark.parametrize(
    ("kind", "given", "key"),
    [
        (ChannelKind.WECOM, f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={UUID}", UUID),
        (ChannelKind.WECOM, f"  {UUID}\n", UUID),
        (ChannelKind.DINGTALK, f"https://oapi.dingtalk.com/robot/send?access_token={HEX}", HEX),
        (ChannelKind.DINGTALK, HEX, HEX),
        (ChannelKind.FEISHU, f"https://open.feishu.cn/open-apis/bot/v2/hook/{UUID}", UUID),
        (ChannelKind.FEISHU, UUID, UUID),
    ],
)
def test_the_whole_address_or_the_key_alone_will_do(kind: ChannelKind, given: str, key: str) -> None:
    fields = checked(kind, given)

    assert fields["key"] == key
    assert hint_of(kind, fields) == f"…{key[-4:]}"


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (ChannelKind.WECOM, ""),
        (ChannelKind.WECOM, "hello"),
        (ChannelKind.WECOM, f"https://oapi.dingtalk.com/robot/send?access_token={HEX}"),
        (ChannelKind.DINGTALK, f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={UUID}"),
        (ChannelKind.WECOM, f"https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key={UUID}"),
        (ChannelKind.FEISHU, f"https://open.feishu.cn/open-apis/bot/v2/hook/{UUID}/../x"),
        (ChannelKind.WEBHOOK, "ftp://example.com/x"),
        (ChannelKind.WEBHOOK, "example.com/x"),
        (ChannelKind.WEBHOOK, "http:///x"),
        (ChannelKind.WEBHOOK, "http://example.com:99999/"),
        (ChannelKind.WEBHOOK, "http://example.com/a b"),
        (ChannelKind.WEBHOOK, "http://example.com/\r\nX-Evil: 1"),
        (ChannelKind.WEBHOOK, "http://[::1"),
        (ChannelKind.WEBHOOK, "http://example.com/" + "x" * 1000),
    ],
)
def test_anything_else_is_refused_beside_the_field(kind: ChannelKind, given: str) -> None:
    with pytest.raises(InvalidError) as refused:
        checked(kind, given)

    assert list(refused.value.problems) == ["address"]


def test_a_signing_secret_of_dingtalk_is_checked() -> None:
    assert checked(ChannelKind.DINGTALK, HEX, " SEC0123456789abcdef ")["signing"] == "SEC0123456789abcdef"
    with pytest.raises(InvalidError) as refused:
        checked(ChannelKind.DINGTALK, HEX, "my secret")
    assert list(refused.value.problems) == ["signing"]


def test_the_hint_of_a_webhook_tells_its_host_alone() -> None:
    fields = checked(ChannelKind.WEBHOOK, "https://user:hunter2@oa.zone.example:8443/hook/abc?token=hunter2#top")

    assert fields["url"] == "https://user:hunter2@oa.zone.example:8443/hook/abc?token=hunter2"
    assert hint_of(ChannelKind.WEBHOOK, fields) == "https://oa.zone.example:8443/…"
