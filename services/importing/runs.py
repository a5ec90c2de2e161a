"""What people do with an import: upload, match columns, look at what was found, decide, confirm, cancel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath
from typing import IO

from sqlmodel import Session, col, select

from core import clock
from core.errors import ConflictError, InvalidError, UserError
from core.i18n import N_, gettext
from models.account import Account
from models.fields import FieldSpec
from models.importing import (
    AT_WORK,
    Decision,
    ImportMapping,
    ImportProblem,
    ImportQuestion,
    ImportRun,
    ImportState,
)
from services import access, files, outbox
from services.actor import Actor
from services.importing import header, plan, readers
from services.importing.readers import Cell
from services.importing.registry import importer_of
from services.permissions import Action, require
from services.use_case import use_case

CHECK, APPLY = "import.check", "import.apply"
_OPEN = (ImportState.MAPPING, ImportState.READY, ImportState.FAILED)
_SAMPLE = 4


@dataclass(frozen=True)
class Layout:
    """What a sheet looks like, and what its titles seem to mean.

    Args:
        sheets: names of the file's sheets; one without a name for CSV.
        sheet: the one looked at.
        header_row: number of the row that holds the titles, 0 if none was found.
        titles: the titles of the columns, in order; a column without one is not read.
        sample: title → the first values below it.
        mapping: title → field key, remembered or guessed.
        remembered: whether somebody imported a file with these titles before.
        specs: the fields a file may fill.
    """

    sheets: list[str]
    sheet: str
    header_row: int
    titles: list[str]
    sample: dict[str, list[str]]
    mapping: dict[str, str]
    remembered: bool
    specs: list[FieldSpec]

    def missing(self, mapping: Mapping[str, str]) -> list[FieldSpec]:
        """Return the fields a new entry needs and no column fills."""
        return [spec for spec in self.specs if spec.required and spec.key not in mapping.values()]


@dataclass(frozen=True)
class Entry:
    """A run in the history."""

    run: ImportRun
    starter: str


def upload(actor: Actor, entity: str, file_name: str, stream: IO[bytes]) -> int:
    """Take a file in and return the number of its run; its columns are to be matched next.

    Raises:
        NotAllowedError: the actor may not import this entity.
        UserError: the file cannot be read; the text says what to do.
    """
    importer = importer_of(entity)
    require(actor, importer.action)
    stored = files.store(stream)
    first = _sheets(stored.sha256)[0]
    with use_case(actor, Action.IMPORT) as session:
        run = ImportRun(
            entity=entity,
            file_name=PurePath(file_name.replace("\\", "/")).name[-200:],
            sha256=stored.sha256,
            sheet=first,
            started_by_id=actor.pk,
        )
        session.add(run)
        session.flush()
        return run.pk


def get(actor: Actor, run_id: int) -> ImportRun:
    """Return a run.

    Raises:
        NotFoundError: there is none, or it is somebody else's.
    """
    with use_case(actor, Action.IMPORT) as session:
        return access.load(session, actor, Action.IMPORT, ImportRun, run_id)


def history(actor: Actor, *, limit: int = 100) -> list[Entry]:
    """Return the runs the actor may see, the newest first."""
    with use_case(actor, Action.IMPORT) as session:
        statement = access.visible(actor, Action.IMPORT, ImportRun).order_by(col(ImportRun.id).desc()).limit(limit)
        runs = session.exec(statement).all()
        names = dict(
            session.exec(
                select(Account.id, Account.name).where(col(Account.id).in_({run.started_by_id for run in runs}))
            ).all()
        )
        return [Entry(run, names.get(run.started_by_id, "")) for run in runs]


def layout(actor: Actor, run_id: int, *, sheet: str | None = None, header_row: int = 0) -> Layout:
    """Return what a run's file looks like.

    Args:
        actor: who asks.
        run_id: the run.
        sheet: which sheet; `None` means the run's.
        header_row: which row holds the titles; 0 means that it is looked for.

    Raises:
        NotFoundError: there is no such run, or it is somebody else's.
        UserError: the file cannot be read.
    """
    with use_case(actor, Action.IMPORT) as session:
        run = access.load(session, actor, Action.IMPORT, ImportRun, run_id)
        importer = importer_of(run.entity)
        specs = plan.importable(session, importer)
        sheets = _sheets(run.sha256)
        chosen = sheet if sheet in sheets else run.sheet
        rows = _head(run.sha256, chosen)
        known = header.names(importer, specs)
        line = header_row or (run.header_row if chosen == run.sheet else 0) or header.find(rows, known)
        titles = header.titles(rows[line - 1]) if 0 < line <= len(rows) else []
        remembered = _remembered(session, run.entity, titles)
        references = frozenset(spec.key for spec in specs if spec.reference)
        mapping = remembered if remembered is not None else header.guess(titles, known, references)
        return Layout(
            sheets=sheets,
            sheet=chosen,
            header_row=line if titles else 0,
            titles=titles,
            sample={title: _sample(rows[line:], place) for place, title in enumerate(titles) if title},
            mapping={title: key for title, key in mapping.items() if key in {spec.key for spec in specs}},
            remembered=remembered is not None,
            specs=specs,
        )


def check(
    actor: Actor, run_id: int, *, sheet: str, header_row: int, mapping: Mapping[str, str], clear_empty: bool = False
) -> None:
    """Remember which column feeds which field and have a worker check every row.

    Raises:
        InvalidError: no column is matched, or two columns feed one field.
        NotFoundError: there is no such run, or it is somebody else's.
        ConflictError: a worker has it in hand.
    """
    found = layout(actor, run_id, sheet=sheet, header_row=header_row)
    kept = {title: key for title, key in mapping.items() if key and title in found.titles}
    _refuse_mapping(found.specs, kept)
    with use_case(actor, Action.IMPORT) as session:
        run = _load(session, actor, run_id, *_OPEN)
        run.sheet, run.header_row, run.mapping, run.clear_empty = sheet, header_row, kept, clear_empty
        run.header_hash = header.digest(found.titles)
        _remember(session, run)
        _send(session, run, ImportState.CHECKING)


def check_again(actor: Actor, run_id: int) -> None:
    """Have a worker check the file once more, as it was matched before.

    Raises:
        NotFoundError: there is no such run, or it is somebody else's.
        ConflictError: a worker has it in hand, or its columns were never matched.
    """
    with use_case(actor, Action.IMPORT) as session:
        run = _load(session, actor, run_id, ImportState.READY, ImportState.FAILED)
        if not run.mapping:
            raise ConflictError(_ELSEWHERE)
        _send(session, run, ImportState.CHECKING)


def problems(actor: Actor, run_id: int) -> list[ImportProblem]:
    """Return the first problems of a run, by row.

    Raises:
        NotFoundError: there is no such run, or it is somebody else's.
    """
    with use_case(actor, Action.IMPORT) as session:
        access.load(session, actor, Action.IMPORT, ImportRun, run_id)
        statement = select(ImportProblem).where(ImportProblem.run_id == run_id)
        return list(session.exec(statement.order_by(col(ImportProblem.row_number), col(ImportProblem.id))).all())


def problems_file(actor: Actor, run_id: int) -> bytes:
    """Return the workbook of the rows that cannot be imported.

    Raises:
        NotFoundError: there is no such run, it is somebody else's, or it has no bad rows.
    """
    run = get(actor, run_id)
    return files.content(run.problems_sha256)


def questions(actor: Actor, run_id: int) -> list[ImportQuestion]:
    """Return the rows that may be entries which are there already, by row.

    Raises:
        NotFoundError: there is no such run, or it is somebody else's.
    """
    with use_case(actor, Action.IMPORT) as session:
        access.load(session, actor, Action.IMPORT, ImportRun, run_id)
        statement = select(ImportQuestion).where(ImportQuestion.run_id == run_id)
        return list(session.exec(statement.order_by(col(ImportQuestion.row_number))).all())


def decide(
    actor: Actor, run_id: int, decision: Decision, *, rows: Sequence[int] | None = None, same_id: int | None = None
) -> None:
    """Say what is to happen with rows that may be entries which are there already.

    Args:
        actor: who decides.
        run_id: the run.
        decision: what is to happen.
        rows: row numbers; `None` means all that nobody has decided yet.
        same_id: for "the same": which entry; `None` means each row's most alike one.

    Raises:
        InvalidError: the entry is none of those a row may be.
        NotFoundError: there is no such run, or it is somebody else's.
        ConflictError: a worker has it in hand.
    """
    with use_case(actor, Action.IMPORT) as session:
        run = _load(session, actor, run_id, ImportState.READY)
        statement = select(ImportQuestion).where(ImportQuestion.run_id == run_id)
        if rows is None:
            statement = statement.where(ImportQuestion.decision == Decision.OPEN)
        else:
            statement = statement.where(col(ImportQuestion.row_number).in_(rows))
        for question in session.exec(statement.with_for_update()).all():
            _recount(run, question.decision, -1)
            question.same_id = _same(question, same_id) if decision is Decision.SAME else None
            question.decision = decision
            _recount(run, decision, 1)


def confirm(actor: Actor, run_id: int, *, good_rows_only: bool = False) -> None:
    """Have a worker import a checked file.

    Args:
        actor: who confirms.
        run_id: the run.
        good_rows_only: import what can be imported and leave the rest out; otherwise all rows or none.

    Raises:
        UserError: rows are bad or undecided, and not only the good ones were asked for.
        NotFoundError: there is no such run, or it is somebody else's.
        ConflictError: the run is not ready.
    """
    with use_case(actor, Action.IMPORT) as session:
        run = _load(session, actor, run_id, ImportState.READY)
        require(actor, importer_of(run.entity).action)
        if not good_rows_only and (run.rows_bad or run.rows_asked):
            raise UserError(N_("Some rows are bad or not decided: correct them, or import the good rows only."))
        run.good_rows_only = good_rows_only
        _send(session, run, ImportState.IMPORTING)


def cancel(actor: Actor, run_id: int) -> None:
    """Give a run up; a worker that has it in hand stops, and nothing of it is stored.

    Raises:
        NotFoundError: there is no such run, or it is somebody else's.
        ConflictError: it is over already.
    """
    with use_case(actor, Action.IMPORT) as session:
        run = _load(session, actor, run_id, *_OPEN, *AT_WORK)
        run.state, run.message, run.finished_at = ImportState.CANCELLED, "", clock.now()


_ELSEWHERE = N_("This import has moved on meanwhile. Please look at where it stands now.")


def _load(session: Session, actor: Actor, run_id: int, *states: ImportState) -> ImportRun:
    run = access.load(session, actor, Action.IMPORT, ImportRun, run_id, lock=True)
    if run.state not in states:
        raise ConflictError(_ELSEWHERE)
    return run


def _send(session: Session, run: ImportRun, state: ImportState) -> None:
    run.state, run.attempts, run.rows_read, run.message = state, 0, 0, ""
    outbox.put(session, CHECK if state is ImportState.CHECKING else APPLY, {"run_id": run.pk})


def _refuse_mapping(specs: Sequence[FieldSpec], mapping: Mapping[str, str]) -> None:
    if not mapping:
        raise InvalidError({"": gettext("Match at least one column with a field.")})
    taken = list(mapping.values())
    for spec in specs:
        if not spec.reference and taken.count(spec.key) > 1:
            told = gettext("Two columns are matched with “{field}”.").format(field=gettext(spec.label))
            raise InvalidError({spec.key: told})


def _remembered(session: Session, entity: str, titles: Sequence[str]) -> dict[str, str] | None:
    statement = select(ImportMapping).where(
        ImportMapping.entity == entity, ImportMapping.header_hash == header.digest(titles)
    )
    found = session.exec(statement).one_or_none()
    return None if found is None else header.recalled(found.mapping, titles)


def _remember(session: Session, run: ImportRun) -> None:
    statement = select(ImportMapping).where(
        ImportMapping.entity == run.entity, ImportMapping.header_hash == run.header_hash
    )
    found = session.exec(statement.with_for_update()).one_or_none()
    if found is None:
        found = ImportMapping(entity=run.entity, header_hash=run.header_hash)
    found.mapping = dict(run.mapping)
    session.add(found)


_COUNTED = {
    Decision.OPEN: "rows_asked",
    Decision.NEW: "rows_new",
    Decision.SAME: "rows_changed",
    Decision.SKIP: "rows_left_out",
}


def _recount(run: ImportRun, decision: Decision, step: int) -> None:
    setattr(run, _COUNTED[decision], getattr(run, _COUNTED[decision]) + step)


def _same(question: ImportQuestion, same_id: int | None) -> int:
    ids = [each["id"] for each in question.candidates if each["id"] is not None]
    chosen = same_id if same_id is not None else next(iter(ids), None)
    if chosen is None or chosen not in ids:
        raise InvalidError({"": gettext("Row {row}: choose one of the entries shown.").format(row=question.row_number)})
    return int(chosen)


def _sample(rows: Sequence[Sequence[Cell]], place: int) -> list[str]:
    from services.importing.cells import shown

    values = [shown(row[place]) for row in rows if place < len(row) and row[place] != ""]
    return values[:_SAMPLE]


@lru_cache(maxsize=32)
def _sheets(sha256: str) -> list[str]:
    with files.local_copy(sha256) as path:
        return readers.sheets(path)


@lru_cache(maxsize=16)
def _head(sha256: str, sheet: str) -> list[list[Cell]]:
    with files.local_copy(sha256) as path:
        return readers.head(path, sheet, header.SAMPLE_ROWS + _SAMPLE)
