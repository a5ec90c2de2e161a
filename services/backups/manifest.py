"""What an archive says of itself: made from what, and what must be in it."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

FORMAT = 1


@dataclass(frozen=True)
class TableFacts:
    """One table.

    Args:
        columns: the columns whose values are kept, in order; computed ones are not among them.
        rows: how many rows.
        sha256: of all rows, in the order of the primary key, in the text form of PostgreSQL's COPY.
    """

    columns: list[str]
    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """The last member of an archive.

    Args:
        format: which form of archive it is.
        version: the release that made it.
        migration: the last migration of its tables.
        postgres: the server it came from.
        at: the moment its rows and files are as of.
        secret: shows whether a secret key is the one of that installation, and nothing else about it.
        tables: by name.
        sequences: the last value of each, and whether it has been given.
        files: how many files there are.
        size: how large they are together, in bytes.
        missing: files that rows refer to and the store did not have, or had changed.
    """

    format: int
    version: str
    migration: str
    postgres: str
    at: datetime
    secret: str
    tables: dict[str, TableFacts]
    sequences: dict[str, tuple[int, bool]]
    files: int = 0
    size: int = 0
    missing: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows there are in all tables."""
        return sum(each.rows for each in self.tables.values())

    def as_json(self) -> bytes:
        """Return it as it stands in the archive."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, default=_moment).encode()


def read(content: bytes) -> Manifest:
    """Return the manifest that `as_json` wrote.

    Raises:
        ValueError: it is none, or of another form.
    """
    given: dict[str, Any] = json.loads(content)
    if given.get("format") != FORMAT:
        raise ValueError(f"unknown form {given.get('format')}")
    try:
        given["at"] = datetime.fromisoformat(given["at"])
        given["tables"] = {name: TableFacts(**facts) for name, facts in given["tables"].items()}
        given["sequences"] = {name: (int(last), bool(called)) for name, (last, called) in given["sequences"].items()}
        return Manifest(**given)
    except (KeyError, TypeError) as problem:
        raise ValueError(str(problem)) from problem


def _moment(value: object) -> str:
    assert isinstance(value, datetime)  # noqa: S101 - nothing else is left to be written
    return value.isoformat()
