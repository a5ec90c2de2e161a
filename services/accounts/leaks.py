"""Passwords known from leaks, in the file an operator names: the whole list is too large to build in."""

import hashlib
import mmap
from pathlib import Path

from core.settings import settings


def is_leaked(password: str) -> bool:
    """Return whether the list of leaked passwords has a password; without a list none is known.

    The file has a line for each password, its SHA-1 in hexadecimal capitals and, after a colon, how often it was seen;
    lines are in order, as Have I Been Pwned publishes them. It is searched where it lies: some 40 GB take 40 looks.

    Raises:
        OSError: the file cannot be read any more.
    """
    named = settings().leaked_passwords
    if not named:
        return False
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with Path(named).open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as lines:
        return _has(lines, digest)


def _has(lines: mmap.mmap, digest: bytes) -> bool:
    """Look in the middle of what is left: a line begins at `low`, and `high` is its end or the beginning of one."""
    low, high = 0, len(lines)
    while low < high:
        begin = lines.rfind(b"\n", low, (low + high) // 2) + 1 or low
        found = lines[begin : begin + len(digest)]
        if found == digest:
            return True
        if found > digest:
            high = begin
            continue
        end = lines.find(b"\n", begin, high)
        low = high if end < 0 else end + 1
    return False
