"""Imports of files: remembered column mappings, runs, and what a run found."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, UniqueConstraint

from core.i18n import N_
from models.base import LabelledEnum, Row, json_column, moment_column
from models.base import column as declare


class ImportMapping(Row, table=True):
    """Which column of a file feeds which field, remembered by the file's header line."""

    __tablename__ = "import_mapping"
    __table_args__ = (UniqueConstraint("entity", "header_hash"),)

    entity: str = Field(max_length=40)
    header_hash: str = Field(max_length=64)
    mapping: dict[str, str] = json_column()
    """Column title → field key."""


class ImportState(LabelledEnum):
    """Where an import stands."""

    MAPPING = "mapping", N_("Columns to be matched")
    CHECKING = "checking", N_("Checking")
    READY = "ready", N_("Ready to import")
    IMPORTING = "importing", N_("Importing")
    DONE = "done", N_("Done")
    FAILED = "failed", N_("Failed")
    CANCELLED = "cancelled", N_("Cancelled")


AT_WORK = (ImportState.CHECKING, ImportState.IMPORTING)
"""States in which a worker has a run in hand, or is owed to."""


class ImportRun(Row, table=True):
    """One import of one file, checked and carried out by a worker."""

    __tablename__ = "import_run"

    entity: str = Field(max_length=40)
    file_name: str = Field(max_length=200)
    sha256: str = Field(max_length=64)
    sheet: str = Field(default="", max_length=200)
    header_row: int = Field(default=0)
    """Number of the row that holds the titles, as the spreadsheet shows it; 0 means that there is none yet."""
    header_hash: str = Field(default="", max_length=64)
    mapping: dict[str, str] = json_column()
    """Column title → field key."""
    clear_empty: bool = Field(default=False)
    """Whether an empty cell empties the field; otherwise the value that is there stays."""
    good_rows_only: bool = Field(default=False)
    state: ImportState = declare(N_("State"), choices=ImportState, default=ImportState.MAPPING)
    rows_total: int = Field(default=0)
    rows_read: int = Field(default=0)
    rows_new: int = Field(default=0)
    rows_changed: int = Field(default=0)
    rows_same: int = Field(default=0)
    rows_bad: int = Field(default=0)
    rows_asked: int = Field(default=0)
    """Rows that wait for somebody to say whether they are an enterprise that is there already."""
    rows_left_out: int = Field(default=0)
    """Rows left out on purpose when the import was carried out."""
    attempts: int = Field(default=0)
    """How often a worker has begun the present step; more than one means that a worker died at it."""
    checked_at: datetime | None = moment_column(default=None)
    """When the check began: rows changed by others since then are told instead of overwritten."""
    problems_sha256: str = Field(default="", max_length=64)
    """The workbook of the bad rows, in the store of files."""
    preview: list[dict[str, Any]] = json_column(list)
    """The first new and changed rows, for the page."""
    message: str = Field(default="", max_length=500)
    started_by_id: int = Field(foreign_key="account.id", index=True)
    finished_at: datetime | None = moment_column(default=None)


class ImportProblem(Row, table=True):
    """What is wrong with one cell, or with one row as a whole; only the first of a run are kept for the page."""

    __tablename__ = "import_problem"
    audited = False

    run_id: int = Field(foreign_key="import_run.id", index=True, ondelete="CASCADE")
    row_number: int
    column: str = Field(default="", max_length=200)
    """The column's title in the file; empty where the row as a whole is meant."""
    value: str = Field(default="", max_length=200)
    reason: str = Field(max_length=500)


class Decision(LabelledEnum):
    """What is to happen with a row whose name is like one that is there already."""

    OPEN = "open", N_("Not decided yet")
    NEW = "new", N_("A new entry")
    SAME = "same", N_("The same as the existing one")
    SKIP = "skip", N_("Do not import")


class ImportQuestion(Row, table=True):
    """A row that may be an entry which is there already: never decided by the product itself."""

    __tablename__ = "import_question"
    __table_args__ = (UniqueConstraint("run_id", "row_number"),)
    audited = False

    run_id: int = Field(foreign_key="import_run.id", ondelete="CASCADE")
    row_number: int
    name: str = Field(max_length=200)
    candidates: list[dict[str, Any]] = json_column(list)
    """The entries it may be, the most alike first: id and text."""
    decision: Decision = declare(N_("Decision"), choices=Decision, default=Decision.OPEN)
    same_id: int | None = Field(default=None)
    """Which entry it is, when the decision says "the same"."""
