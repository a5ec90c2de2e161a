"""The outbox: work that a transaction owes, done by workers after it committed."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, Index

from core import clock
from models.base import Row, json_column, moment_column


class OutboxMessage(Row, table=True):
    """One piece of owed work; written in the transaction that causes it, so neither exists without the other."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        Index("ix_outbox_message_due", "due_at", postgresql_where="done_at IS NULL AND failed_at IS NULL"),
    )
    audited = False

    topic: str = Field(max_length=60)
    payload: dict[str, Any] = json_column()
    due_at: datetime = moment_column(default_factory=clock.now)
    claimed_until: datetime | None = moment_column(default=None)
    attempts: int = Field(default=0)
    done_at: datetime | None = moment_column(default=None)
    failed_at: datetime | None = moment_column(default=None)
    error: str = Field(default="", max_length=1000)
