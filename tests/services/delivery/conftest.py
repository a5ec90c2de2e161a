"""A mail server that the zone's mail goes by."""

from collections.abc import Iterator

import pytest

from models.channel import Channel, ChannelKind
from services.channels import mail_server as row_of_server
from services.channels.composing import Sender
from services.channels.mailing import Security, Server
from tests.factories import stored
from tests.smtp import MailServer, mail_server


@pytest.fixture
def server(database: str) -> Iterator[MailServer]:  # noqa: ARG001 - its row is stored there
    """The zone's mail server, which takes everything until it is told otherwise."""
    with mail_server() as running:
        given = Server("127.0.0.1", running.port, Security.NONE, Sender("qianqi@zone.example", "千企平台"))
        stored(Channel(name="Mail", kind=ChannelKind.MAIL, secret=row_of_server.written(given)))
        yield running
