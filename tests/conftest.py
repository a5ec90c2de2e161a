"""Fixtures every test can use: real PostgreSQL, real Valkey, settings of their own, a clock that stands still.

Nothing is skipped but browser tests on a machine without Chromium, and with `CI=true` not even those.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
import redis
from hypothesis import settings as property_settings

from core import clock, db, migrate, storage
from core import queue as core_queue
from core.embedded import EmbeddedPostgres, EmbeddedValkey
from core.embedded.postgres import APP
from core.settings import settings
from services import demo
from tests.faults import table
from tests.outages import table as outages
from tests.servers import ROOT, SECRET, Database, S3Server, WebServer, environment, new_database
from tests.together import Scheduler

if TYPE_CHECKING:
    from playwright.sync_api import Browser

property_settings.register_profile("untimed", deadline=None)  # a busy machine is slow, not wrong
property_settings.load_profile("untimed")
MOMENT = datetime(2023, 12, 6, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Wednesday of the campaign
_MEMORY, _ROOM = Path("/dev/shm"), 4 << 30  # noqa: S108 - the folder made in it has a name nobody can foresee
NO_BROWSER = "no Chromium on this machine"
_CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
)
_FLAGS = (
    "--no-sandbox",  # containers that run as root have none
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
_CI = os.environ.get("CI") == "true"


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Shield each test from the settings of the machine, and the next test from those of this one."""
    _shield(monkeypatch, tmp_path / "data")
    yield
    settings.cache_clear()


def _shield(patch: pytest.MonkeyPatch, data_dir: Path) -> None:
    """Leave nothing of the settings of the machine, or of servers that another fixture runs."""
    for name in list(os.environ):
        if name.startswith("QIANQI_") or name in {"DATABASE_URL", "REDIS_URL"}:
            patch.delenv(name)
    patch.setenv("QIANQI_ENV_FILE", os.devnull)
    patch.setenv("QIANQI_DATA_DIR", str(data_dir))
    patch.setenv("QIANQI_SECRET_KEY", SECRET)
    settings.cache_clear()


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """A folder that the account of embedded servers can reach, unlike pytest's own.

    In memory where there is room: a database is hundreds of files, and most tests have one of their own.
    """
    roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _ROOM
    with tempfile.TemporaryDirectory(prefix="qianqi-test-", dir=_MEMORY if roomy else None) as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.fixture(scope="session")
def postgres(server_folder: Path) -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL server whose database is migrated: the template of each test's own."""
    with EmbeddedPostgres(server_folder, durable=False) as server:
        migrate.upgrade(server.owner_url, app_role=APP)
        yield server


