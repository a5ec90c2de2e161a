"""Channels: by which ways a reminder leaves the product, for the zone, for a team and for a person."""

from datetime import datetime

from sqlmodel import CheckConstraint, Field, Index

from core.i18n import N_
from models.base import LabelledEnum, Row, column, moment_column


class ChannelKind(LabelledEnum):
    """A way out of the product; the inbox within it needs none."""

    MAIL = "mail", N_("E-mail")
    WECOM = "wecom", N_("WeCom robot")
    DINGTALK = "dingtalk", N_("DingTalk robot")
    FEISHU = "feishu", N_("Feishu robot")
    WEBHOOK = "webhook", N_("Webhook")


class Channel(Row, table=True):
    """One way out: the zone's mail server (neither team nor person), a team's robot, a person's own.

    A person's row of kind mail only says whether they want mail; its address is the account's.
    """

    __table_args__ = (
        CheckConstraint("team_id IS NULL OR account_id IS NULL", name="owner"),
        Index("ix_channel_account", "account_id"),
        Index("ix_channel_team", "team_id"),
    )

    name: str = column(N_("Name"), max_length=100, listed=True, searchable=True)
    kind: ChannelKind = column(N_("Kind"), choices=ChannelKind, listed=True, filterable=True)
    team_id: int | None = column(
        N_("Team"), default=None, foreign_key="team.id", reference="team", listed=True, filterable=True
    )
    account_id: int | None = column(N_("Person"), default=None, foreign_key="account.id", reference="account")
    secret: str = Field(default="", max_length=4000)
    """The address with its key or password, as JSON, encrypted; never shown again."""
    hint: str = column(N_("Address"), default="", max_length=200, listed=True, editable=False)
    """What may be shown of it: the server's name, the last characters of a key."""
    active: bool = column(N_("Active"), default=True, listed=True, filterable=True)
    tested_at: datetime | None = moment_column(default=None)
    failed_at: datetime | None = moment_column(default=None)
    problem: str = column(N_("Last problem"), default="", max_length=300, listed=True, editable=False)
