"""A real mail server for tests, which takes, refuses, puts off or keeps silent as it is told."""

import asyncio
import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from core.embedded.process import free_port

USER, PASSWORD = "qianqi", "right-password"


@dataclass
class MailServer:
    """What the server does and what it got.

    Args:
        port: where it listens.
        on_sender: its answer to the sender of a mail; empty to agree.
        on_recipient: its answer to a recipient; empty to agree.
        on_data: its answer to a mail; empty to take it.
        silent: seconds it takes before it answers to a mail.
        closes_after: how many mails it takes over one connection before it closes it.
        asks_password: whether it takes mail only from those who sign in.
        full: addresses whose mailboxes have no room.
    """

    port: int
    on_sender: str = ""
    on_recipient: str = ""
    on_data: str = ""
    silent: float = 0
    closes_after: int = 0
    asks_password: bool = False
    full: set[str] = field(default_factory=set)
    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    connections: int = 0
    _taken: int = 0

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        self._taken = 0
        return responses

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.closes_after and self._taken >= self.closes_after:
            assert server.transport is not None
            server.transport.close()
            return "421 closing"
        if self.asks_password and not session.authenticated:
            return "530 sign in first"
        if self.on_sender:
            return self.on_sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.on_recipient:
            return self.on_recipient
        if address in self.full:
            return "452 4.2.2 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.silent)
        if self.on_data:
            return self.on_data
        assert isinstance(envelope.content, bytes)
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        self.mails.append(parsed)
        self.raw.append(envelope.content)
        self.recipients += envelope.rcpt_tos
        self._taken += 1
        return "250 taken"


def _allows(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: LoginPassword) -> AuthResult:
    return AuthResult(success=(given.login, given.password) == (USER.encode(), PASSWORD.encode()), handled=False)


@contextmanager
def mail_server(*, asks_password: bool = False) -> Iterator[MailServer]:
    """Run a mail server for the block.

    Args:
        asks_password: whether it takes mail only from those who sign in as `USER` with `PASSWORD`.
    """
    told = MailServer(free_port(), asks_password=asks_password)
    controller = Controller(told, hostname="127.0.0.1", port=told.port, authenticator=_allows, auth_require_tls=False)
    controller.start()
    try:
        yield told
    finally:
        controller.stop()
