"""Mail: one connection to the zone's server, used for many messages, and made anew when the server has closed it.

Only what the server says of one recipient or one message is final. Whatever it says of the connection, the password
or the sender can be put right by an administrator, so nothing is given up for it.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from typing import NoReturn

from core.i18n import N_
from models.base import LabelledEnum
from services.channels import exchanges
from services.channels.composing import Sender, composed, host_name
from services.channels.exchanges import dialled, within
from services.channels.lines import Outgoing, PutOffError, RejectedError, TransientError

CONNECT_SECONDS = 10
ANSWER_SECONDS = 30
EXCHANGE_SECONDS = 120
"""How long it takes at most to connect and sign in, or to hand over a mail, however often the server answers."""
NOT_IN_TIME = N_("The server did not answer in time.")
_CLOSING = 421
_ENHANCED = re.compile(r"4\.(\d)\.\d{1,3}\b", re.ASCII)
_OF_MAILBOX, _MAILBOX_BUSY = ("1", "2"), ("450", "452")
_LONGEST = 300


class Security(LabelledEnum):
    """How the connection to the mail server is kept private."""

    NONE = "none", N_("None")
    STARTTLS = "starttls", N_("STARTTLS")
    TLS = "tls", N_("TLS from the start")


@dataclass(frozen=True)
class Server:
    """The zone's mail server and from whom its mail comes.

    Args:
        host: its name or address.
        port: usually 465 with TLS, 587 with STARTTLS, 25 without either.
        security: how the connection is kept private.
        user: the account to sign in with; empty for a server that asks for none.
        password: the account's password.
        sender: from whom mail comes.
    """

    host: str
    port: int
    security: Security
    sender: Sender
    user: str = ""
    password: str = ""


class _Smtp(smtplib.SMTP):
    """A connection that the present exchange ends when its time is over."""

    def getreply(self) -> tuple[int, bytes]:
        """Say over which connection an answer is waited for."""
        if self.sock is not None:
            exchanges.watch(self.sock)
        return super().getreply()

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return dialled(host, port, timeout)


class _SecureSmtp(smtplib.SMTP_SSL, _Smtp):
    """The same with TLS from the start."""


class MailLine:
    """The open way to the mail server.

    Once it could not be reached or did not answer in time it is not asked again by this line: one slow server must
    not hold up a worker message by message.

    Args:
        server: which one.
    """

    kept_only = False

    def __init__(self, server: Server) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None
        self.problem: str | None = None
        """What was wrong with the server, its password or the sender; empty if all was well, `None` if unknown."""
        self._given_up = False

    def connect(self) -> None:
        """Connect and sign in.

        Raises:
            TransientError: that did not work.
        """
        with self._explained():
            self._smtp = _connected(self._server)

    def send(self, address: str, message: Outgoing) -> None:
        """Hand one mail to the server.

        Raises:
            TransientError: it may go out later; `PutOffError` if the server puts off this recipient alone.
            RejectedError: the server refuses this mail or this recipient.
        """
        data = composed(self._server.sender, address, message)
        if self._given_up:
            raise TransientError(self.problem or NOT_IN_TIME)
        with self._explained():
            smtp = self._begun()
        self.problem = ""
        with self._explained():
            answer = smtp.rcpt(address)
            _final(smtp, answer, PutOffError if _is_of_mailbox(answer) else TransientError)
            _final(smtp, _handed_over(smtp, data), TransientError)

    def close(self) -> None:
        """Take leave of the server."""
        if self._smtp is not None:
            with suppress(OSError, smtplib.SMTPException), within(ANSWER_SECONDS):
                self._smtp.quit()
            self._smtp.close()

    def _begun(self) -> smtplib.SMTP:
        """Name the sender to the server, over a new connection if it has closed the last one meanwhile."""
        if self._smtp is not None and self._smtp.sock is not None:
            try:
                return self._named(self._smtp)
            except smtplib.SMTPServerDisconnected as problem:
                if isinstance(problem.__context__, TimeoutError):
                    raise
        self._smtp = _connected(self._server)
        return self._named(self._smtp)

    def _named(self, smtp: smtplib.SMTP) -> smtplib.SMTP:
        answer = smtp.mail(self._server.sender.address)
        if answer[0] == _CLOSING:
            smtp.close()
            raise smtplib.SMTPServerDisconnected(_told(answer))
        if not _agreed(answer):
            _forget(smtp)
            raise smtplib.SMTPSenderRefused(*answer, self._server.sender.address)
        return smtp

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Say in the product's own errors what went wrong with the connection."""
        try:
            with within(EXCHANGE_SECONDS):
                yield
        except smtplib.SMTPResponseException as problem:  # of the server, the password or the sender
            self._given_up = not isinstance(problem, smtplib.SMTPSenderRefused)
            self._blame(_told((problem.smtp_code, problem.smtp_error)))
        except (OSError, smtplib.SMTPException) as problem:
            late = isinstance(problem, TimeoutError) or isinstance(problem.__context__, TimeoutError)
            self._given_up = late or not isinstance(problem, smtplib.SMTPServerDisconnected)
            self._blame(NOT_IN_TIME if late else _reason(problem))

    def _blame(self, reason: str) -> NoReturn:
        self.problem = reason
        raise TransientError(reason) from None


