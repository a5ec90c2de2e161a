"""A deadline on a page: a bar of how much of the time is used, and every day of it explained."""

from datetime import datetime
from html import escape

import streamlit as st

from core import clock
from core.i18n import gettext as _
from core.i18n import ngettext
from models.worktime import CountedDay, Deadline
from services.issues.remaining import Remaining
from services.working_time import explaining

COLOURS = {
    Remaining.OVERDUE: "var(--q-red)",
    Remaining.TODAY: "var(--q-orange)",
    Remaining.SOON: "var(--q-orange)",
    Remaining.IN_TIME: "var(--q-green)",
    Remaining.PAUSED: "var(--q-soft)",
    Remaining.NONE: "var(--q-soft)",
}
"""What colour words are written in; dark enough on white to be read."""
_FILLS = COLOURS | {Remaining.TODAY: "#f79009", Remaining.SOON: "#fac515", Remaining.IN_TIME: "#17b26a"}
_STYLE = """
<style>
.deadline-bar { height: 10px; border-radius: 5px; background: var(--q-track); overflow: hidden;
  margin: .35rem 0 .3rem; }
.deadline-bar > div { height: 100%; border-radius: 5px; }
.deadline-words { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .1rem .8rem; font-size: .9rem; }
.deadline-days { border-collapse: collapse; width: 100%; font-size: .88rem; }
.deadline-days td, .deadline-days th { padding: .18rem .5rem .18rem 0; text-align: left; vertical-align: top;
  border: 0; }
.deadline-days th { font-weight: 600; border-bottom: 1px solid var(--q-line); }
.deadline-days td { font-variant-numeric: tabular-nums; }
.deadline-days td:first-child { white-space: nowrap; }
.deadline-days td:last-child, .deadline-days th:last-child { text-align: right; white-space: nowrap; padding-right: 0; }
.deadline-days .skipped { color: var(--q-soft); }
.deadline-scroll { max-height: 22rem; overflow-y: auto; }
</style>
"""


def bar(deadline: Deadline, state: Remaining) -> None:
    """Show how much of the time is used: a bar coloured by the time left, and the same in words below it.

    Args:
        deadline: when the time runs out, with its days.
        state: how much is left, as `services.issues.remaining` tells it.
    """
    share = 100 if state is Remaining.OVERDUE else round(100 * _used(deadline))
    words = escape(words_of(deadline, state), quote=True)
    st.html(_STYLE)
    st.html(
        f"<div class='deadline-bar' role='progressbar' aria-valuemin='0' aria-valuemax='100' aria-valuenow='{share}'"
        f" aria-label='{words}'><div style='width:{max(share, 2)}%;background:{_FILLS[state]}'></div></div>"
        f"<div class='deadline-words'><b style='color:{COLOURS[state]}'>{words}</b>"
        f"<span>{escape(explaining.summary(deadline))}</span></div>"
    )


def words_of(deadline: Deadline, state: Remaining) -> str:
    """Return how much time is left, in words."""
    if state is Remaining.OVERDUE:
        return over(deadline.at)
    left = _days_left(deadline)
    if state not in {Remaining.IN_TIME, Remaining.SOON} or not left:
        return _(state.label)
    return ngettext("{count} working day left", "{count} working days left", left).format(count=left)


def over(due: datetime) -> str:
    """Return in words how long ago a deadline passed, in days of the calendar."""
    due = due.astimezone(clock.zone())
    days = (clock.today() - due.date()).days
    if days:
        return ngettext("Overdue by {count} day", "Overdue by {count} days", days).format(count=days)
    hours = int((clock.now() - due).total_seconds() // 3600)
    if hours:
        return ngettext("Overdue by {count} hour", "Overdue by {count} hours", hours).format(count=hours)
    return _("Just overdue")


def explain(deadline: Deadline) -> None:
    """Show every day from the start to the deadline, whether it counts and why: for a popover."""
    counts = explaining.counts(deadline)
    rows = "".join(_row(day, count) for day, count in zip(deadline.days, counts, strict=True))
    heads = "".join(
        f"<th scope='col'>{escape(each)}</th>" for each in (_("Day"), _("Reason it counts or not"), _("Counts as"))
    )
    st.html(_STYLE)
    st.html(
        f"<b>{escape(explaining.summary(deadline))}</b><div class='deadline-scroll' tabindex='0'>"
        f"<table class='deadline-days'><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(day: CountedDay, count: str) -> str:
    cells = (f"{day.day:%Y-%m-%d} {explaining.weekday(day)}", explaining.reason(day), f"✓ {count}" if count else "—")
    kind = "" if day.counted else " class='skipped'"
    return f"<tr{kind}>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def _used(deadline: Deadline) -> float:
    """Return which share of what counts has passed; days are whole, minutes are those on the clock."""
    now, counted = clock.now(), [day for day in deadline.days if day.counted]
    if not counted or any(day.minutes for day in counted):
        start = deadline.days[0].day
        whole = (deadline.at.date() - start).days + 1
        return min(max((now.date() - start).days / whole, 0.0), 1.0)
    return sum(day.day < now.date() for day in counted) / len(counted)


def _days_left(deadline: Deadline) -> int:
    return sum(day.counted and day.day > clock.today() for day in deadline.days)
