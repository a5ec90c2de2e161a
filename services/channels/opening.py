"""Opening a way out of the product, and remembering how it did."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import update
from sqlmodel import Session, col

from core import clock
from core.db import transaction
from core.i18n import N_
from models.channel import Channel, ChannelKind
from services.actor import SYSTEM
from services.channels import mail_server, secrets
from services.channels.lines import Line, Outgoing, RejectedError, TransientError
from services.channels.mailing import MailLine

if TYPE_CHECKING:
    from services.channels.robots import RobotLine

_GONE = N_("This channel has been removed or switched off.")
_LONGEST = 300


class KeptLine:
    """No mail server is set: what is sent is kept for the viewer of sent mail, where its rows are already."""

    kept_only = True

    def send(self, address: str, message: Outgoing) -> None:
        """Do nothing: the message's row is what is kept."""


@contextmanager
def opened(kind: ChannelKind, channel_id: int | None) -> Iterator[Line]:
    """Open the zone's mail server, or the robot or webhook of a row, for as many messages as there are.

    Never called inside a transaction, for it waits for others. What was wrong with it is kept in the channel's row.

    Raises:
        TransientError: it cannot be opened now, and may be later.
        RejectedError: the channel is gone or switched off.
    """
    with transaction(actor=SYSTEM) as session:
        channel = mail_server.row(session) if kind is ChannelKind.MAIL else _robot(session, channel_id)
    if kind is ChannelKind.MAIL and (channel is None or not channel.active):
        yield KeptLine()
        return
    if channel is None or not channel.active or channel.kind is not kind:
        raise RejectedError(_GONE)
    with line_of(channel) as line:
        yield line


@contextmanager
def line_of(channel: Channel) -> Iterator[Line]:
    """Open the line of a row, whether it is active or not: for tests of it too."""
    try:
        line = _made(channel)
    except secrets.UnreadableError as problem:
        remember(channel, str(problem))
        raise TransientError(str(problem)) from None
    try:
        if isinstance(line, MailLine):
            line.connect()
        yield line
    finally:
        line.close()
        remember(channel, line.problem)


def remember(channel: Channel, problem: str | None, *, tested_at: datetime | None = None) -> None:
    """Keep in the channel's row what was wrong with it, or that nothing is any more; `None` for unknown."""
    changed: dict[str, Any] = {} if tested_at is None else {"tested_at": tested_at}
    if problem is not None and problem[:_LONGEST] != channel.problem:
        changed |= {"problem": problem[:_LONGEST], "failed_at": clock.now() if problem else None}
    if not changed:
        return
    statement = update(Channel).where(col(Channel.id) == channel.pk)
    untouched = statement.values(**changed, updated_at=Channel.updated_at)  # nobody has edited it
    with transaction(actor=SYSTEM) as session:
        session.execute(untouched, execution_options={"unaudited": True})


def _robot(session: Session, channel_id: int | None) -> Channel | None:
    return None if channel_id is None else session.get(Channel, channel_id)


def _made(channel: Channel) -> "MailLine | RobotLine":
    if channel.kind is ChannelKind.MAIL:
        return MailLine(mail_server.read(channel))
    from services.channels.robots import RobotLine  # Apprise takes a while to load: only where it is used

    return RobotLine(channel.kind, secrets.unseal(channel.secret))
