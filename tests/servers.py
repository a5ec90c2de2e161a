"""Real servers for tests: databases of their own and the web application in a process of its own."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psycopg
from psycopg import sql

from core.embedded import EmbeddedPostgres
from core.embedded.postgres import DATABASE, OWNER
from core.embedded.process import free_port

ROOT = Path(__file__).parent.parent
SECRET = "only-for-tests-only-for-tests-only-for-tests"
_START_SECONDS = 60
_numbers = count(1)
_T = TypeVar("_T")


def finish(coroutine: Coroutine[Any, Any, _T]) -> _T:
    """Run a coroutine to its end in a thread of its own: browser tests leave an event loop running in the main one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


@dataclass(frozen=True)
class Database:
    """A migrated, empty database: its address for the application and for the owner of its tables."""

    url: str
    owner_url: str


@contextmanager
def new_database(postgres: EmbeddedPostgres, template: str = DATABASE) -> Iterator[Database]:
    """Copy a database of a server, the migrated empty one unless told, and drop the copy at the end of the block."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(postgres.admin_url, autocommit=True) as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template), sql.Identifier(OWNER)
            )
        )
        yield Database(postgres.app_url.removesuffix(DATABASE) + name, postgres.owner_url.removesuffix(DATABASE) + name)
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def environment(database: Database, data_dir: Path, **more: str) -> dict[str, str]:
    """Return the environment of a process of the product that uses `database` and no setting of the machine."""
    own = {"DATABASE_URL", "REDIS_URL"}
    kept = {key: value for key, value in os.environ.items() if not key.startswith("QIANQI_") and key not in own}
    return {
        **kept,
        "QIANQI_ENV_FILE": os.devnull,
        "QIANQI_DATA_DIR": str(data_dir),
        "QIANQI_DATABASE_URL": database.url,
        "QIANQI_MIGRATION_URL": database.owner_url,
        "QIANQI_SECRET_KEY": SECRET,
        "PYTHONPATH": str(ROOT),
        **more,
    }


class WebServer:
    """The web application, served by uvicorn in a process of its own.

    Args:
        env: the environment of the process; see `environment`.
        log: the file its output goes to.
        app: what uvicorn serves.
    """

    def __init__(self, env: Mapping[str, str], log: Path, *, app: str = "app:app") -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log
        self.env = {**env, "QIANQI_PORT": str(self.port)}
        self._app = app
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "WebServer":
        """Start it and wait until it answers."""
        command = [sys.executable, "-m", "uvicorn", self._app, "--host", "127.0.0.1", "--port", str(self.port)]
        with self.log.open("wb") as output:
            self._process = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=output, stderr=output)
        self._wait()
        return self

    def __exit__(self, *_problem: object) -> None:
        """Stop it."""
        assert self._process is not None
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def text(self) -> str:
        """Return what it has logged so far."""
        return self.log.read_text("utf-8", errors="replace")

    def _wait(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + _START_SECONDS
        while self._process.poll() is None and time.monotonic() < deadline:
            try:
                if httpx.get(f"{self.url}/_stcore/health", timeout=2).is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        self.__exit__()
        raise RuntimeError(f"the web server did not start:\n{self.text()}")


class S3Server:
    """A real server that speaks S3, with one bucket.

    Args:
        folder: where it keeps what it is given.
    """

    bucket = "qianqi"
    key = "test-key"
    secret = "test-secret"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "S3Server":
        """Start it and wait until it answers."""
        (self.folder / self.bucket).mkdir(parents=True)
        program = Path(sys.executable).parent / "rclone"
        command = [
            str(program), "serve", "s3", str(self.folder), "--addr", f"127.0.0.1:{self.port}",
            "--auth-key", f"{self.key},{self.secret}", "--config", os.devnull,
        ]  # fmt: skip
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + _START_SECONDS
        while self._process.poll() is None and time.monotonic() < deadline:
            try:
                httpx.get(self.url, timeout=2, trust_env=False)
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                return self
        self.__exit__()
        raise RuntimeError("the S3 server did not start")

    def __exit__(self, *_problem: object) -> None:
        """Stop it."""
        assert self._process is not None
        self._process.terminate()
        self._process.wait(15)

    def settings(self, prefix: str = "files") -> dict[str, str]:
        """Return the settings by which the product keeps its files here."""
        return {
            "QIANQI_FILES_URL": f"s3://{self.bucket}/{prefix}",
            "QIANQI_FILES_ENDPOINT": self.url,
            "QIANQI_FILES_KEY": self.key,
            "QIANQI_FILES_SECRET": self.secret,
        }
