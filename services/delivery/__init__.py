"""Delivery: from planned reminders to told people, so that none is lost and none told twice."""

from services.delivery.deciding import cancel, drop, drop_deliveries, retry, retry_deliveries
from services.delivery.figures import Backlog, backlog, oldest_due_seconds

__all__ = [
    "Backlog",
    "backlog",
    "cancel",
    "drop",
    "drop_deliveries",
    "oldest_due_seconds",
    "retry",
    "retry_deliveries",
]
