"""Needs and promises: lines that are added and removed while a visit is recorded."""

from datetime import date, timedelta

import streamlit as st

from core import clock
from core.i18n import gettext as _
from models.fields import FieldSpec, Option
from pages.common.fields import required
from pages.common.options import apart
from pages.issues.parts.said import said_fields
from pages.visits.parts.problems import problem
from pages.visits.parts.state import Entry, next_uid
from services.visits.content import IssueEntry, PromiseEntry


def issues(
    entry: Entry, present: list[IssueEntry], categories: tuple[Option, ...], extra: list[FieldSpec]
) -> list[IssueEntry]:
    """Show the needs entered so far and a button for one more; return them as they are now."""
    given = []
    for line in present:
        with st.container(border=True):
            changed, keep = _issue(entry, line, categories, extra)
        if keep:
            given.append(changed)
    if st.button(_("Add a need"), key=entry.key("add_issue"), icon=":material/add:", width="stretch"):
        given.append(IssueEntry(uid=next_uid(present)))
    return given


def promises(entry: Entry, present: list[PromiseEntry]) -> list[PromiseEntry]:
    """Show the promises entered so far and a button for one more; return them as they are now."""
    given = []
    for line in present:
        with st.container(border=True):
            changed, keep = _promise(entry, line)
        if keep:
            given.append(changed)
    if st.button(_("Add a promise"), key=entry.key("add_promise"), icon=":material/add:", width="stretch"):
        given.append(PromiseEntry(uid=next_uid(present)))
    return given


def _issue(
    entry: Entry, line: IssueEntry, categories: tuple[Option, ...], extra: list[FieldSpec]
) -> tuple[IssueEntry, bool]:
    name = f"issue_{line.uid}"
    start = next((each for each in entry.start.issues if each.uid == line.uid), IssueEntry(uid=line.uid))
    given = said_fields(
        lambda part: entry.key(f"{name}_{part}"),
        start,
        line,
        categories=categories,
        extra=extra,
        problem=lambda part: problem(entry, f"issues.{line.uid}.{part}"),
    )
    removed = _remove(entry, name)
    return IssueEntry(uid=line.uid, **given), not removed


def _promise(entry: Entry, line: PromiseEntry) -> tuple[PromiseEntry, bool]:
    name = f"promise_{line.uid}"
    start = next((each for each in entry.start.promises if each.uid == line.uid), PromiseEntry(uid=line.uid))
    text = st.text_input(
        required(_("What was promised")),
        start.text,
        key=entry.key(f"{name}_text"),
        placeholder=_("I will ask and come back"),
    )
    problem(entry, f"promises.{line.uid}.text")
    days = {day.isoformat(): label for day, label in quick_days(clock.today())}
    chosen = start.due_on.isoformat() if start.due_on else None
    options = [*days, "other"]
    labels = days | {"other": _("Another day")}
    default = chosen if chosen in days else "other" if chosen else None
    picked = st.pills(
        required(_("By when")), options, default=default, format_func=apart(labels), key=entry.key(f"{name}_quick")
    )
    due_on = date.fromisoformat(picked) if picked and picked != "other" else None
    if picked == "other":
        # A draft may name a day that has passed meanwhile: it stands there until the hand-in says so.
        earliest = min(clock.today(), start.due_on or clock.today())
        given = st.date_input(
            required(_("Day")), start.due_on, min_value=earliest, key=entry.key(f"{name}_due"), format="YYYY-MM-DD"
        )
        due_on = given if isinstance(given, date) else None
    problem(entry, f"promises.{line.uid}.due_on")
    removed = _remove(entry, name)
    return PromiseEntry(uid=line.uid, text=text or "", due_on=due_on), not removed


def quick_days(today: date) -> list[tuple[date, str]]:
    """Return the days most promises name, each once, with the words for them."""
    monday = today + timedelta(days=7 - today.weekday())
    named = [
        (today + timedelta(days=1), _("Tomorrow")),
        (today + timedelta(days=3), _("In 3 days")),
        (monday, _("Next Monday")),
    ]
    days = [day for day, _label in named]
    return [each for place, each in enumerate(named) if each[0] not in days[:place]]


def _remove(entry: Entry, name: str) -> bool:
    return st.button(_("Remove"), key=entry.key(f"{name}_remove"), icon=":material/delete:", type="tertiary")
