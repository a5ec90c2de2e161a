"""The file of settings: refused if it cannot be read, or sets what the product does not know."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic_settings import DotEnvSettingsSource

from core.errors import UserError
from core.i18n import LOCALES, N_, in_locale
from core.settings import ENV_FILE, PREFIX, Settings

_OWN = {ENV_FILE, "QIANQI_SUPERVISOR", "QIANQI_PREPARING_FILE"}
"""What processes of the product tell each other beside the settings."""
_UNREADABLE = N_("The file {file} that QIANQI_ENV_FILE names cannot be read ({reason}).")
_NOT_UTF_8 = N_("The file {file} is not in UTF-8: save it in that encoding.")
_UNKNOWN = N_("The file {file} sets {names}, which is no setting: correct the name, or remove the line.")


class EnvFileError(UserError):
    """The file of settings cannot be used."""

    def __str__(self) -> str:
        """Return the text in the language of the environment."""
        with without_settings():
            return super().__str__()


@contextmanager
def without_settings() -> Iterator[None]:
    """Speak the language of the environment in the block, for the settings, which name one, cannot be read."""
    named = os.environ.get("QIANQI_DEFAULT_LOCALE", "")
    with in_locale(named if named in LOCALES else "zh_CN"):
        yield


def check(file: str) -> None:
    """Make sure that a file of settings can be read and sets nothing unknown.

    Raises:
        EnvFileError: it cannot, or it does.
    """
    try:
        with Path(file).open("rb"):
            pass
        given = DotEnvSettingsSource(Settings, file, "utf-8").env_vars if Path(file).is_file() else {}
    except OSError as problem:
        raise EnvFileError(_UNREADABLE, file=file, reason=problem.strerror) from problem
    except UnicodeDecodeError as problem:
        raise EnvFileError(_NOT_UTF_8, file=file) from problem
    if names := unknown(given):
        raise EnvFileError(_UNKNOWN, file=file, names=", ".join(names))


def unknown(names: Iterable[str]) -> list[str]:
    """Return which names look like settings and are none, by name."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | _OWN
    return sorted({each.upper() for each in names if each.upper().startswith(PREFIX)} - known)
