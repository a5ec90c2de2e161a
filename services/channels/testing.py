"""Trying a channel: one message now, and what came of it in a sentence."""

from dataclasses import dataclass
from secrets import token_hex

from sqlmodel import Session

from core import clock
from core.errors import InvalidError, NotFoundError
from core.i18n import N_, gettext, locale
from core.settings import settings
from models.account import Account
from models.channel import Channel
from services.actor import Actor
from services.channels import mail_server, setting_up
from services.channels.composing import NOT_AN_ADDRESS, is_address
from services.channels.lines import Outgoing, RejectedError, TransientError
from services.channels.opening import line_of, remember
from services.permissions import Action
from services.use_case import use_case

_TITLE = N_("Test message")
_TEXT = N_("This is a test, sent by {name}. If you can read it, reminders will arrive here too.")
_SENT = N_("The test message has been sent.")
_SENT_TO = N_("The test message has been sent to {address}.")
_NO_SERVER = N_("No mail server is set: mail is only kept here.")
_FAILED = N_("The test message did not go out: {reason}")


@dataclass(frozen=True)
class Outcome:
    """What came of a test.

    Args:
        sent: whether the other side took the message.
        told: a sentence about it in the present language, with what the other side said.
    """

    sent: bool
    told: str


def robot(actor: Actor, channel_id: int, *, team_id: int | None = None) -> Outcome:
    """Send a test message by a robot or webhook, of a team or the actor's own.

    Raises:
        NotFoundError: there is no such row, or the actor may not change it.
    """
    with use_case(actor, setting_up.action_for(team_id)) as session:
        channel = setting_up.load(session, actor, channel_id, team_id=team_id)
    return _tried(actor, channel, f"channel:{channel.pk}", gettext(_SENT))


def server(actor: Actor, address: str) -> Outcome:
    """Send a test mail by the zone's server, whether it is switched on or not.

    Raises:
        InvalidError: the address is none.
        NotFoundError: no server is set.
    """
    with use_case(actor, Action.CONFIGURE) as session:
        channel = _server(session)
    return _mailed(actor, channel, address.strip())


def own_mail(actor: Actor) -> Outcome:
    """Send a test mail to the actor's own address.

    Raises:
        InvalidError: the actor's account has no address.
        NotFoundError: no mail server is set, or it is switched off.
    """
    with use_case(actor, Action.CHANNEL_OWN) as session:
        channel = _server(session)
        address = session.get_one(Account, actor.pk).email.strip()
    if not channel.active:
        raise NotFoundError(_NO_SERVER)
    return _mailed(actor, channel, address)


def _server(session: Session) -> Channel:
    channel = mail_server.row(session)
    if channel is None:
        raise NotFoundError(_NO_SERVER)
    return channel


def _mailed(actor: Actor, channel: Channel, address: str) -> Outcome:
    if not is_address(address):
        raise InvalidError({"address": gettext(NOT_AN_ADDRESS)})
    return _tried(actor, channel, address, gettext(_SENT_TO).format(address=address))


def _tried(actor: Actor, channel: Channel, address: str, well: str) -> Outcome:
    """Send, outside any transaction, and keep in the channel's row when that was and what was wrong."""
    message = Outgoing(
        key=f"test-{token_hex(8)}", title=gettext(_TITLE), text=gettext(_TEXT).format(name=actor.name),
        link=settings().base_url, locale=locale(),
    )  # fmt: skip
    try:
        with line_of(channel) as line:
            line.send(address, message)
    except (TransientError, RejectedError) as problem:
        remember(channel, None, tested_at=clock.now())
        return Outcome(sent=False, told=gettext(_FAILED).format(reason=gettext(str(problem))))
    remember(channel, None, tested_at=clock.now())
    return Outcome(sent=True, told=well)
