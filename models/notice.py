"""Reading a holiday notice of the State Council: which days are off, which weekend days are worked. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_ASIDE = re.compile(r"[（(][^（）()]*[）)]")
_YEAR = re.compile(r"(\d{4})年\s*部分节假日")
_ITEM = re.compile(r"^\s*(?:[一二三四五六七八九十]+、|\d+[.、])?\s*(?P<name>[^：:。]{1,20})[：:](?P<text>.*)$")
_DATE = re.compile(r"(?P<to>[至到—–-]\s*)?(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})日")
_LONGEST = 31


@dataclass(frozen=True)
class NoticeDay:
    """A day a notice speaks of: off, or worked in exchange."""

    day: date
    off: bool
    name: str


@dataclass(frozen=True)
class Notice:
    """What a notice says; `year` is 0 where it does not name it."""

    year: int
    days: tuple[NoticeDay, ...]


def read(text: str, year: int) -> Notice:
    """Return what a notice says.

    Args:
        text: the notice as published, one holiday a line: 春节：2月15日（…）至23日（…）放假调休，共9天。2月14日上班。
        year: the year its dates belong to, unless the text names another.
    """
    named = _YEAR.search(text)
    year = int(named[1]) if named else year
    found: dict[date, NoticeDay] = {}
    for line in text.splitlines():
        item = _ITEM.match(_ASIDE.sub("", line))
        if item is None:
            continue
        for sentence in item["text"].split("。"):
            off = "放假" in sentence
            if off or "上班" in sentence:
                found |= {day: NoticeDay(day, off, item["name"].strip()) for day in _days(sentence, year)}
    return Notice(year, tuple(found[day] for day in sorted(found)))


def _days(sentence: str, year: int) -> Iterator[date]:
    """Yield the dates of a sentence, those between two that 至 joins too."""
    before: date | None = None
    for part in _DATE.finditer(sentence):
        month = int(part["month"]) if part["month"] else (before.month if before else 0)
        try:
            day = date(int(part["year"]) if part["year"] else year, month, int(part["day"]))
        except ValueError:  # a misprint, or a number that is no date
            continue
        if part["to"] and before and 0 < (day - before).days < _LONGEST:
            yield from (before + timedelta(days=n) for n in range(1, (day - before).days))
        yield day
        before = day
