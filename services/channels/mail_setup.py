"""Setting up the zone's mail server: an administrator's form, whose password is never shown again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.errors import InvalidError
from core.i18n import N_, gettext
from models.channel import Channel, ChannelKind
from services import meanwhile
from services.actor import Actor
from services.channels import mail_server, secrets
from services.channels.addresses import REQUIRED
from services.channels.composing import NOT_AN_ADDRESS, Sender, is_address
from services.channels.mailing import Security, Server
from services.permissions import Action
from services.use_case import use_case

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:]{2,39}")
_NO_HOST = N_("Please give the server’s name, such as smtp.example.com, without http:// or a port.")
_NO_PORT = N_("A port is a number from 1 to 65535.")
_AGAIN = N_("Please enter the password again: it was kept for another server or account.")
_LABELS = {
    "server": N_("Server"), "sender": N_("Sender’s address"), "sender_name": N_("Sender’s name"),
    "active": N_("Send mail"),
}  # fmt: skip
_MAX_NAME = 60
_MAX_USER = 200


@dataclass(frozen=True)
class MailForm:
    """The mail server as entered.

    Args:
        host: its name.
        port: its port.
        security: how the connection is kept private.
        user: the account to sign in with, empty for none.
        password: its password; empty keeps the present one.
        sender: the address mail comes from.
        sender_name: what people see beside it.
        active: whether mail goes out; otherwise it is only kept for the viewer of sent mail.
    """

    host: str
    port: int
    security: Security
    user: str
    password: str
    sender: str
    sender_name: str
    active: bool = True


@dataclass(frozen=True)
class MailView:
    """The mail server as it may be shown.

    Args:
        form: what was entered, without the password; `None` if it cannot be read any more.
        hint: its name and port.
        has_password: whether one is kept.
        active: whether mail goes out.
        problem: what was wrong with it last, empty if nothing.
        failed_at: since when.
        tested_at: when somebody last tried it.
    """

    form: MailForm | None
    hint: str
    has_password: bool
    active: bool
    problem: str
    failed_at: datetime | None
    tested_at: datetime | None


def show(actor: Actor) -> MailView | None:
    """Return the mail server, or `None` if none is set."""
    with use_case(actor, Action.CONFIGURE) as session:
        row = mail_server.row(session)
        return None if row is None else _view(row)


def is_set(actor: Actor) -> bool:
    """Return whether mail leaves the product: a server is set and switched on."""
    with use_case(actor, Action.DELIVERY_VIEW) as session:
        row = mail_server.row(session)
        return row is not None and row.active


def parts(form: MailForm) -> dict[str, Any]:
    """Return a form by what changes as one: the server with its account, the sender, the switch."""
    return {
        "server": (form.host, form.port, form.security, form.user, form.password),
        "sender": form.sender, "sender_name": form.sender_name, "active": form.active,
    }  # fmt: skip


def whole(given: Mapping[str, Any]) -> MailForm:
    """Return the form that `parts` took apart."""
    host, port, security, user, password = given["server"]
    return MailForm(host, port, security, user, password, given["sender"], given["sender_name"], given["active"])


def save(actor: Actor, form: MailForm, *, seen: MailForm | None = None) -> None:
    """Set the mail server.

    Args:
        actor: who asks.
        form: as entered.
        seen: what the person began with, see `meanwhile`; `None` sets everything whatever happened.

    Raises:
        InvalidError: a value is not acceptable.
        OvertakenError: somebody else has changed the same since `seen`.
    """
    with use_case(actor, Action.CONFIGURE) as session:
        meanwhile.one_at_a_time(session, "mail server")
        row = mail_server.row(session, lock=True) or Channel(name="", kind=ChannelKind.MAIL)
        before = _readable(row)
        if seen is not None and before is not None:
            form = _merged(form, seen, _form(row, before))
        server = _checked(form, before)
        row.name, row.hint, row.active = server.host, f"{server.host}:{server.port}", form.active
        if server != before:
            row.secret = mail_server.written(server)
            row.problem, row.failed_at, row.tested_at = "", None, None
        session.add(row)


def _view(row: Channel) -> MailView:
    server = _readable(row)
    return MailView(
        form=None if server is None else _form(row, server), hint=row.hint,
        has_password=server is not None and bool(server.password), active=row.active,
        problem=row.problem, failed_at=row.failed_at, tested_at=row.tested_at,
    )  # fmt: skip


def _form(row: Channel, server: Server) -> MailForm:
    return MailForm(
        host=server.host, port=server.port, security=server.security, user=server.user, password="",
        sender=server.sender.address, sender_name=server.sender.name, active=row.active,
    )  # fmt: skip


def _merged(form: MailForm, seen: MailForm, now: MailForm) -> MailForm:
    """Return what to set; where mail goes and by which account is one thing: a password is for one server only."""
    return whole(meanwhile.merged(parts(seen), parts(form), parts(now), _LABELS))


def _readable(row: Channel) -> Server | None:
    try:
        return mail_server.read(row)
    except secrets.UnreadableError:
        return None


def _checked(form: MailForm, before: Server | None) -> Server:
    host, user, sender = form.host.strip(), form.user.strip()[:_MAX_USER], form.sender.strip()
    problems = {
        **({} if _HOST.fullmatch(host) else {"host": gettext(_NO_HOST)}),
        **({} if 0 < form.port < 65536 else {"port": gettext(_NO_PORT)}),
        **({} if is_address(sender) else {"sender": gettext(NOT_AN_ADDRESS)}),
    }
    same = before is not None and (before.host, before.user) == (host, user)
    if user and not form.password and not same:
        problems["password"] = gettext(_AGAIN if before is not None and before.password else REQUIRED)
    if problems:
        raise InvalidError(problems)
    kept = before.password if before is not None and same else ""
    name = " ".join(form.sender_name.split())[:_MAX_NAME]
    return Server(host, form.port, form.security, Sender(sender, name), user, (form.password or kept) if user else "")
