"""What workers do with an import: check every row, then store them, telling how far they are."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from core import clock, logs
from core.db import transaction
from core.errors import UserError
from core.i18n import N_, gettext, in_locale
from models.account import Account
from models.importing import ImportProblem, ImportQuestion, ImportRun, ImportState
from services import audit_trail, files
from services.accounts.actors import actor_of
from services.actor import SYSTEM, Actor
from services.importing import header, plan, readers
from services.importing.applying import Writer
from services.importing.checking import Examiner
from services.importing.drafts import Draft, Kind
from services.importing.findings import Findings
from services.importing.plan import Answer, Plan
from services.importing.registry import importer_of
from services.use_case import use_case

MAX_ATTEMPTS = 3
_TOO_LONG = N_("The import took too long and was stopped. Divide the file into smaller ones.")
_TOLD_EVERY = 0.5
_log = logs.get(__name__)


class _CancelledError(Exception):
    """Somebody cancelled the run, or another worker has it."""


def check(payload: Mapping[str, Any]) -> None:
    """Check every row of a run's file; nothing is stored but what was found."""
    _carry(int(payload["run_id"]), ImportState.CHECKING, _check)


def apply(payload: Mapping[str, Any]) -> None:
    """Store the rows of a checked file, in one transaction."""
    _carry(int(payload["run_id"]), ImportState.IMPORTING, _apply)


def _carry(run_id: int, state: ImportState, step: Callable[[ImportRun, Actor], None]) -> None:
    begun = _begin(run_id, state)
    if begun is None:
        return
    run, actor = begun
    with in_locale(actor.locale):
        try:
            step(run, actor)
        except _CancelledError:
            _log.info("import_stopped", run=run_id)
        except UserError as problem:
            _fail(run_id, state, actor, str(problem))
        except Exception:
            raise  # tried again
        except BaseException:  # a worker's time limit: nobody tries it again, so whoever waits for it must hear
            _fail(run_id, state, actor, gettext(_TOO_LONG))
            raise


def _begin(run_id: int, state: ImportState) -> tuple[ImportRun, Actor] | None:
    """Count the attempt and return the run with whom it is done for; `None` if there is nothing to do."""
    with transaction(actor=SYSTEM) as session:
        statement = update(ImportRun).where(col(ImportRun.id) == run_id, col(ImportRun.state) == state)
        statement = statement.execution_options(unaudited=True)  # a count of the machine's, nobody's deed
        session.execute(statement.values(attempts=ImportRun.attempts + 1, rows_read=0, updated_at=clock.now()))
        run = session.get(ImportRun, run_id)
        if run is None or run.state is not state:
            return None
        account = session.get_one(Account, run.started_by_id)
        # A password reset since then does not stop what the person was let in to ask for.
        actor = replace(actor_of(session, account, session_id=None, ip=""), must_change_password=False)
    if run.attempts <= MAX_ATTEMPTS:
        return run, actor
    with in_locale(actor.locale):
        told = gettext("The import was begun {count} times and broke off each time. Tell your administrator.")
        _fail(run_id, state, actor, told.format(count=MAX_ATTEMPTS))
    return None


def _check(run: ImportRun, actor: Actor) -> None:
    began = clock.now()
    importer = importer_of(run.entity)
    with ExitStack() as stack, use_case(actor, importer.action) as session:
        with _opened(session, run) as (planned, table):
            findings = stack.enter_context(closing(Findings(session, planned, run.pk)))
            examiner = Examiner(session, actor, planned)
            writer = Writer(session, actor, planned, examiner) if importer.rehearsed else None
            # Without a writer, examined rows hold values that must not reach the database by a query's flush.
            session.autoflush = writer is not None
            for drafts in _told(run, table, examiner):
                if writer is not None:
                    writer.write(drafts)
                else:
                    examiner.examine(drafts)
                findings.add(drafts)
                session.expunge_all()
        session.rollback()  # whatever was stored was a rehearsal
        if not findings.counts.total():
            raise UserError(N_("There is no row below the titles."))
        _keep_findings(run, actor, findings, began)


def _apply(run: ImportRun, actor: Actor) -> None:
    importer = importer_of(run.entity)
    with ExitStack() as stack, use_case(actor, importer.action) as session:
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"import.{run.entity}"))))
        with _opened(session, run, since=run.checked_at) as (planned, table):
            findings = stack.enter_context(closing(Findings(session, planned, run.pk)))
            examiner = Examiner(session, actor, planned)
            writer = Writer(session, actor, planned, examiner)
            for drafts in _told(run, table, examiner):
                writer.write(drafts)
                findings.add(drafts)
                _refuse_half(run, findings)
                session.expunge_all()
        _finish(session, run, findings)


