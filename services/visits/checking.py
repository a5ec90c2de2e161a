"""Checks everything a person handed in about a visit and says at which field something is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core import clock, text
from core.errors import InvalidError
from core.i18n import gettext
from models.campaign import VisitMode
from models.fields import FieldKind, FieldSpec, as_document, clean_value, clean_values
from models.visit import Outcome
from services.issues import Heard
from services.issues.saying import examine
from services.visits.content import Content, IssueEntry, PromiseEntry

MAX_PHOTOS = 9


@dataclass(frozen=True)
class Rules:
    """What the content is checked against."""

    modes: tuple[VisitMode, ...]
    questions: tuple[FieldSpec, ...]
    extra: tuple[FieldSpec, ...]
    issue_extra: tuple[FieldSpec, ...]
    categories: frozenset[str]
    contacts: Mapping[int, tuple[str, str]]
    """Contact id → name and phone number."""


@dataclass
class Problems:
    """Field key → message; the keys are those of the page."""

    found: dict[str, str] = field(default_factory=dict)

    def add(self, key: str, message: str) -> None:
        """Note a problem; the first of a field is told."""
        self.found.setdefault(key, message)


@dataclass(frozen=True)
class Checked:
    """Content that may be stored."""

    mode: VisitMode
    outcome: Outcome
    met_person: str
    met_phone: str
    new_contact: tuple[str, str] | None
    summary: str
    answers: dict[str, Any]
    extra: dict[str, Any]
    issues: list[Heard]
    promises: list[tuple[str, date]]
    """What was promised, and for when."""


def find_problems(content: Content, rules: Rules) -> dict[str, str]:
    """Return what is still missing or wrong, as `check` would tell it; empty if nothing is."""
    try:
        check(content, rules)
    except InvalidError as invalid:
        return invalid.problems
    return {}


def check(content: Content, rules: Rules) -> Checked:
    """Check everything at once.

    Raises:
        InvalidError: with a message for each field, `answers.key` for questions and `issues.uid.key` for lines.
    """
    problems = Problems()
    mode = _enum(VisitMode, content.mode, problems, "mode", gettext("Choose how the visit was made."))
    outcome = _enum(Outcome, content.outcome, problems, "outcome", gettext("Choose what came of the visit."))
    if mode is not None and mode not in rules.modes:
        problems.add("mode", gettext("This campaign is not visited that way."))
    if len(content.photos) > MAX_PHOTOS:
        problems.add("photos", gettext("At most {count} photos fit.").format(count=MAX_PHOTOS))
    summary = text.prose(content.summary)
    if outcome is not None and outcome is not Outcome.MET:
        checked = _not_met(content, summary, problems)
    else:
        checked = _met(content, rules, summary, problems)
    if problems.found:
        raise InvalidError(problems.found)
    return Checked(mode=mode, outcome=outcome, **checked)


def _not_met(_content: Content, summary: str, problems: Problems) -> dict[str, Any]:
    """Where nobody was met a note says what happened; the form is not asked for."""
    if not summary:
        problems.add("summary", gettext("Say in a few words what happened."))
    return {
        "met_person": "",
        "met_phone": "",
        "new_contact": None,
        "summary": summary,
        "answers": {},
        "extra": {},
        "issues": [],
        "promises": [],
    }


def _met(content: Content, rules: Rules, summary: str, problems: Problems) -> dict[str, Any]:
    return {
        **_person(content, rules, problems),
        "summary": summary,
        "answers": _values(rules.questions, _with_files(content, rules.questions), problems, "answers"),
        "extra": _values(rules.extra, content.extra, problems, "extra", content.how()),
        "issues": [_issue(each, rules, problems) for each in content.issues],
        "promises": [_promise(each, problems) for each in content.promises],
    }


def _person(content: Content, rules: Rules, problems: Problems) -> dict[str, Any]:
    name = text.clean(content.met_person)
    phone = _phone(content.met_phone, problems) if name else ""  # a number is that of somebody named
    known = [rules.contacts[each] for each in content.met if each in rules.contacts]
    names = [each for each, _phone_number in known] + ([name] if name else [])
    if not names:
        problems.add("met_person", gettext("Say who was met."))
    is_new = bool(name) and content.save_contact and name not in {each for each, _number in rules.contacts.values()}
    return {
        "met_person": "、".join(names)[:100],
        "met_phone": phone or next((number for _name, number in known if number), ""),
        "new_contact": (name[:50], phone) if is_new else None,
    }


def _phone(given: str, problems: Problems) -> str:
    spec = FieldSpec(key="met_phone", label="-", kind=FieldKind.PHONE)
    try:
        return clean_value(spec, given) or ""
    except ValueError as problem:
        message = gettext("{field}: {problem}").format(field=gettext("Phone number"), problem=problem)
        problems.add("met_phone", message)
        return ""


def _with_files(content: Content, questions: tuple[FieldSpec, ...]) -> dict[str, Any]:
    """Return the answers with a number for each file, which stands for the attachment that is made of it."""
    answers = dict(content.answers)
    for spec in questions:
        if spec.kind is FieldKind.ATTACHMENT:
            answers[spec.key] = list(range(len(content.files.get(spec.key, []))))
    return answers


def _values(
    specs: tuple[FieldSpec, ...], raw: Mapping[str, Any], problems: Problems, prefix: str,
    known: Mapping[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    values, found = clean_values(specs, raw, known)
    for key, message in found.items():
        problems.add(f"{prefix}.{key}", message)
    return as_document(values)


def _issue(entry: IssueEntry, rules: Rules, problems: Problems) -> Heard:
    heard, found = examine(entry, rules.categories, rules.issue_extra)
    for key, message in found.items():
        problems.add(f"issues.{entry.uid}.{key}", message)
    return heard


def _promise(entry: PromiseEntry, problems: Problems) -> tuple[str, date]:
    prefix = f"promises.{entry.uid}"
    said = text.prose(entry.text)
    if not said:
        problems.add(f"{prefix}.text", gettext("Write down what was promised, or remove this line."))
    if entry.due_on is None:
        problems.add(f"{prefix}.due_on", gettext("Choose the day it was promised for."))
    elif entry.due_on < clock.today():
        problems.add(f"{prefix}.due_on", gettext("The promised day has passed already."))
    return said[:1000], entry.due_on or clock.today()


def _enum(kind: Any, given: str | None, problems: Problems, key: str, message: str) -> Any:
    if given in {member.value for member in kind}:
        return kind(given)
    problems.add(key, message)
    return None
