"""The audit log."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, Index

from core import clock
from models.base import Table, json_column, moment_column


class AuditEntry(Table, table=True):
    """Who did what when, from where, with before and after.

    Append-only: the application's database role may neither change nor delete rows, and a trigger refuses it to
    every role.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "entity", "entity_id"),)
    audited = False

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = moment_column(default_factory=clock.now, index=True)
    actor_id: int | None = Field(default=None, index=True)
    actor_name: str = Field(default="", max_length=50)
    action: str = Field(max_length=60)
    entity: str = Field(max_length=40)
    entity_id: str = Field(default="", max_length=60)
    before: dict[str, Any] = json_column()
    after: dict[str, Any] = json_column()
    ip: str = Field(default="", max_length=45)
    request_id: str = Field(default="", max_length=20)
