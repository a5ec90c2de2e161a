"""One data folder, one running copy: the lock, and how other commands find the servers of the running copy."""

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path

from pydantic import SecretStr

from core import db, migrate, queue
from core.embedded import EmbeddedPostgres, EmbeddedValkey, ServerError
from core.embedded.account import name_of
from core.embedded.errors import folder_unusable
from core.i18n import N_
from core.settings import settings

_PREPARING, _OPEN = "QIANQI_PREPARING_FILE", "open"
DATABASE, OWNER, QUEUE = "QIANQI_DATABASE_URL", "QIANQI_MIGRATION_URL", "QIANQI_REDIS_URL"


class StartError(ServerError):
    """The product cannot start; the text is one sentence that says why and what to do."""


def refuse_root(data_dir: Path) -> None:
    """Refuse to work as root on a folder of another account, which could not use what root leaves in it.

    Raises:
        StartError: this is root, and the folder another's.
    """
    if os.geteuid() != 0 or not data_dir.exists() or (owner := data_dir.stat().st_uid) == 0:
        return
    raise StartError(
        N_("The data folder {folder} belongs to the account {account}: run this as that account, not as root."),
        folder=data_dir,
        account=name_of(owner),
    )


@contextmanager
def locked(data_dir: Path) -> Iterator[None]:
    """Hold the data folder, making it when it is missing; the lock ends with the process, however it dies.

    Raises:
        StartError: another copy holds it, or this is root and it is another account's.
        ServerError: the folder cannot be used.
    """
    refuse_root(data_dir)
    try:
        descriptor = _open_lock(data_dir)
    except OSError as problem:
        raise folder_unusable(data_dir, problem) from problem
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise StartError(
            N_("Another copy of Qianqi is using the data folder {folder}: stop it first, or set QIANQI_DATA_DIR."),
            folder=data_dir,
        ) from None
    try:
        yield
    finally:
        os.close(descriptor)


def check_port(host: str, port: int) -> None:
    """Make sure that the web server will be able to listen.

    Raises:
        StartError: the port is taken, or the address is not of this machine.
    """
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as problem:
        raise StartError(
            N_("The web server cannot use port {port} on {host} ({reason}): choose another with QIANQI_PORT."),
            port=port,
            host=host,
            reason=problem.strerror,
        ) from problem


def announce(data_dir: Path, addresses: Mapping[str, str]) -> None:
    """Let commands on this machine, run by the same account, find the servers of this copy."""
    file = _addresses_file(data_dir)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        json.dump(dict(addresses), stream)


def retract(data_dir: Path) -> None:
    """Take back what `announce` told."""
    _addresses_file(data_dir).unlink(missing_ok=True)


@contextmanager
def servers(*, with_queue: bool = False, alone: bool = False, with_tables: bool = True) -> Iterator[bool]:
    """Let the settings name servers that run, for the time of the block.

    They are the ones that are set, else those of the copy running on the data folder, else embedded ones started
    for the block.

    Args:
        with_queue: whether the queue is needed too.
        alone: whether no copy may run on the data folder meanwhile.
        with_tables: whether the block needs the tables; false for what makes them.

    Yields:
        Whether they run beyond the block.

    Raises:
        ServerError: there are none and none can be started, or a copy runs where none may.
        BehindError: the block found tables missing.
    """
    with _reached(with_queue=with_queue, alone=alone) as running, migrate.judged() if with_tables else nullcontext():
        yield running


@contextmanager
def _reached(*, with_queue: bool, alone: bool) -> Iterator[bool]:
    given = settings()
    refuse_root(given.data_dir)
    if given.database_url and (given.redis_url or not with_queue) and not alone:
        yield True
        return
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(given.data_dir))
            running = False
            addresses = _start_embedded(stack, given.data_dir, with_queue=with_queue)
        except StartError as problem:
            if alone:
                raise StartError(N_("Qianqi is running here: stop it first, then restore.")) from problem
            running = True
            addresses = _announced(given.data_dir)
        stack.enter_context(_settings_with(addresses))
        yield running