def _connected(server: Server) -> smtplib.SMTP:
    """Return a connection that is signed in: within the time limit to connect, and then with that to answer."""
    context, name = _trust(), host_name()
    if server.security is Security.TLS:
        smtp: smtplib.SMTP = _SecureSmtp(server.host, server.port, name, timeout=CONNECT_SECONDS, context=context)
    else:
        smtp = _Smtp(server.host, server.port, name, timeout=CONNECT_SECONDS)
    try:
        assert smtp.sock is not None  # noqa: S101 - it has just connected
        smtp.sock.settimeout(ANSWER_SECONDS)
        if server.security is Security.STARTTLS:
            smtp.starttls(context=context)
        if server.user:
            smtp.login(server.user, server.password)
        smtp.ehlo_or_helo_if_needed()
    except BaseException:
        smtp.close()
        raise
    return smtp


@cache
def _trust() -> ssl.SSLContext:
    """Return the certificates that are trusted, read once: it takes longer than sending dozens of mails."""
    return ssl.create_default_context()


def _handed_over(smtp: smtplib.SMTP, data: bytes) -> tuple[int, bytes | str]:
    """Return what the server says of the mail, whether it says so before or after it has read it."""
    try:
        return smtp.data(data)
    except smtplib.SMTPDataError as problem:
        return problem.smtp_code, problem.smtp_error


def _final(smtp: smtplib.SMTP, answer: tuple[int, bytes | str], later: type[TransientError]) -> None:
    """Go on if the server agrees; what it refuses for good, nobody tries again.

    Args:
        smtp: the connection.
        answer: what the server says.
        later: the error for what it cannot take now.
    """
    if _agreed(answer):
        return
    if answer[0] == _CLOSING:
        smtp.close()
    else:
        _forget(smtp)
    raise (RejectedError if answer[0] >= 500 else later)(_told(answer))


def _is_of_mailbox(answer: tuple[int, bytes | str]) -> bool:
    """Return whether a recipient that is not taken now is alone in that: the mailbox is full, busy or greylisted.

    The codes of RFC 3463 tell that from a server that is overloaded or sets a limit; without one, those of RFC 5321 do.
    """
    code, _space, told = _told(answer).partition(" ")
    found = _ENHANCED.match(told)
    return found[1] in _OF_MAILBOX if found else code in _MAILBOX_BUSY


def _agreed(answer: tuple[int, bytes | str]) -> bool:
    return 200 <= answer[0] < 300


def _forget(smtp: smtplib.SMTP) -> None:
    """Make the server forget the mail begun, so that the next one can be sent over the same connection."""
    with suppress(OSError, smtplib.SMTPException):
        smtp.rset()


def _told(answer: tuple[int, bytes | str]) -> str:
    """Return what the server said, on one line."""
    code, text = answer
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join(f"{code} {said}".split())[:_LONGEST]


def _reason(problem: Exception) -> str:
    return (str(problem) or type(problem).__name__)[:_LONGEST]