@pytest.fixture
def database(postgres: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty database of the test's own, which `core.db` uses as the application's role."""
    with new_database(postgres) as made, _in_use(made, monkeypatch):
        yield made.url


@pytest.fixture(scope="session")
def demo_template(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a database with the demonstration data as of `MOMENT`, which `demo_database` copies."""
    with new_database(postgres) as made:
        with pytest.MonkeyPatch.context() as patch:
            _shield(patch, tmp_path_factory.mktemp("demo"))  # before `own_settings` of the test it is for
            with clock.fixed(MOMENT), _in_use(made, patch):
                demo.load()
        settings.cache_clear()
        yield made.url.rpartition("/")[2]


@pytest.fixture
def demo_database(postgres: EmbeddedPostgres, demo_template: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database of the test's own with the demonstration data; the clock stands at `MOMENT`, for which it was made."""
    with new_database(postgres, demo_template) as made, clock.fixed(MOMENT), _in_use(made, monkeypatch):
        yield made.url


@contextmanager
def _in_use(made: Database, patch: pytest.MonkeyPatch) -> Iterator[None]:
    patch.setenv("QIANQI_DATABASE_URL", made.url)
    patch.setenv("QIANQI_MIGRATION_URL", made.owner_url)
    settings.cache_clear()
    db.reset()
    yield
    db.reset()


@pytest.fixture(scope="module")
def shared_database(postgres: EmbeddedPostgres) -> Iterator[Database]:
    """An empty database that the tests of a module share; `same_database` lets a test use it."""
    with new_database(postgres) as made:
        yield made


@pytest.fixture
def same_database(shared_database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the test use the module's shared database as the application's role."""
    monkeypatch.setenv("QIANQI_DATABASE_URL", shared_database.url)
    settings.cache_clear()
    db.reset()
    yield
    db.reset()


@pytest.fixture(scope="session")
def valkey(server_folder: Path) -> Iterator[EmbeddedValkey]:
    """A Valkey server."""
    with EmbeddedValkey(server_folder, durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def server(postgres: EmbeddedPostgres, valkey: EmbeddedValkey, server_folder: Path) -> Iterator[WebServer]:
    """The web application with the demonstration data."""
    folder = server_folder / "browser"
    folder.mkdir()
    with new_database(postgres) as database:
        env = environment(database, folder, QIANQI_REDIS_URL=valkey.url)
        subprocess.run([sys.executable, "-c", "from services import demo; demo.load()"], cwd=ROOT, env=env, check=True)
        with WebServer(env, folder / "web.log") as web:
            yield web


@pytest.fixture
def queue(valkey: EmbeddedValkey, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty queue, which the settings name."""
    with redis.Redis.from_url(valkey.url) as client:
        client.flushall()
    monkeypatch.setenv("QIANQI_REDIS_URL", valkey.url)
    settings.cache_clear()
    core_queue.reset()
    yield valkey.url
    core_queue.reset()


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A server that speaks S3; each test uses a prefix of its own."""
    with S3Server(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture
def s3(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Files are kept by the S3 server; the value is the folder in which it keeps those of this test."""
    for name, value in s3_server.settings(tmp_path.name).items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    storage.reset()
    yield s3_server.folder / s3_server.bucket / tmp_path.name
    storage.reset()


@pytest.fixture
def frozen_clock() -> Iterator[datetime]:
    """The clock stands at `MOMENT`; `core.clock.advance` moves it."""
    with clock.fixed(MOMENT):
        yield MOMENT


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; tests that use it are marked `browser`."""
    if not _CHROMIUM:
        pytest.fail(NO_BROWSER)
    return _CHROMIUM


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator["Browser"]:
    """A Chromium without a window."""
    from playwright.sync_api import sync_playwright  # takes a moment, and most runs need none

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        yield browser
        browser.close()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run of the faults renew their table in a document."""
    parser.addoption("--reliability", type=Path, help="document to put the table of faults into")
    parser.addoption("--outages", type=Path, help="document to put the table of outages into, each of 30 s")
    parser.addoption("--look", type=Path, help="document to put the table of looks into, with contact sheets beside it")
    parser.addoption("--drill", type=Path, help="document to put the tables of backups and restores into")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduler:
    """Give processes whole groups of tests."""
    return Scheduler(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip browser tests where there is no Chromium, but never with `CI=true`."""
    if _CHROMIUM or _CI:
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run for a skip that is not allowed."""
    if _wrongly_skipped(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Show the tables of faults and outages, and say what did not run."""
    _show_faults(terminalreporter, config.getoption("--reliability"))
    outages.show(terminalreporter, config.getoption("--outages"))
    skipped = len(terminalreporter.stats.get("skipped", []))
    wrong = _wrongly_skipped(config)
    if wrong:
        terminalreporter.write_line(f"FAILED: {len(wrong)} skipped tests; skipping is not allowed: {wrong}", red=True)
    elif skipped:
        terminalreporter.write_line(f"{skipped} browser tests did NOT run: {NO_BROWSER}", yellow=True)


def _show_faults(reporter: pytest.TerminalReporter, document: Path | None) -> None:
    rows = table.rows(each for reports in reporter.stats.values() for each in reports)
    if not rows:
        return
    reporter.section("what must not harm a reminder")
    for line in table.lines(rows):
        reporter.write_line(line)
    if document is not None:
        table.write(document, rows)


def _wrongly_skipped(config: pytest.Config) -> list[str]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return []
    reports: list[pytest.TestReport] = reporter.stats.get("skipped", [])
    return [each.nodeid for each in reports if _CI or NO_BROWSER not in str(each.longrepr)]
