"""The log of an issue in words: what somebody did, and what it changed."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from core.i18n import N_, format_date, format_moment, gettext
from models.issue import IssueKind, Urgency
from models.issue_log import IssueEvent
from models.lifecycle import Verb
from services.exporting import cell_value
from services.issues.acting import Names

_PHRASES: dict[Verb, str] = {
    Verb.REGISTER: N_("registered it"),
    Verb.RESOLVE_ON_SITE: N_("resolved it on site"),
    Verb.ACCEPT: N_("accepted it"),
    Verb.DECLINE: N_("declined it"),
    Verb.DISPATCH: N_("dispatched it to {department}"),
    Verb.REDISPATCH: N_("re-dispatched it to {department}"),
    Verb.ACKNOWLEDGE: N_("acknowledged it"),
    Verb.RETURN: N_("returned it"),
    Verb.REQUEST_EXTENSION: N_("asked for an extension of {days} working days"),
    Verb.APPROVE_EXTENSION: N_("granted an extension of {days} working days"),
    Verb.REFUSE_EXTENSION: N_("refused the extension"),
    Verb.REQUEST_SHELVING: N_("asked to shelve it until {day}"),
    Verb.APPROVE_SHELVING: N_("shelved it until {day}"),
    Verb.REFUSE_SHELVING: N_("refused to shelve it"),
    Verb.RESUME: N_("took it up again"),
    Verb.RESOLVE: N_("resolved it"),
    Verb.PASS_REVIEW: N_("passed the result"),
    Verb.FAIL_REVIEW: N_("sent the result back"),
    Verb.ANSWER: N_("answered the enterprise"),
    Verb.START_CALL_BACK: N_("gave the call-back to {caller}"),
    Verb.CALL_BACK: N_("called back: {outcome}"),
    Verb.REDO: N_("called back: {outcome}; to be redone"),
    Verb.CLOSE: N_("closed it"),
    Verb.REOPEN: N_("reopened it"),
    Verb.URGE: N_("urged"),
    Verb.SUPERVISE: N_("put it under supervision, {supervision}"),
    Verb.ESCALATE: N_("escalated it"),
    Verb.YELLOW_CARD: N_("showed a yellow card"),
    Verb.RED_CARD: N_("showed a red card"),
    Verb.COMMENT: N_("commented"),
    Verb.ATTACH: N_("attached a file"),
    Verb.WITHDRAW_FILE: N_("withdrew a file"),
    Verb.EDIT: N_("corrected it"),
    Verb.LINK: N_("linked it with another issue"),
    Verb.UNLINK: N_("unlinked it from another issue"),
    Verb.ADD_TASK: N_("asked a department to assist"),
    Verb.FINISH_TASK: N_("finished the task of assisting"),
    Verb.RETURN_TASK: N_("returned the task of assisting"),
    Verb.CANCEL_TASK: N_("cancelled a task of assisting"),
    Verb.RECOMPUTE: N_("computed the deadline anew"),
}
_SYSTEM = N_("The system")


def who(event: IssueEvent, names: Names) -> str:
    """Return who did it, with role and department."""
    if event.actor_role is None:
        return gettext(_SYSTEM)
    office = names.department(event.department_id)
    return f"{office or gettext(event.actor_role.label)} {event.actor_name}"


def what(event: IssueEvent, names: Names) -> str:
    """Return what was done, in one phrase of the present language."""
    return gettext(_PHRASES[event.verb]).format_map(_Filling(event, names))


def said(event: IssueEvent) -> str:
    """Return what the actor wrote, or what the step recorded as its text."""
    return event.reason or str(
        next((event.after[key] for key in _TEXTS.get(event.verb, ()) if event.after.get(key)), "")
    )


def changes(event: IssueEvent, names: Names) -> list[str]:
    """Return what it changed where that is worth a line: deadline, round, corrected fields."""
    return [*_corrected(event, names), *_deadline(event)]


_TEXTS: dict[Verb, tuple[str, ...]] = {
    Verb.REGISTER: ("text",),
    Verb.RESOLVE_ON_SITE: ("solution",),
    Verb.RESOLVE: ("solution",),
    Verb.ANSWER: ("answer",),
}
_CORRECTED: dict[str, str] = {
    "kind": N_("Kind"),
    "urgency": N_("Urgency"),
    "category": N_("Category"),
    "text": N_("What the enterprise said"),
    "first_receiver_id": N_("First receiver"),
}
_LABELS = {each.value: each.label for each in (*IssueKind, *Urgency)}


class _Filling(dict[str, str]):
    """Fills the places of a phrase from an event, each only when the phrase asks for it."""

    def __init__(self, event: IssueEvent, names: Names) -> None:
        super().__init__()
        self._event, self._names = event, names

    def __missing__(self, key: str) -> str:
        return _PLACES[key](self._event, self._names)


def _outcome(event: IssueEvent, _names: Names) -> str:
    after = event.before | event.after
    if "solved" not in event.after and "satisfied" not in event.after and event.verb is Verb.CALL_BACK:
        return gettext("not reached")
    solved = gettext("solved") if after.get("solved") else gettext("not solved")
    satisfied = gettext("satisfied") if after.get("satisfied") else gettext("not satisfied")
    return gettext("{solved}, {satisfied}").format(solved=solved, satisfied=satisfied)


def _days(event: IssueEvent, _names: Names) -> str:
    return str(event.after.get("extension_days") or event.before.get("extension_days") or 0)


def _day(event: IssueEvent, _names: Names) -> str:
    given = event.after.get("review_on") or event.before.get("review_on")
    return format_date(date.fromisoformat(given)) if given else ""


_PLACES: Mapping[str, Callable[[IssueEvent, Names], str]] = {
    "department": lambda event, names: names.department(event.after.get("department_id")),
    "caller": lambda event, names: names.person(event.after.get("caller_id")),
    "supervision": lambda event, _names: str(event.after.get("supervision", "")),
    "days": _days,
    "day": _day,
    "outcome": _outcome,
}


def _corrected(event: IssueEvent, names: Names) -> Iterator[str]:
    if event.verb is not Verb.EDIT:
        return
    for field, label in _CORRECTED.items():
        if field in event.after:
            old, new = (_value(field, part.get(field), names) for part in (event.before, event.after))
            yield gettext("{label}: {old} → {new}").format(label=gettext(label), old=old, new=new)
    old_own, new_own = (part.get("extra") or {} for part in (event.before, event.after))
    for spec in names.own_fields if "extra" in event.after else ():
        old, new = (cell_value(spec, each.get(spec.key)) for each in (old_own, new_own))
        if old != new:
            yield gettext("{label}: {old} → {new}").format(label=spec.label, old=_or_dash(old), new=_or_dash(new))


def _or_dash(value: Any) -> str:
    return "—" if value is None else str(value)


def _value(field: str, value: Any, names: Names) -> str:
    if field in {"kind", "urgency"}:
        return gettext(_LABELS[value])
    if field == "category":
        return names.category(value)
    return names.person(value) if field == "first_receiver_id" else str(value)


def _deadline(event: IssueEvent) -> Iterator[str]:
    """Tell a deadline that moved within its stage: a new stage has its own, which is no news."""
    old, new = event.before.get("due_at"), event.after.get("due_at")
    if not new or "stage" in event.after:
        return
    moment = format_moment(datetime.fromisoformat(new))
    if old:
        yield gettext("Deadline: {old} → {new}").format(old=format_moment(datetime.fromisoformat(old)), new=moment)
    else:
        yield gettext("Deadline after the pause: {new}").format(new=moment)
