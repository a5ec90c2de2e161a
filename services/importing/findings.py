"""What a run found: counts, the first problems, questions and changes, and the workbook of bad rows."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from core.i18n import format_date, format_moment, gettext
from models.fields import FieldSpec
from models.importing import ImportProblem, ImportQuestion
from services import exporting
from services.entities.references import names
from services.importing.drafts import Draft, Kind
from services.importing.plan import Plan
from services.importing.problems import ProblemsBook

SHOWN_PROBLEMS = 1000
SHOWN_ROWS = {Kind.NEW: 30, Kind.CHANGED: 70}


@dataclass(frozen=True)
class Change:
    """A row of the preview: its number, its name, and field label → before and after."""

    number: int
    kind: Kind
    name: str
    fields: list[tuple[str, str, str]]

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"number": self.number, "kind": self.kind.value, "name": self.name, "fields": self.fields}


class Findings:
    """Gathers what the drafts of one run tell; memory does not grow with the rows."""

    def __init__(self, session: Session, plan: Plan, run_id: int) -> None:
        """Begin with nothing."""
        self._session, self._plan, self._run_id = session, plan, run_id
        self.counts: Counter[Kind] = Counter()
        self.problems: list[ImportProblem] = []
        self.questions: list[ImportQuestion] = []
        self.preview: list[dict[str, Any]] = []
        self.book = ProblemsBook(plan)

    def add(self, drafts: list[Draft]) -> None:
        """Take in a batch of examined drafts."""
        for draft in drafts:
            kind = draft.kind
            self.counts[kind] += 1
            if kind is Kind.BAD:
                self._note_problems(draft)
            elif kind in SHOWN_ROWS and self.counts[kind] <= SHOWN_ROWS[kind]:
                self.preview.append(self._change(draft).document())
            if draft.is_question:
                self._note_question(draft)

    def close(self) -> None:
        """Throw away what was begun and not finished."""
        self.book.finish()

    def _note_problems(self, draft: Draft) -> None:
        self.book.add(draft)
        room = SHOWN_PROBLEMS - len(self.problems)
        self.problems += [
            ImportProblem(
                run_id=self._run_id, row_number=draft.number, column=each.column[:200], value=each.value[:200],
                reason=each.reason[:500],
            )
            for each in draft.problems[:room]
        ]  # fmt: skip

    def _note_question(self, draft: Draft) -> None:
        self.questions.append(
            ImportQuestion(
                run_id=self._run_id,
                row_number=draft.number,
                name=name_of(draft, self._plan)[:200],
                candidates=[{"id": each.id, "text": each.text} for each in draft.candidates],
                decision=draft.decision,
                same_id=draft.row_id,
            )
        )

    def _change(self, draft: Draft) -> Change:
        changes = draft.changes if draft.row_id is not None else {key: (None, new) for key, new in draft.values.items()}
        told = self._plan.importer.told
        fields = [
            (
                gettext(spec.label),
                self._shown(spec, old),
                self._shown(spec, told[key](old, new) if key in told else new),
            )
            for key, (old, new) in changes.items()
            if (spec := self._plan.specs[key]) and (old is not None or key != self._plan.importer.entity.title)
        ]
        return Change(draft.number, draft.kind, name_of(draft, self._plan), fields)

    def _shown(self, spec: FieldSpec, value: Any) -> str:
        if spec.reference:
            given = value if isinstance(value, list) else [value]
            found = names(self._session, spec.reference, {each for each in given if each is not None})
            return gettext(", ").join(found.values())
        shown = exporting.cell_value(spec, value)
        if isinstance(shown, datetime):
            return format_moment(shown)
        if isinstance(shown, date):
            return format_date(shown)
        return "" if shown is None else str(shown)


def name_of(draft: Draft, plan: Plan) -> str:
    """Return what names a row to people."""
    value = draft.values.get(plan.importer.entity.title)
    return str(value) if value else next((str(cell) for cell in draft.cells if cell != ""), "")
