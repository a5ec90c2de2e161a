"""Needs and promises: lines that are added and removed while a visit is recorded."""

from datetime import date, timedelta
from typing import Any

import streamlit as st

from core import clock
from core.i18n import gettext as _
from models.fields import FieldSpec, Option
from models.issue import IssueKind
from pages.common.fields import field_input
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
    kinds = {kind.value: _(kind.label) for kind in IssueKind}
    kind = st.pills(
        _("Kind"), list(kinds), default=start.kind, format_func=kinds.__getitem__, key=entry.key(f"{name}_kind")
    )
    problem(entry, f"issues.{line.uid}.kind")
    text = st.text_area(_("What the enterprise said"), start.text, key=entry.key(f"{name}_text"), height=96)
    problem(entry, f"issues.{line.uid}.text")
    category = _category(entry, name, start, categories)
    problem(entry, f"issues.{line.uid}.category")
    resolved = st.checkbox(_("Resolved on site"), start.resolved, key=entry.key(f"{name}_resolved"))
    solution = line.solution
    if resolved:
        solution = st.text_input(_("How it was resolved"), start.solution, key=entry.key(f"{name}_solution"))
        problem(entry, f"issues.{line.uid}.solution")
    more = _extra(entry, name, line.uid, start.extra, extra)
    removed = _remove(entry, name)
    given = IssueEntry(
        uid=line.uid, kind=kind, text=text or "", category=category, resolved=resolved, solution=solution, extra=more
    )
    return given, not removed


def _category(entry: Entry, name: str, start: IssueEntry, categories: tuple[Option, ...]) -> str | None:
    labels = {option.value: _(option.label) for option in categories}
    if not labels:
        return None
    index = list(labels).index(start.category) if start.category in labels else None
    return st.selectbox(
        _("Category"), list(labels), index, labels.__getitem__, entry.key(f"{name}_category"), placeholder=_("Choose")
    )


def _extra(entry: Entry, name: str, uid: str, start: dict[str, Any], specs: list[FieldSpec]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for spec in specs:
        if spec.shown_if and not spec.shown_if.holds(given):
            continue
        given[spec.key] = field_input(spec, start.get(spec.key), key=entry.key(f"{name}_x_{spec.key}"))
        problem(entry, f"issues.{uid}.extra.{spec.key}")
    return given


def _promise(entry: Entry, line: PromiseEntry) -> tuple[PromiseEntry, bool]:
    name = f"promise_{line.uid}"
    start = next((each for each in entry.start.promises if each.uid == line.uid), PromiseEntry(uid=line.uid))
    text = st.text_input(
        _("What was promised"), start.text, key=entry.key(f"{name}_text"), placeholder=_("I will ask and come back")
    )
    problem(entry, f"promises.{line.uid}.text")
    days = {day.isoformat(): label for day, label in quick_days(clock.today())}
    chosen = start.due_on.isoformat() if start.due_on else None
    options = [*days, "other"]
    labels = days | {"other": _("Another day")}
    default = chosen if chosen in days else "other" if chosen else None
    picked = st.pills(
        _("By when"), options, default=default, format_func=labels.__getitem__, key=entry.key(f"{name}_quick")
    )
    due_on = date.fromisoformat(picked) if picked and picked != "other" else None
    if picked == "other":
        given = st.date_input(
            _("Day"), start.due_on, min_value=clock.today(), key=entry.key(f"{name}_due"), format="YYYY-MM-DD"
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
