"""The filter a campaign's target enterprises are found by."""

from datetime import date
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field


class TargetRule(BaseModel):
    """Which enterprises a campaign means to visit, in a form that can be stored and applied again later.

    Args:
        search: any part of name, credit code or address.
        filters: field key → one value or a list of values (any of them); an area means all below it too.
        ranges: field key → (from, to) of dates or numbers, either of which may be `None`.
        not_visited_since: leaves out whoever was visited on that day or later, in any campaign.
    """

    model_config = ConfigDict(frozen=True)

    search: str = Field("", max_length=200)
    filters: dict[str, Any] = {}
    ranges: dict[str, tuple[date | float | None, date | float | None]] = {}
    not_visited_since: date | None = None

    @classmethod
    def of(cls, search: str, filters: dict[str, Any], not_visited_since: date | None = None) -> Self:
        """Make a rule from what a list's search box and filters hold."""
        given = {key: value for key, value in filters.items() if value not in (None, "", [], (), (None, None))}
        return cls(
            search=search.strip(),
            filters={key: value for key, value in given.items() if not isinstance(value, tuple)},
            ranges={key: value for key, value in given.items() if isinstance(value, tuple)},
            not_visited_since=not_visited_since,
        )

    @property
    def is_empty(self) -> bool:
        """Whether it leaves out nobody."""
        return self == TargetRule()

    def query_filters(self) -> dict[str, Any]:
        """Return the filters as a list takes them."""
        return {**self.filters, **self.ranges}
