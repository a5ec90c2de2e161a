"""Stores the rows of a file: a batch at a time, in halves where the database refuses, until the bad row is known."""

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from models.base import Row
from models.importing import Decision
from services.actor import Actor
from services.entities.changes import explained
from services.importing.checking import Examiner
from services.importing.drafts import Draft
from services.importing.plan import Plan


class Writer:
    """Examines and stores the drafts of one run within the caller's transaction."""

    def __init__(self, session: Session, actor: Actor, plan: Plan, examiner: Examiner) -> None:
        """Prepare for one file."""
        self._session, self._actor, self._plan, self._examiner = session, actor, plan, examiner

    def write(self, drafts: list[Draft]) -> None:
        """Store what the drafts say; one that is refused gets a problem, and nothing of it is stored."""
        try:
            with self._session.begin_nested():
                self._store(drafts)
        except _RefusedError:
            self._again(drafts)
        except IntegrityError as problem:
            if len(drafts) == 1:
                self._examiner.refuse(drafts[0], explained(problem, self._plan.importer.entity))
                return
            middle = len(drafts) // 2
            self._again(drafts[:middle])
            self._again(drafts[middle:])

    def _store(self, drafts: list[Draft]) -> None:
        pairs: list[tuple[Draft, Row]] = [
            (each.draft, each.row) for each in self._examiner.examine(drafts) if each.row is not None
        ]
        importer = self._plan.importer
        if importer.register is not None:
            importer.register(self._session, self._actor, pairs)
        else:
            self._session.add_all(row for _draft, row in pairs)
        self._session.flush()
        if importer.keep is not None:
            importer.keep(self._session, self._actor, pairs)
        if any(draft.problems for draft, _row in pairs):
            raise _RefusedError

    def _again(self, drafts: list[Draft]) -> None:
        """Store those drafts that are still good, after a batch was taken back."""
        good = [draft for draft in drafts if not draft.problems]
        for draft in good:
            answer = self._plan.answers.get(draft.number)
            draft.row_id = answer.same_id if answer and draft.decision is Decision.SAME else None
            draft.changes, draft.candidates = {}, []
        if good:
            self.write(good)


class _RefusedError(Exception):
    """A draft was refused after its row had been stored: the batch is taken back."""
