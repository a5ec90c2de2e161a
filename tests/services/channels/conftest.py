"""Servers that play the other side, and ways to set them up as channels."""

from collections.abc import Callable, Iterator

import pytest
from apprise.plugins import dingtalk, feishu, wecombot

from core.settings import settings
from models.channel import Channel, ChannelKind
from services.channels import mail_server as row_of_server
from services.channels import secrets
from services.channels.composing import Sender
from services.channels.mailing import Security, Server
from tests.factories import stored
from tests.receiver import Receiver, receiver
from tests.smtp import MailServer, mail_server


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A mail server that takes everything until it is told otherwise."""
    with mail_server() as running:
        yield running


@pytest.fixture
def set_server() -> Callable[..., Channel]:
    """Set the zone's mail server: `set_server(port, user=…, password=…)`."""

    def stored_server(port: int, **more: str) -> Channel:
        server = Server("127.0.0.1", port, Security.NONE, Sender("qianqi@zone.example", "千企平台"), **more)
        return stored(Channel(name="Mail", kind=ChannelKind.MAIL, secret=row_of_server.written(server)))

    return stored_server


@pytest.fixture
def http() -> Iterator[Receiver]:
    """A receiver that takes everything until it is told otherwise."""
    with receiver() as running:
        yield running


@pytest.fixture
def local_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Webhooks may point at this machine, where the receivers of tests are."""
    monkeypatch.setenv("QIANQI_WEBHOOK_LOCAL", "true")
    settings.cache_clear()


@pytest.fixture
def robots_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[Receiver], None]:
    """Let all robots be the given receiver: `robots_at(http)`."""

    def moved(http: Receiver) -> None:
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        for plugin in (wecombot.NotifyWeComBot, dingtalk.NotifyDingTalk, feishu.NotifyFeishu):
            path = plugin.notify_url.partition("//")[2].partition("/")[2]
            monkeypatch.setattr(plugin, "notify_url", f"{http.url}/{path}")

    return moved


@pytest.fixture
def robot() -> Callable[..., Channel]:
    """Store a robot or webhook: `robot(ChannelKind.WECOM, key="…")`."""

    def stored_robot(kind: ChannelKind, **fields: str) -> Channel:
        return stored(Channel(name="Robot", kind=kind, secret=secrets.seal(fields)))

    return stored_robot
