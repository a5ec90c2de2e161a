"""What `qianqi doctor` and administrators should know of the channels."""

from sqlmodel import Session, col, select

from models.channel import Channel
from services.channels import secrets


def unreadable(session: Session) -> list[str]:
    """Return the names of channels whose address must be entered again, because the product's secret has changed."""
    rows = session.exec(select(Channel).where(Channel.secret != "").order_by(col(Channel.id))).all()
    return [row.name for row in rows if not secrets.is_readable(row.secret)]


def in_trouble(session: Session) -> list[str]:
    """Return the names of channels in use that did not take the last message, with what they said."""
    rows = session.exec(
        select(Channel).where(col(Channel.active), Channel.problem != "").order_by(col(Channel.id))
    ).all()  # fmt: skip
    return [f"{row.name}: {row.problem}" for row in rows]
