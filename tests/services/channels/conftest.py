"""A mail server and a way to set it as the zone's."""

from collections.abc import Callable, Iterator

import pytest

from models.channel import Channel, ChannelKind
from services.channels import mail_server as row_of_server
from services.channels.composing import Sender
from services.channels.mailing import Security, Server
from tests.factories import stored
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
