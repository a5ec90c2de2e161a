"""The calendar deadlines are counted by."""

from services.working_time.loading import calendar, published

__all__ = ["calendar", "published"]
