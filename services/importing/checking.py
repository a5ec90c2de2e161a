"""Examines the rows of a file: what each means, what is wrong with it, and what importing it would do."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlmodel import Session

from core.errors import InvalidError
from core.i18n import N_, gettext
from models.base import Row
from models.fields import FieldKind, FieldSpec
from models.importing import Decision
from services.actor import Actor
from services.entities.changes import assign
from services.importing import cells
from services.importing.drafts import Draft, Kind, Problem
from services.importing.generations import generations
from services.importing.importer import Present
from services.importing.matching import Matcher
from services.importing.plan import Answer, Plan
from services.importing.readers import Cell
from services.importing.resolving import Resolver

BATCH = 1000


@dataclass
class Examined:
    """A draft, with the row it would store: one that is there already, or a new one; `None` if it stores nothing."""

    draft: Draft
    row: Row | None


class Examiner:
    """Examines rows in batches, within one transaction; nothing is written here."""

    def __init__(self, session: Session, actor: Actor, plan: Plan) -> None:
        """Prepare for one file."""
        self._session, self._actor, self._plan = session, actor, plan
        self._resolver = Resolver(session, actor, plan)
        self._matcher = Matcher(session, actor, plan)
        self._own_names: dict[str, int] = {}
        self._specs = list(plan.specs.values())
        self._stored = [spec for spec in self._specs if spec not in plan.importer.virtual]
        self._titles = {column.spec.key: column.title for column in reversed(plan.columns)}

    def batches(self, rows: Iterable[tuple[int, list[Cell]]]) -> Iterator[list[Draft]]:
        """Return the rows as drafts, empty ones left out, in batches; parents come before what belongs to them."""
        drafts = (self._draft(number, row) for number, row in rows if any(cell != "" for cell in row))
        if any(spec.reference == self._plan.importer.entity.key for spec in self._specs):
            for generation in generations(list(drafts), self._plan):
                yield from _cut(iter(generation))
        else:
            yield from _cut(drafts)

    def examine(self, drafts: list[Draft]) -> list[Examined]:
        """Find out what each draft means and would do; its problems, changes and candidates are set."""
        self._resolver.resolve(drafts)
        with self._session.no_autoflush:
            existing = self._matcher.match(drafts)
            made = self._made(drafts, existing)
            if self._plan.importer.alike is not None:
                self._plan.importer.alike(self._session, _asked_about(drafts), self._own_names)
            present = self._present([(draft, existing[draft.row_id]) for draft in drafts if draft.row_id in existing])
            return [Examined(draft, self._row(draft, existing, present, made.get(draft.number))) for draft in drafts]

    def _draft(self, number: int, row: list[Cell]) -> Draft:
        draft = Draft(number, row)
        answer = self._plan.answers.get(number, Answer(Decision.OPEN))
        draft.decision = answer.decision
        draft.row_id = answer.same_id if answer.decision is Decision.SAME else None
        for column in self._plan.columns:
            cell = row[column.place] if column.place < len(row) else ""
            try:
                value = column.convert(cell)
            except ValueError as problem:
                draft.problems.append(Problem(column.title, cells.shown(cell), str(problem)))
                continue
            _take(draft, column.spec, column.title, value, clear=self._plan.clears(column.spec))
        return draft

    def _present(self, pairs: list[tuple[Draft, Row]]) -> dict[int, Present]:
        present = self._plan.importer.present
        return present(self._session, pairs, self._plan.since is not None) if present is not None and pairs else {}

    def _row(self, draft: Draft, existing: dict[int, Row], present: dict[int, Present], made: Row | None) -> Row | None:
        """Return the row a draft would store, with the draft's values and prepared; `None` if it stores nothing."""
        if draft.row_id is None:
            self._require(draft)
            self._judge(draft)
        if draft.problems or draft.kind in (Kind.ASKED, Kind.LEFT_OUT):
            return None
        if draft.row_id is None:
            row = made or self._filled(draft)
            return None if draft.problems else row
        row = existing[draft.row_id]
        if not self._plan.importer.only_new:
            self._change(draft, row, present.get(draft.number, Present()))
        if draft.problems or draft.kind is Kind.SAME:
            self._session.expunge(row)
            return None
        return row

    def fill(self, draft: Draft, row: Row) -> None:
        """Write a draft's values into a row and let the entity prepare it; what it refuses becomes problems."""
        assign(row, draft.values, self._stored)
        for key, value in self._plan.importer.entity.within.items():
            setattr(row, key, value)
        prepare = self._plan.importer.prepare or self._plan.importer.entity.prepare
        if prepare is None:
            return
        try:
            prepare(self._session, self._actor, row)
        except InvalidError as refused:
            self.refuse(draft, refused)

    def refuse(self, draft: Draft, refused: InvalidError) -> None:
        """Note the reasons for which a row was refused, each with its column; one reason for a cell is enough."""
        told = {problem.column for problem in draft.problems if problem.column}
        for key, reason in refused.problems.items():
            if self._title(key) not in told:
                draft.problems.append(Problem(self._title(key), str(draft.values.get(key) or ""), reason))

    def _made(self, drafts: list[Draft], existing: dict[int, Row]) -> dict[int, Row]:
        """Return draft's number → row, of drafts that are new or refused, once all that is wrong with them is told.

        It is put right in one go, before anybody is asked about it. Only what an importer says of the row alone is
        asked: an entity's own preparation may ask for what is missing here, and write.
        """
        if self._plan.importer.prepare is None:
            return {}
        made = [draft for draft in drafts if draft.problems or draft.row_id is None]
        return {draft.number: self._filled(draft, existing.get(draft.row_id or 0)) for draft in made}

    def _filled(self, draft: Draft, present: Row | None = None) -> Row:
        """Return a row of a draft's own, with what is there already beside its values."""
        row: Row = self._plan.importer.entity.model(**(present.model_dump() if present else {}))
        self.fill(draft, row)
        return row

    def _change(self, draft: Draft, row: Row, present: Present) -> None:
        changed_at = row.updated_at
        _keep_precise(draft, row, self._stored)
        before = {spec.key: _value(row, spec) for spec in self._stored if spec.key in draft.values}
        assign(row, draft.values, self._stored)
        after = {spec.key: _value(row, spec) for spec in self._stored if spec.key in draft.values}
        draft.changes = {key: (before[key], after[key]) for key in after if before[key] != after[key]}
        if beside := self._changes_beside(draft, present.values):
            draft.changes |= beside
            changed_at = max(changed_at, present.changed_at or changed_at)
        if not draft.changes:
            return
        if self._plan.since is not None and changed_at > self._plan.since:
            draft.problems.append(Problem("", "", gettext(CHANGED_MEANWHILE)))
            return
        self.fill(draft, row)

    def _changes_beside(self, draft: Draft, present: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
        """Return what a draft changes of fields that are no columns of the table."""
        given = [spec for spec in self._plan.importer.virtual if spec.key in draft.values]
        changes = {spec: (present.get(spec.key), draft.values[spec.key]) for spec in given}
        return {spec.key: change for spec, change in changes.items() if _differs(spec, *change)}

    def _require(self, draft: Draft) -> None:
        told = {problem.column for problem in draft.problems}
        for spec in self._specs:
            missing = spec.required and draft.values.get(spec.key) in (None, "", [])
            if missing and self._title(spec.key) not in told:
                draft.problems.append(Problem(self._title(spec.key), "", gettext("must be filled in")))

    def _judge(self, draft: Draft) -> None:
        judge = self._plan.importer.judge
        if judge is not None:
            self.refuse(draft, InvalidError(dict(judge(self._session, draft))))

    def _title(self, key: str) -> str:
        if not key:
            return ""
        spec = self._plan.specs.get(key)
        return self._titles.get(key) or (gettext(spec.label) if spec else key)


CHANGED_MEANWHILE = N_("Somebody changed this entry after the file was checked. Check the file again.")


def _cut(drafts: Iterator[Draft]) -> Iterator[list[Draft]]:
    while batch := list(islice(drafts, BATCH)):
        yield batch


def _asked_about(drafts: list[Draft]) -> list[Draft]:
    """Return the drafts that may be entries which are there; what was decided of one may be decided anew."""
    unknown = (draft for draft in drafts if draft.row_id is None or draft.decision is Decision.SAME)
    return [draft for draft in unknown if not draft.problems]


def _take(draft: Draft, spec: FieldSpec, title: str, value: Any, *, clear: bool) -> None:
    if value in (None, [], ""):
        if clear:
            draft.values.setdefault(spec.key, None)
    elif spec.reference:
        draft.texts.setdefault(spec.key, []).append((title, value))
    else:
        draft.values[spec.key] = value


def _value(row: Row, spec: FieldSpec) -> Any:
    value = row.extra.get(spec.key) if spec.extra else getattr(row, spec.key)  # type: ignore[attr-defined]  # an extensible table has `extra`
    return None if value in ("", []) else value


def _keep_precise(draft: Draft, row: Row, specs: Iterable[FieldSpec]) -> None:
    """Leave out numbers that differ in digits a spreadsheet does not keep."""
    for spec in specs:
        given = draft.values.get(spec.key)
        if not isinstance(given, float):
            continue
        present = _value(row, spec)
        if isinstance(present, int | float) and math.isclose(present, given, rel_tol=1e-14):
            del draft.values[spec.key]


def _differs(spec: FieldSpec, present: Any, given: Any) -> bool:
    if spec.kind is FieldKind.CHOICES:  # a list in a file adds to what is there
        return bool(set(given or []) - set(present or []))
    return (present or None) != (given or None)
