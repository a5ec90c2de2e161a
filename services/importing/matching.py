"""Recognises rows: in the database by their natural key, and in the same file."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import tuple_
from sqlmodel import Session, col

from core.i18n import gettext
from models.base import Row
from models.importing import Decision
from services import access
from services.actor import Actor
from services.importing.drafts import Draft, Problem
from services.importing.plan import Plan

Key = tuple[Any, ...]


class Matcher:
    """Matches drafts with rows that are there, a batch at a time, and finds rows that the file has twice."""

    def __init__(self, session: Session, actor: Actor, plan: Plan) -> None:
        """Prepare for one file."""
        self._session, self._actor, self._plan = session, actor, plan
        entity = plan.importer.entity
        self._keys = [names for names in (entity.natural_key, plan.importer.also_by) if names]
        self._seen: dict[Key, int] = {}

    def match(self, drafts: Sequence[Draft]) -> dict[int, Row]:
        """Set the `row_id` of drafts that are there already, and return those rows by id.

        A draft that the file has twice, or that several rows may be, gets a problem.
        """
        existing = self._decided(drafts)
        for names in self._keys:
            open_drafts = [draft for draft in drafts if self._names(draft) == names]
            wanted: dict[Key, list[Draft]] = {}
            for draft in open_drafts:
                self._refuse_twice(draft, names)
                if draft.row_id is None:
                    wanted.setdefault(self._key(draft, names), []).append(draft)
            for key, rows in self._rows(names, list(wanted)).items():
                for draft in wanted[key]:
                    self._take(draft, names, rows)
                existing |= {row.pk: row for row in rows}
        for draft in drafts:
            if draft.row_id is not None and draft.row_id not in existing:
                draft.row_id = None
                draft.problems.append(Problem("", "", gettext("the entry it was said to be is no longer there")))
        return existing

    def _names(self, draft: Draft) -> tuple[str, ...] | None:
        """Return the first key all of whose fields the draft has."""
        complete = (names for names in self._keys if all(draft.values.get(name) not in (None, "") for name in names))
        return next(complete, None)

    def _key(self, draft: Draft, names: tuple[str, ...]) -> Key:
        return tuple(draft.values[name] for name in names)

    def _refuse_twice(self, draft: Draft, names: tuple[str, ...]) -> None:
        key = (names, *self._key(draft, names))
        first = self._seen.setdefault(key, draft.number)
        if first != draft.number:
            told = gettext("row {row} of the file is the same entry").format(row=first)
            title = self._plan.title_of(names[-1])
            draft.problems.append(Problem(title, str(draft.values[names[-1]]), told))

    def _decided(self, drafts: Sequence[Draft]) -> dict[int, Row]:
        ids = [draft.row_id for draft in drafts if draft.decision is Decision.SAME and draft.row_id is not None]
        if not ids:
            return {}
        model = self._plan.importer.entity.model
        return {row.pk: row for row in self._session.exec(self._visible().where(col(model.id).in_(ids)))}

    def _rows(self, names: tuple[str, ...], keys: list[Key]) -> dict[Key, list[Row]]:
        if not keys:
            return {}
        columns = [getattr(self._plan.importer.entity.model, name) for name in names]
        condition = columns[0].in_([key[0] for key in keys]) if len(names) == 1 else tuple_(*columns).in_(keys)
        found: dict[Key, list[Row]] = {}
        for row in self._session.exec(self._visible().where(condition)):
            found.setdefault(tuple(getattr(row, name) for name in names), []).append(row)
        return found

    def _visible(self) -> Any:
        """Return the statement of the rows the actor may change; they are held when the import is carried out."""
        model = self._plan.importer.entity.model
        within = self._plan.importer.entity.within
        statement = access.visible(self._actor, self._plan.importer.action, model).filter_by(**within)
        if self._plan.since is None:
            return statement
        return statement.order_by(model.id).with_for_update(of=model)  # type: ignore[arg-type]  # a column at class level

    def _take(self, draft: Draft, names: tuple[str, ...], rows: list[Row]) -> None:
        if len(rows) == 1:
            draft.row_id = rows[0].pk
            return
        title, value = self._plan.title_of(names[-1]), str(draft.values[names[-1]])
        told = gettext("“{value}” is the name of {count} entries; give the code as well")
        draft.problems.append(Problem(title, value, told.format(value=value, count=len(rows))))
