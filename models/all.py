"""Every table, imported once so that the metadata is whole."""

from models import (
    account,
    area,
    audit,
    calendar,
    campaign,
    configuration,
    enterprise,
    importing,
    issue,
    issue_log,
    limits,
    outbox,
    team,
    visit,
)

__all__ = [
    "account",
    "area",
    "audit",
    "calendar",
    "campaign",
    "configuration",
    "enterprise",
    "importing",
    "issue",
    "issue_log",
    "limits",
    "outbox",
    "team",
    "visit",
]
