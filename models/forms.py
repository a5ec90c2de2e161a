"""Rules of a visit form: which questions it can have, how they are arranged and what makes it whole.

A form is a list of questions in their order. Every function returns a new list and leaves the given one alone.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import Field

from core import text
from core.i18n import gettext
from models.fields import Condition, FieldKind, FieldSpec, Option

MAX_QUESTIONS = 60
MAX_OPTIONS = 60
QUESTION_KINDS = (
    FieldKind.TEXT,
    FieldKind.LONG_TEXT,
    FieldKind.CHOICE,
    FieldKind.CHOICES,
    FieldKind.BOOLEAN,
    FieldKind.RATING,
    FieldKind.INTEGER,
    FieldKind.NUMBER,
    FieldKind.DATE,
    FieldKind.PHONE,
    FieldKind.ATTACHMENT,
)
"""What can be asked, in the order it is offered."""
CHOICE_KINDS = (FieldKind.CHOICE, FieldKind.CHOICES)
NUMBER_KINDS = (FieldKind.INTEGER, FieldKind.NUMBER)
CONDITION_KINDS = (*CHOICE_KINDS, FieldKind.BOOLEAN, FieldKind.RATING)
"""Kinds whose answer can decide whether a later question is shown."""


class Question(FieldSpec):
    """A question while it is being written: its text may still be missing."""

    label: str = Field("", max_length=200)


Form = list[Question]


def from_stored(questions: Iterable[dict[str, Any]]) -> Form:
    """Return a form from the documents it is stored as."""
    return [Question.model_validate(question) for question in questions]


def to_stored(form: Iterable[FieldSpec]) -> list[dict[str, Any]]:
    """Return the documents a form is stored as; what is left at its default is left out."""
    return [{"key": q.key, **q.model_dump(mode="json", exclude_defaults=True)} for q in form]


def fingerprint(form: Iterable[FieldSpec]) -> str:
    """Return a text that is the same for equal forms only."""
    return hashlib.sha256(json.dumps(to_stored(form), sort_keys=True).encode()).hexdigest()


def add(form: Sequence[Question], kind: FieldKind, *, taken: Iterable[str] = (), at: int | None = None) -> Form:
    """Return the form with an empty question more.

    Args:
        form: the questions so far.
        kind: what the new one asks for.
        taken: keys that earlier versions of the form used and that must not come to mean something else.
        at: its place, counted from 0; `None` puts it last.
    """
    new = Question(key=next_key([q.key for q in form], taken), kind=kind, required=kind is FieldKind.BOOLEAN)
    if kind in CHOICE_KINDS:
        labels = (gettext("Option 1"), gettext("Option 2"))
        new = new.model_copy(update={"options": tuple(Option(value=label, label=label) for label in labels)})
    place = len(form) if at is None else at
    return [*form[:place], new, *form[place:]]


def next_key(present: Iterable[str], taken: Iterable[str] = ()) -> str:
    """Return the key of the next question: `q` and a number that no question has or had."""
    numbers = [int(key[1:]) for key in (*present, *taken) if key[0] == "q" and key[1:].isdigit()]
    return f"q{max(numbers, default=0) + 1}"


def replace(form: Sequence[Question], question: Question) -> Form:
    """Return the form with the question of the same key changed."""
    return [question if q.key == question.key else q for q in form]


def duplicate(form: Sequence[Question], key: str, *, taken: Iterable[str] = ()) -> Form:
    """Return the form with a copy of a question below it."""
    place = _place(form, key)
    label = gettext("{label} (copy)").format(label=form[place].label)[:200]
    copy = form[place].model_copy(update={"key": next_key([q.key for q in form], taken), "label": label})
    return [*form[: place + 1], copy, *form[place + 1 :]]


def remove(form: Sequence[Question], key: str) -> Form:
    """Return the form without a question."""
    return [q for q in form if q.key != key]


def move(form: Sequence[Question], key: str, steps: int) -> Form:
    """Return the form with a question moved down (or up, for a negative number of steps)."""
    place = _place(form, key)
    moved = list(form)
    moved.insert(max(0, min(len(form) - 1, place + steps)), moved.pop(place))
    return moved


def set_options(form: Sequence[Question], key: str, lines: str) -> Form:
    """Return the form with a question's options as a person wrote them, one a line.

    An option that stays keeps its value; a new one's value is its text, so that equal answers are counted together
    across versions. Where one line was reworded, conditions on the old wording follow it.
    """
    question = form[_place(form, key)]
    labels = [cleaned[:200] for line in lines.splitlines() if (cleaned := text.clean(line))]
    options = _options(labels, {option.label: option.value for option in question.options})
    changed = replace(form, question.model_copy(update={"options": options}))
    renamed = _renamed(question.options, options)
    return [_with_renamed(q, key, renamed) for q in changed] if renamed else changed


def find_problems(form: Sequence[Question]) -> dict[str, list[str]]:
    """Return what keeps a form from being used: question key → messages in the present language.

    What concerns the form as a whole is under the empty key.
    """
    found: dict[str, list[str]] = {}
    if len(form) > MAX_QUESTIONS:
        limit = gettext("A form has at most {limit} questions.").format(limit=MAX_QUESTIONS)
        found[""] = [limit]
    labels = [q.label.strip() for q in form]
    for place, question in enumerate(form):
        messages = [
            *_label_problems(labels, place),
            *_option_problems(question),
            *_bound_problems(question),
            *_condition_problems(question, form[:place], form),
        ]
        if messages:
            found[question.key] = messages
    return found


def condition_values(question: FieldSpec) -> dict[str, str]:
    """Return the answers of a question that a condition can name: stored text → text shown."""
    if question.kind is FieldKind.BOOLEAN:
        return {"True": gettext("Yes"), "False": gettext("No")}
    if question.kind is FieldKind.RATING:
        return {str(stars): "★" * stars for stars in range(1, 6)}
    return {option.value: option.label for option in question.options}


def _place(form: Sequence[Question], key: str) -> int:
    return next(place for place, q in enumerate(form) if q.key == key)


def _options(labels: list[str], values: dict[str, str]) -> tuple[Option, ...]:
    used = {values[label] for label in labels if label in values}
    options = []
    for place, label in enumerate(labels, start=1):
        value = values.get(label) or label[:64]
        if label not in values and value in used:
            value = f"{label[:58]}~{place}"
        used.add(value)
        options.append(Option(value=value, label=label))
    return tuple(options)


def _renamed(before: tuple[Option, ...], after: tuple[Option, ...]) -> dict[str, str]:
    if len(before) != len(after):
        return {}
    old = {option.value for option in before}
    new = {option.value for option in after}
    return {a.value: b.value for a, b in zip(before, after, strict=True) if a.value not in new and b.value not in old}


def _with_renamed(question: Question, key: str, renamed: dict[str, str]) -> Question:
    condition = question.shown_if
    if condition is None or condition.field != key:
        return question
    values = tuple(renamed.get(value, value) for value in condition.values)
    return question.model_copy(update={"shown_if": Condition(field=key, values=values)})


def _label_problems(labels: list[str], place: int) -> list[str]:
    if not labels[place]:
        return [gettext("Write what is asked.")]
    if labels[place] in labels[:place]:
        return [gettext("An earlier question has the same text.")]
    return []


def _option_problems(question: Question) -> list[str]:
    if question.kind not in CHOICE_KINDS:
        return []
    labels = [option.label for option in question.options]
    found = []
    if len(labels) < 2:
        found.append(gettext("Give at least two options, one a line."))
    if len(labels) > MAX_OPTIONS:
        found.append(gettext("A question has at most {limit} options.").format(limit=MAX_OPTIONS))
    if twice := sorted({label for label in labels if labels.count(label) > 1}):
        found.append(gettext("“{option}” is there twice.").format(option=twice[0]))
    return found


def _bound_problems(question: Question) -> list[str]:
    low, high = question.minimum, question.maximum
    if low is not None and high is not None and low > high:
        return [gettext("The smallest value is above the largest.")]
    return []


def _condition_problems(question: Question, earlier: Sequence[Question], form: Sequence[Question]) -> list[str]:
    condition = question.shown_if
    if condition is None:
        return []
    if all(q.key != condition.field for q in form):
        return [gettext("The question it depends on is gone.")]
    source = next((q for q in earlier if q.key == condition.field), None)
    if source is None:
        return [gettext("It must stand below the question it depends on.")]
    return _value_problems(condition, source)


def _value_problems(condition: Condition, source: Question) -> list[str]:
    if source.kind not in CONDITION_KINDS:
        return [gettext("“{question}” has no fixed answers to depend on.").format(question=source.label)]
    if not condition.values:
        return [gettext("Choose the answers that show this question.")]
    if set(condition.values) - set(condition_values(source)):
        message = gettext("An answer it depends on is no longer among the options of “{question}”.")
        return [message.format(question=source.label)]
    return []
