"""A deadline in words: each day, whether it counts, and why, in the present language."""

import json

from babel.dates import format_date as babel_date

from core import i18n
from core.i18n import gettext as _
from core.i18n import ngettext
from models.worktime import CountedDay, Deadline


def reason(day: CountedDay) -> str:
    """Return why a day counts or does not, with its holiday's name and whether that may still change."""
    text = _(day.reason)
    if day.name:
        text = _("{reason}: {name}").format(reason=text, name=_(day.name))
    if day.provisional:
        text = _("{reason} ({year}: no holiday notice yet)").format(reason=text, year=day.day.year)
    return text


def weekday(day: CountedDay) -> str:
    """Return the short name of a day's weekday."""
    return str(babel_date(day.day, "EEE", locale=i18n.locale()))


def summary(deadline: Deadline) -> str:
    """Return in a sentence when the time runs out."""
    at = i18n.format_moment(deadline.at)
    if deadline.provisional:
        return _("Due {moment}, provisional: the holidays of a year in between are not published yet.").format(
            moment=at
        )
    return _("Due {moment}").format(moment=at)


def counts(deadline: Deadline) -> list[str]:
    """Return for each day what it counts for: its number, its minutes, or nothing."""
    number, texts = 0, []
    for day in deadline.days:
        number += day.counted
        if not day.counted:
            texts.append("")
        elif day.minutes:
            texts.append(ngettext("{count} minute", "{count} minutes", day.minutes).format(count=day.minutes))
        else:
            texts.append(_("Day {number}").format(number=number))
    return texts


def as_text(deadline: Deadline) -> str:
    """Return the deadline and one line for each day."""
    told = zip(deadline.days, counts(deadline), strict=True)
    return "\n".join([summary(deadline), *(_line(day, count) for day, count in told)])


def as_json(deadline: Deadline) -> str:
    """Return the deadline and its days as JSON, for other programs."""
    days = [{"date": day.day.isoformat(), "counted": day.counted, "reason": reason(day)} for day in deadline.days]
    told = {"deadline": deadline.at.isoformat(), "provisional": deadline.provisional, "days": days}
    return json.dumps(told, ensure_ascii=False)


def _line(day: CountedDay, count: str) -> str:
    mark = "✓" if day.counted else "·"
    return f"{mark} {day.day.isoformat()} {weekday(day)}  {reason(day)}  {count}".rstrip()
