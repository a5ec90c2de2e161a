"""The operating-system account that embedded servers run as.

PostgreSQL refuses to run as root. Started by root, the servers run as a system account and own their folders, and
nothing else: no folder above them is changed.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.embedded.errors import ServerError, folder_unusable
from core.i18n import N_

NAME = "qianqi"


def server_account() -> pwd.struct_passwd | None:
    """Return the account servers must run as, or `None` for the present one, which is not root.

    The account is made when it is missing; where that is impossible, `nobody` takes its place.
    """
    if os.geteuid() != 0:
        return None
    for name in (NAME, "nobody"):
        if found := _find(name) or (_create(name) if name == NAME else None):
            return found
    raise ServerError(N_("Started by root, the embedded servers need a system account: run `useradd --system qianqi`."))


def name_of(number: int) -> str:
    """Return the name of an account, or its number if it has none here."""
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def run_as(account: pwd.struct_passwd | None) -> dict[str, Any]:
    """Return the arguments that make `subprocess` start a program as `account`."""
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def own_folder(folder: Path, account: pwd.struct_passwd | None) -> None:
    """Make `folder` a private folder of `account`, leaving its parents as they are.

    Raises:
        ServerError: the folder cannot be written, or the account cannot get there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        if account is not None:
            os.chown(folder, account.pw_uid, account.pw_gid)
    except OSError as problem:
        raise folder_unusable(folder, problem) from problem
    if account is not None and not _can(account, "-w", folder):
        raise ServerError(
            N_(
                "Started by root, the servers run as the account {account}, which cannot reach {folder}: "
                "choose a data folder outside private folders with QIANQI_DATA_DIR."
            ),
            account=account.pw_name,
            folder=folder,
        )


def give(file: Path, account: pwd.struct_passwd | None) -> None:
    """Hand an own file to `account`."""
    if account is not None:
        os.chown(file, account.pw_uid, account.pw_gid)


def reachable_programs(
    program: Path, parts: Sequence[Path], root: Path, copies: Path, account: pwd.struct_passwd | None
) -> Path:
    """Return where `account` can run `program`: in place, or from a copy when it lies in a private folder.

    Args:
        program: the program.
        parts: files and folders that must be copied with it.
        root: the folder that contains all of them; a copy keeps their places relative to it.
        copies: where a copy goes; its name ends in `-` and the version, and copies of other versions are deleted.
        account: who runs it; `None` means the present account.
    """
    if account is None or _can(account, "-x", program):
        return program
    if not copies.exists():
        _copy(parts, root, copies)
    return copies / program.relative_to(root)


def _copy(parts: Sequence[Path], root: Path, copies: Path) -> None:
    unfinished = copies.with_name(f"{copies.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    for part in parts:
        target = unfinished / part.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        if part.is_dir():
            shutil.copytree(part, target, symlinks=True)
        else:
            shutil.copy2(part, target)
    unfinished.rename(copies)
    for other in copies.parent.glob(f"{copies.name.rpartition('-')[0]}-*"):
        if other != copies:
            shutil.rmtree(other)


def _find(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _create(name: str) -> pwd.struct_passwd | None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        return None
    command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name]
    subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - a fixed command
    return _find(name)


def _can(account: pwd.struct_passwd, test: str, path: Path) -> bool:
    command = ["/bin/sh", "-c", 'test "$0" "$1"', test, str(path)]
    return subprocess.run(command, check=False, cwd="/", **run_as(account)).returncode == 0  # noqa: S603
