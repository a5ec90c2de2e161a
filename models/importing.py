"""Imports of files: remembered column mappings and runs."""

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

    CHECKING = "checking", N_("Checking")
    READY = "ready", N_("Ready to import")
    IMPORTING = "importing", N_("Importing")
    DONE = "done", N_("Done")
    FAILED = "failed", N_("Failed")
    CANCELLED = "cancelled", N_("Cancelled")


class ImportRun(Row, table=True):
    """One import of one file, checked and carried out by a worker."""

    __tablename__ = "import_run"

    entity: str = Field(max_length=40)
    file_name: str = Field(max_length=200)
    sha256: str = Field(max_length=64)
    mapping: dict[str, str] = json_column()
    good_rows_only: bool = Field(default=False)
    state: ImportState = declare(N_("State"), choices=ImportState, default=ImportState.CHECKING)
    rows_total: int = Field(default=0)
    rows_read: int = Field(default=0)
    rows_new: int = Field(default=0)
    rows_changed: int = Field(default=0)
    rows_same: int = Field(default=0)
    rows_bad: int = Field(default=0)
    message: str = Field(default="", max_length=500)
    started_by_id: int = Field(foreign_key="account.id")
    finished_at: datetime | None = moment_column(default=None)


class ImportProblem(Row, table=True):
    """Why one row of a file cannot be imported."""

    __tablename__ = "import_problem"
    audited = False

    run_id: int = Field(foreign_key="import_run.id", index=True, ondelete="CASCADE")
    row_number: int
    column: str = Field(default="", max_length=200)
    reason: str = Field(max_length=500)
    values: dict[str, Any] = json_column()
