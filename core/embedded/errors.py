"""What keeps embedded servers from running."""

import errno
from pathlib import Path

from core.errors import UserError
from core.i18n import N_


class ServerError(UserError):
    """An embedded server cannot run; the text is one sentence that says why and what to do."""


def folder_unusable(folder: Path, problem: OSError) -> ServerError:
    """Return the error for a folder that cannot be made or written."""
    if problem.errno == errno.ENOSPC:
        return disk_full(folder)
    return ServerError(
        N_("The data folder {folder} cannot be used ({reason}): choose another with QIANQI_DATA_DIR."),
        folder=folder,
        reason=problem.strerror,
    )


def disk_full(folder: Path, free: int = 0) -> ServerError:
    """Return the error for a full disk."""
    return ServerError(
        N_("The disk of {folder} is full ({free} MiB left): free some space, or choose another with QIANQI_DATA_DIR."),
        folder=folder,
        free=free,
    )
