"""The words the demonstration is made of, read from `data/words.toml`."""

import tomllib
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DepartmentName(_Part):
    """A department's two names."""

    name: str
    short_name: str


class Industry(_Part):
    """An industry: what its enterprises' names are made of, and how many and how large they are."""

    value: str
    label: str
    label_en: str
    trades: str
    share: int
    scales: tuple[int, int, int, int]


class Category(_Part):
    """A branch of the issue categories, what lies below it, and the department that answers for all of it."""

    branch: str
    department: str
    values: list[str]


class Words(_Part):
    """All of them."""

    surnames: str
    given_names: str
    brands_first: str
    brands_second: str
    promises: list[str]
    summaries: list[str]
    departments: list[DepartmentName]
    industries: list[Industry]
    categories: list[Category]


def departments_of_categories() -> dict[str, str]:
    """Return the name of the department that answers for each issue category."""
    return {value: each.department for each in words().categories for value in (each.branch, *each.values)}


@cache
def words() -> Words:
    """Return the words, read once."""
    text = resources.files("services.demo").joinpath("data", "words.toml").read_text(encoding="utf-8")
    return Words.model_validate(tomllib.loads(text))