@contextmanager
def _opened(session: Session, run: ImportRun, since: datetime | None = None) -> Iterator[tuple[Plan, readers.Table]]:
    """Open a run's file behind its titles."""
    importer = importer_of(run.entity)
    with files.local_copy(run.sha256) as path, readers.table(path, run.sheet) as table:
        line = [cells for _number, cells in islice(table.rows, run.header_row)]
        titles = header.titles(line[-1]) if len(line) == run.header_row else []
        yield (
            Plan(
                importer=importer,
                specs={spec.key: spec for spec in plan.importable(session, importer)},
                columns=plan.columns(session, importer, titles, run.mapping, from_csv=table.from_csv),
                titles=titles,
                clear_empty=run.clear_empty,
                answers=_answers(session, run.pk),
                since=since,
            ),
            table,
        )


def _answers(session: Session, run_id: int) -> dict[int, Answer]:
    rows = session.exec(select(ImportQuestion).where(ImportQuestion.run_id == run_id)).all()
    return {row.row_number: Answer(row.decision, row.same_id) for row in rows}


def _told(run: ImportRun, table: readers.Table, examiner: Examiner) -> Iterator[list[Draft]]:
    """Return the batches of a file, telling how far it is read; stops when the run was cancelled."""
    told_at, total = 0.0, max(table.total - run.header_row, 0)
    done = 0
    for drafts in examiner.batches(table.rows):
        yield drafts
        done += len(drafts)
        if time.monotonic() - told_at >= _TOLD_EVERY:
            _progress(run, done, max(total, done))
            told_at = time.monotonic()


def _progress(run: ImportRun, done: int, total: int) -> None:
    """Tell how far the run is, in a transaction of its own.

    Raises:
        _CancelledError: it is no longer in the state it was begun in.
    """
    statement = update(ImportRun).where(col(ImportRun.id) == run.pk, col(ImportRun.state) == run.state)
    statement = statement.execution_options(unaudited=True)  # a count of the machine's, nobody's deed
    values = {"rows_read": done, "rows_total": total, "updated_at": clock.now()}
    with transaction(actor=SYSTEM) as session:
        if session.execute(statement.values(values).returning(col(ImportRun.id))).one_or_none() is None:
            raise _CancelledError


def _keep_findings(run: ImportRun, actor: Actor, findings: Findings, began: datetime) -> None:
    book = findings.book.finish()
    with transaction(actor=actor) as session:
        row = _held(session, run)
        _count(session, row, findings, book)
        row.checked_at, row.preview = began, findings.preview
        row.rows_asked = findings.counts[Kind.ASKED]
        session.execute(delete(ImportQuestion).where(col(ImportQuestion.run_id) == run.pk))
        session.add_all(findings.questions)
        row.state = ImportState.READY
        if not set(findings.counts) - {Kind.SAME, Kind.LEFT_OUT}:
            row.state, row.finished_at = ImportState.DONE, clock.now()
            row.message = gettext("Nothing to change: every row of the file is there already, just as it is.")


def _refuse_half(run: ImportRun, findings: Findings) -> None:
    """Give up as soon as a row cannot be stored, unless only the good ones were asked for."""
    bad = findings.counts[Kind.BAD] + findings.counts[Kind.ASKED]
    if bad and not run.good_rows_only:
        first = findings.problems[0].reason if findings.problems else ""
        raise UserError(
            N_("Nothing was imported: what was checked no longer holds. {reason} Check the file again."),
            reason=first,
        )


def _finish(session: Session, run: ImportRun, findings: Findings) -> None:
    row = _held(session, run)
    _count(session, row, findings, findings.book.finish())
    row.rows_asked = 0
    row.rows_left_out = findings.counts[Kind.LEFT_OUT] + findings.counts[Kind.ASKED]
    row.state, row.finished_at = ImportState.DONE, clock.now()
    counts = {kind.value: count for kind, count in findings.counts.items()}
    audit_trail.note(session, "import_run", run.pk, "applied", of=run.entity, file=run.file_name, rows=counts)


def _held(session: Session, run: ImportRun) -> ImportRun:
    """Return the run's row, held until the transaction ends.

    Raises:
        _CancelledError: it is no longer in the state it was begun in.
    """
    row = session.exec(select(ImportRun).where(ImportRun.id == run.pk).with_for_update()).one()
    if row.state is not run.state:
        raise _CancelledError
    return row


def _count(session: Session, row: ImportRun, findings: Findings, book: bytes) -> None:
    counts = findings.counts
    row.rows_total = row.rows_read = counts.total()
    row.rows_new, row.rows_changed, row.rows_same = counts[Kind.NEW], counts[Kind.CHANGED], counts[Kind.SAME]
    row.rows_bad, row.rows_left_out = counts[Kind.BAD], counts[Kind.LEFT_OUT]
    row.problems_sha256 = files.store(book, limit=len(book)).sha256 if book else ""
    session.execute(delete(ImportProblem).where(col(ImportProblem.run_id) == row.pk))
    session.add_all(findings.problems)


def _fail(run_id: int, state: ImportState, actor: Actor, message: str) -> None:
    with transaction(actor=actor) as session:
        row = session.exec(select(ImportRun).where(ImportRun.id == run_id).with_for_update()).one()
        if row.state is state:
            row.state, row.message, row.finished_at = ImportState.FAILED, message[:500], clock.now()