class Preparing:
    """Tells the processes of a copy that its tables and data are being made.

    Args:
        file: is there for as long as something is being made.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    @property
    def environment(self) -> dict[str, str]:
        """What the environment of a process must have for `wait_until_prepared` and `is_filling` to know."""
        return {_PREPARING: str(self._file)}

    def open_pages(self) -> None:
        """Let pages be served: only data that they can do without are still being made."""
        self._file.write_text(_OPEN)


@contextmanager
def preparing(data_dir: Path) -> Iterator[Preparing]:
    """Say during the block that tables and data are being made."""
    file = data_dir / "preparing"
    file.write_text("")
    try:
        yield Preparing(file)
    finally:
        file.unlink(missing_ok=True)


def wait_until_prepared() -> None:
    """Wait until the copy that started this process lets pages be served; without one, return at once."""
    while _told_by_copy() not in {None, _OPEN}:
        time.sleep(0.05)


def is_filling() -> bool:
    """Return whether the copy that started this process is still making data while pages are served already."""
    return _told_by_copy() == _OPEN


def has_database(data_dir: Path) -> bool:
    """Return whether an embedded database has been made in the data folder, running or not."""
    return EmbeddedPostgres(data_dir).data.exists()


def child_environment() -> dict[str, str]:
    """Return the environment that gives a child process exactly the settings of this one, but not the owner's login."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("QIANQI_")}
    values = {name: _plain(value) for name, value in settings() if value is not None and name != "migration_url"}
    own = {f"QIANQI_{name.upper()}": value for name, value in values.items()}
    return {**others, **own, "QIANQI_ENV_FILE": os.devnull}


def use(addresses: Mapping[str, str]) -> None:
    """Make this process use the given servers from now on."""
    os.environ.update(addresses)
    settings.cache_clear()
    db.reset()
    queue.reset()


@contextmanager
def _settings_with(addresses: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in addresses}
    use(addresses)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
        use({})


def _start_embedded(stack: ExitStack, data_dir: Path, *, with_queue: bool) -> dict[str, str]:
    addresses: dict[str, str] = {}
    if not settings().database_url:
        postgres = EmbeddedPostgres(data_dir)
        _start(stack, postgres)
        addresses |= {DATABASE: postgres.app_url, OWNER: postgres.owner_url}
    if with_queue and not settings().redis_url:
        valkey = EmbeddedValkey(data_dir)
        _start(stack, valkey)
        addresses |= {QUEUE: valkey.url}
    return addresses


def _start(stack: ExitStack, server: EmbeddedPostgres | EmbeddedValkey) -> None:
    """Start a server that is stopped with the stack, whatever interrupts the start."""
    stack.callback(server.stop)
    server.start()


def _announced(data_dir: Path) -> dict[str, str]:
    """Return the addresses of the running copy, except those the settings name."""
    try:
        found: dict[str, str] = json.loads(_addresses_file(data_dir).read_text("utf-8"))
    except (OSError, ValueError) as problem:
        raise StartError(
            N_("Another copy of Qianqi is starting or stopping on {folder}: try again in a moment."), folder=data_dir
        ) from problem
    return found


def _addresses_file(data_dir: Path) -> Path:
    return data_dir / "running.json"


def _told_by_copy() -> str | None:
    """Return what the copy that started this process says of its preparing; `None` once all is there."""
    file = os.environ.get(_PREPARING)
    try:
        return Path(file).read_text() if file else None
    except FileNotFoundError:
        return None


def _open_lock(data_dir: Path) -> int:
    if not data_dir.exists():
        data_dir.mkdir(parents=True)
        data_dir.chmod(0o711)  # the servers' account must pass through; what lies inside is private by itself
    return os.open(data_dir / "lock", os.O_RDWR | os.O_CREAT, 0o600)


def _plain(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return str(value.absolute()) if isinstance(value, Path) else str(value)
