"""The calendar deadlines are counted by, and deadlines in words."""

from services.working_time.loading import calendar, published

__all__ = ["calendar", "published"]
