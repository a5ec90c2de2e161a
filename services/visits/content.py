"""What a person enters about a visit: the content of a draft, and of a hand-in before it is checked."""

from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from services.issues.saying import Said


class FileEntry(BaseModel):
    """A file already in the file store."""

    sha256: str
    file_name: str
    media_type: str
    size: int


class IssueEntry(Said):
    """Something the enterprise said that becomes an issue; `uid` keeps the lines of a draft apart."""

    uid: str


class PromiseEntry(BaseModel):
    """Something the visitor said they would do."""

    uid: str
    text: str = ""
    due_on: date | None = None


class Content(BaseModel):
    """Everything entered about a visit, checked or not."""

    mode: str | None = None
    outcome: str | None = None
    met: list[int] = []
    """Contacts of the enterprise that were met."""
    met_person: str = ""
    """Somebody met who is not among them."""
    met_phone: str = ""
    save_contact: bool = True
    answers: dict[str, Any] = {}
    files: dict[str, list[FileEntry]] = {}
    """Question key → files that answer it."""
    extra: dict[str, Any] = {}
    issues: list[IssueEntry] = []
    promises: list[PromiseEntry] = []
    photos: list[FileEntry] = []
    summary: str = Field("", description="what else is worth knowing; the note where nobody was met")

    def how(self) -> dict[str, Any]:
        """Return how it was made and what came of it, which the administrator's own fields can depend on, by key."""
        return {"mode": self.mode, "outcome": self.outcome}
