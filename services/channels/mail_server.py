"""The zone's mail server: the one row of kind mail that belongs to nobody."""

from sqlmodel import Session, col, select

from models.channel import Channel, ChannelKind
from services.channels import secrets
from services.channels.composing import Sender
from services.channels.mailing import Security, Server


def row(session: Session, *, lock: bool = False) -> Channel | None:
    """Return the row of the mail server, if one was ever set; part of the caller's transaction."""
    statement = select(Channel).where(
        Channel.kind == ChannelKind.MAIL, col(Channel.team_id).is_(None), col(Channel.account_id).is_(None)
    )
    found = statement.order_by(col(Channel.id)).limit(1)
    return session.exec(found.with_for_update() if lock else found).one_or_none()


def read(channel: Channel) -> Server:
    """Return what the row holds.

    Raises:
        UnreadableError: the product's secret has changed since it was entered.
    """
    kept = secrets.unseal(channel.secret)
    return Server(
        host=kept["host"],
        port=int(kept["port"]),
        security=Security.of(kept["security"]),
        sender=Sender(kept["sender"], kept["sender_name"]),
        user=kept["user"],
        password=kept["password"],
    )


def written(server: Server) -> str:
    """Return a server in the form it is kept in."""
    return secrets.seal({
        "host": server.host, "port": str(server.port), "security": server.security.value, "user": server.user,
        "password": server.password, "sender": server.sender.address, "sender_name": server.sender.name,
    })  # fmt: skip
