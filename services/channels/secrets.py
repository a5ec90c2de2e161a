"""Addresses with their keys and passwords, unreadable in the database and its backups.

They are encrypted with a key derived from the product's secret. Whoever changes that secret must enter them again:
this is told where it matters, and nothing that waits to be sent is lost by it.
"""

import base64
import json
from collections.abc import Mapping
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.i18n import N_
from core.secret import secret_key
from core.settings import settings

UNREADABLE = N_("The address can no longer be read, because QIANQI_SECRET_KEY has changed. Enter it again.")
_PURPOSE = b"qianqi: addresses of channels"


class UnreadableError(Exception):
    """What was kept cannot be read with the present secret."""

    def __str__(self) -> str:
        """Return what to do about it, a message id."""
        return UNREADABLE


def seal(fields: Mapping[str, str]) -> str:
    """Return the fields of an address in the form they are kept in."""
    return _cipher(_present()).encrypt(json.dumps(dict(fields), ensure_ascii=False).encode()).decode("ascii")


def unseal(kept: str) -> dict[str, str]:
    """Return the fields that `seal` was given.

    Raises:
        UnreadableError: the product's secret has changed since, or nothing was kept.
    """
    try:
        found = json.loads(_cipher(_present()).decrypt(kept.encode()))
    except InvalidToken:
        raise UnreadableError from None
    return {str(name): str(value) for name, value in found.items()}


def is_readable(kept: str) -> bool:
    """Return whether `unseal` could read it."""
    try:
        unseal(kept)
    except UnreadableError:
        return False
    return True


def _present() -> tuple[str, str]:
    """Return what the secret depends on, so that it is not looked up in a file for each address."""
    given = settings().secret_key
    return given.get_secret_value() if given else "", str(settings().data_dir)


@cache
def _cipher(_depends_on: tuple[str, str]) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret_key().encode())
    return Fernet(base64.urlsafe_b64encode(derived))
