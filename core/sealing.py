"""Files that show whether they are whole: written and read as streams, in bounded memory, unreadable if a key is given.

With a key, the content is encrypted by the STREAM construction (Hoang, Reyhanitabar, Rogaway and Vizár, 2015; the same
that `age` uses): pieces under AES-256-GCM, whose nonce is the piece's number and whether it is the last. So no piece
can be changed, left out, moved, or cut off at the end, and nothing that was not written with the key is ever handed
on. The key of each file is derived by scrypt from the one given and a random salt, so no nonce is ever used twice.

Without a key, the content stands as it is, followed by its SHA-256: that shows accidents, not intent.
"""

import hashlib
import hmac
import io
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import UserError
from core.i18n import N_

MIN_KEY = 16
_SEALED, _PLAIN = b"QIANQI-SEALED-1\n", b"QIANQI-PLAIN--1\n"
BEGINNING = len(_SEALED)
"""How many bytes tell whether a file was written with a key."""
_SALT, _TAG, _PIECE = 16, 16, 1 << 18
_HEAD = len(_SEALED) + _SALT + 32
_TAIL = 32 + len(_PLAIN)
_WRONG_KEY = N_("The file {file} cannot be opened with this key: set QIANQI_BACKUP_KEY to the one it was made with.")
_NO_KEY = N_("The file {file} is encrypted: set QIANQI_BACKUP_KEY to the key it was made with.")
_DAMAGED = N_("The file {file} is damaged or cut off: use another one.")
_SHORT_KEY = N_("QIANQI_BACKUP_KEY is too short: it needs at least {count} characters.")


class SealError(UserError):
    """A file cannot be opened: another key, or it is not whole."""


def damaged(file: Path) -> SealError:
    """Return the error for a file that is not as it was written."""
    return SealError(_DAMAGED, file=file.name)


def is_sealed(file: Path) -> bool:
    """Return whether a file was written with a key."""
    with file.open("rb") as stream:
        return begins_sealed(stream.read(BEGINNING))


def begins_sealed(beginning: bytes) -> bool:
    """Return whether what begins so, with `BEGINNING` bytes, was written with a key."""
    return beginning == _SEALED


@contextmanager
def written(file: Path, key: str) -> Iterator[BinaryIO]:
    """Write a file, which is on disk whole when the block has ended; mode 600.

    Args:
        file: must not exist yet.
        key: empty to leave it readable.

    Raises:
        SealError: the key is too short.
        OSError: it cannot be written; what was begun is left to the caller.
    """
    if key and len(key) < MIN_KEY:
        raise SealError(_SHORT_KEY, count=MIN_KEY)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:
        stream = _Sealing(raw, key) if key else _Hashing(raw)
        yield stream  # type: ignore[misc]  # a raw stream is all that is asked for
        stream.end()
        raw.flush()
        os.fsync(raw.fileno())


@contextmanager
def opened(file: Path, key: str) -> Iterator[BinaryIO]:
    """Read what `written` wrote; what is read has been proved already, the end by reading up to it.

    Raises:
        SealError: another key, or the file is not as it was written; also while reading.
        OSError: it cannot be read.
    """
    with file.open("rb") as raw:
        head = raw.read(_HEAD)
        if head.startswith(_SEALED):
            yield io.BufferedReader(_Opening(raw, file, _cipher_for(file, head, key)), _PIECE)
        else:
            yield io.BufferedReader(_Proved(raw, file), _PIECE)


class _Sealing(io.RawIOBase):
    def __init__(self, raw: BinaryIO, key: str) -> None:
        salt = secrets.token_bytes(_SALT)
        secret, proof = _derived(key, salt)
        raw.write(_SEALED + salt + _mac(proof, salt))
        self._raw, self._cipher = raw, AESGCM(secret)
        self._kept, self._number = bytearray(), 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._kept += data
        while len(self._kept) > _PIECE:  # the last piece is never empty unless all is
            self._put(bytes(self._kept[:_PIECE]), last=False)
            del self._kept[:_PIECE]
        return len(data)

    def end(self) -> None:
        self._put(bytes(self._kept), last=True)

    def _put(self, piece: bytes, *, last: bool) -> None:
        self._raw.write(self._cipher.encrypt(_nonce(self._number, last=last), piece, None))
        self._number += 1


class _Opening(io.RawIOBase):
    def __init__(self, raw: BinaryIO, file: Path, cipher: AESGCM) -> None:
        self._raw, self._file, self._cipher = raw, file, cipher
        self._number, self._ended, self._ready = 0, False, b""
        self._ahead = raw.read(_PIECE + _TAG)

    def readable(self) -> bool:
        return True

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]
        if not self._ready and not self._ended:
            self._ready = self._next()
        taken = self._ready[: len(target)]
        target[: len(taken)] = taken
        self._ready = self._ready[len(taken) :]
        return len(taken)

    def _next(self) -> bytes:
        piece, self._ahead = self._ahead, self._raw.read(_PIECE + _TAG)
        self._ended = not self._ahead
        try:
            content = self._cipher.decrypt(_nonce(self._number, last=self._ended), piece, None)
        except (InvalidTag, ValueError):  # the latter: shorter than a tag
            raise damaged(self._file) from None
        self._number += 1
        return content


class _Hashing(io.RawIOBase):
    def __init__(self, raw: BinaryIO) -> None:
        self._raw, self._digest = raw, hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._digest.update(data)
        return self._raw.write(data)

    def end(self) -> None:
        self._raw.write(self._digest.digest() + _PLAIN)


class _Proved(io.RawIOBase):
    """Content without a key: read once to prove it, then handed on."""

    def __init__(self, raw: BinaryIO, file: Path) -> None:
        size = raw.seek(0, os.SEEK_END) - _TAIL
        if size < 0:
            raise damaged(file)
        raw.seek(0)
        digest, left = hashlib.sha256(), size
        while left and (part := raw.read(min(_PIECE, left))):
            digest.update(part)
            left -= len(part)
        if raw.read(_TAIL) != digest.digest() + _PLAIN:
            raise damaged(file)
        raw.seek(0)
        self._raw, self._left = raw, size

    def readable(self) -> bool:
        return True

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]
        taken = self._raw.read(min(len(target), self._left))
        target[: len(taken)] = taken
        self._left -= len(taken)
        return len(taken)


def _cipher_for(file: Path, head: bytes, key: str) -> AESGCM:
    if not key:
        raise SealError(_NO_KEY, file=file.name)
    salt, mac = head[len(_SEALED) :][:_SALT], head[len(_SEALED) + _SALT :]
    secret, proof = _derived(key, salt)
    if not hmac.compare_digest(mac, _mac(proof, salt)):
        raise SealError(_WRONG_KEY, file=file.name)
    return AESGCM(secret)


def _derived(key: str, salt: bytes) -> tuple[bytes, bytes]:
    """Return the file's key and the one that proves its head: scrypt with 32 MiB, so that guessing words is slow."""
    both = hashlib.scrypt(key.encode(), salt=salt, n=1 << 15, r=8, p=1, maxmem=64 << 20, dklen=64)
    return both[:32], both[32:]


def _mac(proof: bytes, salt: bytes) -> bytes:
    return hmac.digest(proof, _SEALED + salt, "sha256")


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
