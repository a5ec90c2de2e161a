"""What the answers to a form add up to, question by question."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.fields import FieldKind, FieldSpec
from models.forms import CHOICE_KINDS, CONDITION_KINDS, NUMBER_KINDS, condition_values

LATEST = 8
_TEXTS = (FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.PHONE)


@dataclass(frozen=True)
class Answers:
    """One record: its answers by question key, the enterprise and the day."""

    values: dict[str, Any]
    enterprise: str
    day: date


@dataclass
class Summary:
    """What one question's answers add up to; which parts are filled depends on its kind.

    Args:
        spec: the question.
        answered: how many records answer it.
        numbers: of numbers and ratings: sum, smallest and largest are taken from these.
        counts: of choices, ratings and yes-no questions: shown text → how often, in the order of the options.
        latest: of texts: (answer, enterprise, day), the latest first.
        first_day: of dates: the earliest.
        last_day: of dates: the latest.
        files: of attachments: how many.
    """

    spec: FieldSpec
    answered: int = 0
    numbers: list[float] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    latest: list[tuple[str, str, date]] = field(default_factory=list)
    first_day: date | None = None
    last_day: date | None = None
    files: int = 0

    @property
    def total(self) -> float:
        """The sum of the numbers."""
        return sum(self.numbers)

    @property
    def mean(self) -> float | None:
        """The average of the numbers, `None` where there is none."""
        return self.total / len(self.numbers) if self.numbers else None


def merged(versions: Sequence[Sequence[FieldSpec]]) -> list[FieldSpec]:
    """Return the questions of all versions of a form: the latest version's, then those only older ones asked.

    A question whose options changed has those of every version, the latest first.

    Args:
        versions: the questions of each version, the oldest first.
    """
    found: dict[str, FieldSpec] = {}
    for specs in reversed(versions):
        for spec in specs:
            newer = found.get(spec.key)
            if newer is None:
                found[spec.key] = spec
                continue
            present = {option.value for option in newer.options}
            older = tuple(option for option in spec.options if option.value not in present)
            if older:
                found[spec.key] = newer.model_copy(update={"options": newer.options + older})
    return list(found.values())


def summarise(specs: Iterable[FieldSpec], records: Iterable[Answers]) -> list[Summary]:
    """Return what each question's answers add up to.

    Args:
        specs: the questions.
        records: what was recorded, the latest first.
    """
    summaries = {spec.key: Summary(spec) for spec in specs}
    counted: dict[str, Counter[str]] = {key: Counter() for key in summaries}
    for record in records:
        for key, summary in summaries.items():
            value = record.values.get(key)
            if value is not None and value not in ("", []):
                _add(summary, counted[key], value, record)
    for key, summary in summaries.items():
        if summary.spec.kind in CONDITION_KINDS:
            summary.counts = _labelled(summary.spec, counted[key])
    return list(summaries.values())


def _add(summary: Summary, counted: Counter[str], value: Any, record: Answers) -> None:
    kind = summary.spec.kind
    summary.answered += 1
    if kind in NUMBER_KINDS or kind is FieldKind.RATING:
        summary.numbers.append(value)
    if kind in CONDITION_KINDS:
        counted.update(str(each) for each in (value if isinstance(value, list) else [value]))
    elif kind in _TEXTS and len(summary.latest) < LATEST:
        summary.latest.append((str(value), record.enterprise, record.day))
    elif kind is FieldKind.DATE:
        day = date.fromisoformat(str(value)[:10])
        summary.first_day = min(day, summary.first_day or day)
        summary.last_day = max(day, summary.last_day or day)
    elif kind is FieldKind.ATTACHMENT:
        summary.files += len(value) if isinstance(value, list) else 1


def _labelled(spec: FieldSpec, counted: Counter[str]) -> dict[str, int]:
    labels = condition_values(spec)
    if spec.kind in CHOICE_KINDS:
        labels |= {value: value for value in counted if value not in labels}
    return {label: counted[value] for value, label in labels.items()}
