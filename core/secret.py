"""The secret that signs cookies and tokens, and what must be set before the product may start."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from core.errors import UserError
from core.i18n import N_, gettext
from core.settings import settings

MIN_LENGTH = 32
_UNSET = N_("QIANQI_SECRET_KEY is not set: production mode needs one of at least {count} characters.")
_SHORT = N_("QIANQI_SECRET_KEY is too short: it needs at least {count} characters.")
_NO_LIST = N_("QIANQI_LEAKED_PASSWORDS names a file that cannot be read: {file}")
_OIDC = N_("QIANQI_OIDC_ISSUER is set, but not QIANQI_OIDC_CLIENT_ID and QIANQI_OIDC_CLIENT_SECRET.")


def secret_key() -> str:
    """Return the secret of the settings; in demo mode one made at first use and kept in the data folder.

    Raises:
        UserError: it is too short, or not set in production mode.
    """
    return given_key() or _kept(own_file())


def given_key() -> str:
    """Return the secret of the settings; empty where none is set and none must be.

    Raises:
        UserError: see `secret_key`.
    """
    given = settings().secret_key
    key = given.get_secret_value() if given else ""
    if key and len(key) < MIN_LENGTH:
        raise UserError(_SHORT, count=MIN_LENGTH)
    if not key and settings().mode == "production":
        raise UserError(_UNSET, count=MIN_LENGTH)
    return key


def own_file() -> Path:
    """Return where the secret lies that is made when none is set; it need not be there."""
    return settings().data_dir / "secret.key"


def startup_problems() -> list[str]:
    """Return what forbids a start with these settings, a sentence each in the present language; usually nothing."""
    problems = []
    try:
        secret_key()
    except UserError as problem:
        problems.append(str(problem))
    oidc = settings().oidc_client_id, settings().oidc_client_secret.get_secret_value()
    if settings().oidc_issuer and not all(oidc):
        problems.append(gettext(_OIDC))
    leaked = settings().leaked_passwords
    if leaked and not _holds_something(Path(leaked)):
        problems.append(gettext(_NO_LIST).format(file=leaked))
    return problems


def _holds_something(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            return bool(stream.read(1))
    except OSError:
        return False


def _kept(file: Path) -> str:
    """Return the secret in `file`, made there by the first process that asks."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=file.parent)  # readable by this account only
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(secrets.token_urlsafe(48))
    draft = Path(name)
    with suppress(FileExistsError):
        file.hardlink_to(draft)  # whole or not at all, whoever else starts at the same time
    draft.unlink()
    return file.read_text("ascii")
