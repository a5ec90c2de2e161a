"""Finds the rows that the texts of a file name: an area by its code or name, an enterprise by its credit code."""

import re
from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

from core.i18n import gettext
from models.fields import FieldKind, FieldSpec
from services.actor import Actor
from services.entities.references import find_by_text
from services.importing.drafts import Draft, Problem
from services.importing.plan import Plan

_BETWEEN = re.compile(r"[,;、/\n]+|\s{2,}")


class Resolver:
    """Resolves the reference fields of drafts, a batch at a time, and remembers what it found."""

    def __init__(self, session: Session, actor: Actor, plan: Plan) -> None:
        """Prepare for one file."""
        self._session, self._actor = session, actor
        self._specs = [spec for spec in plan.specs.values() if spec.reference]
        self._found: dict[str, dict[str, list[int]]] = {}

    def resolve(self, drafts: Sequence[Draft]) -> None:
        """Turn the texts of drafts into ids; a text that names no row, or several, becomes a problem."""
        for spec in self._specs:
            known = self._look_up(spec, {part for draft in drafts for part in _parts(spec, draft)})
            for draft in drafts:
                titles = {title for title, _text in draft.texts.get(spec.key, [])}
                if titles and not titles & {problem.column for problem in draft.problems}:
                    self._set(draft, spec, known)

    def _look_up(self, spec: FieldSpec, texts: set[str]) -> dict[str, list[int]]:
        known = self._found.setdefault(spec.reference, {})
        missing = texts - known.keys()
        if missing:
            found = find_by_text(self._session, self._actor, spec.reference, missing)
            known |= {text: ids for text, ids in found.items() if ids}  # what is missing may be stored by this import
        return known

    def _set(self, draft: Draft, spec: FieldSpec, known: dict[str, list[int]]) -> None:
        if spec.kind is FieldKind.CHOICES:
            _set_many(draft, spec, known)
            return
        ids: set[int] | None = None
        for title, text in draft.texts[spec.key]:
            found = set(known.get(text, []))
            if not found:
                draft.problems.append(Problem(title, text, _none(text)))
                return
            ids = found if ids is None else ids & found
        title, text = draft.texts[spec.key][0]
        if ids is not None and len(ids) == 1:
            draft.values[spec.key] = ids.pop()
        else:
            draft.problems.append(Problem(title, text, _several(text, len(ids or ()))))


def _set_many(draft: Draft, spec: FieldSpec, known: dict[str, list[int]]) -> None:
    values: list[Any] = []
    for title, text in draft.texts[spec.key]:
        for part in _split(text):
            ids = known.get(part, [])
            if len(ids) == 1:
                values.append(ids[0])
            else:
                draft.problems.append(Problem(title, part, _several(part, len(ids)) if ids else _none(part)))
    draft.values[spec.key] = list(dict.fromkeys(values))


def _parts(spec: FieldSpec, draft: Draft) -> list[str]:
    texts = [text for _title, text in draft.texts.get(spec.key, [])]
    return [part for text in texts for part in _split(text)] if spec.kind is FieldKind.CHOICES else texts


def _split(text: str) -> list[str]:
    return [part.strip() for part in _BETWEEN.split(text) if part.strip()]


def _none(text: str) -> str:
    return gettext("“{value}” was not found").format(value=text)


def _several(text: str, count: int) -> str:
    if not count:
        return gettext("the columns of the row name different entries")
    return gettext("“{value}” is the name of {count} entries; give the code as well").format(value=text, count=count)
