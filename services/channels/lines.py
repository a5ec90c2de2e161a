"""What a way out of the product is to those who send by it."""

from dataclasses import dataclass
from typing import Protocol

from models.channel import ChannelKind


class TransientError(Exception):
    """It did not go out, and may later: no connection, a time limit, an answer such as 450 or 503."""


class PutOffError(TransientError):
    """It did not go out for a reason of this one recipient's: its mailbox is full, say. The line is well."""


class RejectedError(Exception):
    """It did not go out and never will as it is: no such mailbox, a wrong key, an answer such as 550 or 404."""


@dataclass(frozen=True)
class Route:
    """One way to reach somebody.

    Args:
        kind: by what.
        address: the mail address; for all others `channel:<id>`.
        channel_id: the row that holds the robot's or webhook's secret; mail has none.
    """

    kind: ChannelKind
    address: str
    channel_id: int | None = None


@dataclass(frozen=True)
class Outgoing:
    """A message as it leaves the product.

    Args:
        key: names this delivery for ever, however often it is tried; mail carries it in its Message-ID.
        title: one line.
        text: plain text.
        link: full address of the page that shows the message and lets one acknowledge it.
        locale: its language.
        urgent: whether it is marked as urgent.
    """

    key: str
    title: str
    text: str
    link: str
    locale: str
    urgent: bool = False


class Line(Protocol):
    """An open way out: one connection, used for many messages one after another."""

    kept_only: bool
    """Whether messages are only kept for the viewer, because no mail server is set."""

    def send(self, address: str, message: Outgoing) -> None:
        """Send one message and return when the other side has taken it.

        Raises:
            TransientError: it may go out later; `PutOffError` if that says nothing of the line.
            RejectedError: it never will.
        """
