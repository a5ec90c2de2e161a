"""Making a backup: written, read again to its end, and only then given its name."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import psycopg

from core import clock, secret
from core.db import transaction
from core.errors import NotFoundError, PassingError, UserError
from core.settings import settings
from services import audit_trail, files
from services.actor import SYSTEM
from services.backups import archive, checking, manifest, places, snapshot
from services.backups.archive import MANIFEST, SECRET, Writer
from services.backups.manifest import Manifest

ENTITY = "backup"
MADE = "made"
MISSING = "missing"
"""Under which the audit log has how many files were not to be had."""


@dataclass(frozen=True)
class Made:
    """A backup that was made and checked.

    Args:
        name: of the archive.
        place: where it lies.
        size: of the archive, in bytes.
        manifest: what is in it.
        sealed: whether it is encrypted.
    """

    name: str
    place: str
    size: int
    manifest: Manifest
    sealed: bool


def make(to: str = "") -> Made:
    """Back up the database and every file it refers to, as of now, while people work on.

    Args:
        to: a folder, or `s3://bucket/prefix`; empty for the one of the settings.

    Raises:
        UserError: the place or the store of files does not answer, the disk is full, or the key is too short;
            nothing is left of the attempt.
    """
    place, at = places.Place(to), clock.now()
    name = places.name_of(at)
    with place.draft(name) as draft:
        written = _write(draft, at)
        size = draft.stat().st_size
        checking.check(draft)
        place.keep(name, draft)
    if place.is_remote:
        with place.local(name) as copy:
            checking.check(copy)
    _note(name, size, written)
    return Made(name, place.address, size, written, bool(checking.key()))


def fingerprint(key: str, salt: str = "") -> str:
    """Return what shows later whether a secret is the same, and is of no use for finding it.

    Args:
        key: the secret.
        salt: the beginning of an earlier fingerprint, to compare with it; empty for a new one.
    """
    salt = salt or secrets.token_hex(8)
    return f"{salt}:{hmac.digest(salt.encode(), hashlib.sha256(key.encode()).digest(), 'sha256').hex()[:32]}"


def is_same_secret(kept: str) -> bool:
    """Return whether the present secret key is the one a fingerprint was made of."""
    return hmac.compare_digest(kept, fingerprint(secret.secret_key(), kept.partition(":")[0]))


def _write(draft: Path, at: datetime) -> Manifest:
    with snapshot.taken(settings().database_url) as connection, archive.writing(draft, checking.key()) as writer:
        tables = {
            each.name: writer.table(each.name, each.columns, snapshot.rows(connection, each))
            for each in snapshot.tables(connection)
        }
        facts = Manifest(
            format=manifest.FORMAT, version=version("qianqi"), migration=snapshot.migration(connection),
            postgres=_server(connection), at=at, secret=fingerprint(secret.secret_key()), tables=tables,
            sequences=snapshot.sequences(connection),
        )  # fmt: skip
        facts = _with_files(writer, facts, snapshot.files(connection))
        if checking.key() and secret.own_file().exists():
            writer.content(SECRET, secret.own_file().read_bytes())
        writer.content(MANIFEST, facts.as_json())
    return facts


def _with_files(writer: Writer, facts: Manifest, names: list[str]) -> Manifest:
    """Write the files rows refer to: they are in the store before their rows, and nobody removes or changes them."""
    count, size, missing = 0, 0, []
    for sha256 in names:
        try:
            with files.local_copy(sha256) as path:
                size += writer.file(sha256, path)
                count += 1
        except PassingError:
            raise
        except (NotFoundError, UserError):  # not there, or no longer what was put in: all else is still worth keeping
            missing.append(sha256)
    return replace(facts, files=count, size=size, missing=missing)


def _server(connection: psycopg.Connection) -> str:
    return connection.info.parameter_status("server_version") or ""


def _note(name: str, size: int, made: Manifest) -> None:
    with transaction(actor=SYSTEM, action=MADE) as session:
        facts = {"size": size, "rows": made.rows, "files": made.files, MISSING: len(made.missing)}
        audit_trail.note(session, ENTITY, name, MADE, **facts)
