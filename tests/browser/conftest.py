"""What browser tests share: one real server with the demonstration data, one Chromium, and people who sign in.

A test that fails leaves a screenshot of each of its pages and a Playwright trace in `tests/artifacts/`.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from core.embedded import EmbeddedValkey
from models.account import Role
from services.demo import PASSWORD
from tests.servers import ROOT, WebServer

ARTIFACTS = ROOT / "tests" / "artifacts"
USERNAMES = {
    Role.COORDINATOR: "coordinator",
    Role.TEAM_LEAD: "lead",
    Role.GRID_WORKER: "worker",
    Role.DEPARTMENT_OFFICER: "officer",
    Role.MANAGER: "manager",
    Role.ADMINISTRATOR: "admin",
}
PHONE_WIDTH = 390
_IDLE = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  return app && app.dataset.testScriptState === 'notRunning' && app.dataset.testConnectionState === 'CONNECTED'
    && !document.querySelector('[data-stale=true], [data-testid=stSkeleton], [data-testid=stAppSkeleton]');
}"""
_failed = pytest.StashKey[bool]()
expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong

PICTURING = os.environ.get("QIANQI_SHOTS") == "1"  # read here: tests are shielded from settings
_HEARD = 15  # seconds until workers and scheduler have been heard
NewContext = Callable[..., BrowserContext]
SignIn = Callable[..., Page]


@pytest.fixture
def background(server: WebServer, valkey: EmbeddedValkey, tmp_path: Path) -> Iterator[None]:  # noqa: ARG001 - it must run
    """A scheduler and a worker beside the web server, as the product starts them."""
    commands = (
        ["-c", "from workers.scheduler import Scheduler; Scheduler().run()"],
        ["-m", "dramatiq", "workers", "-p", "1", "-t", "2"],
    )
    processes = []
    for number, command in enumerate(commands):
        with (tmp_path / f"process-{number}.log").open("wb") as log:
            processes.append(
                subprocess.Popen([sys.executable, *command], cwd=ROOT, env=server.env, stdout=log, stderr=log)
            )
    yield
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait(20)


@pytest.fixture
def as_it_runs(request: pytest.FixtureRequest) -> None:
    """Where pictures are taken, what runs beside the web server: without it administrators are warned on every page."""
    if PICTURING:
        request.getfixturevalue("background")
        time.sleep(_HEARD)


@pytest.fixture
def new_context(browser: Browser, server: WebServer, request: pytest.FixtureRequest) -> Iterator[NewContext]:
    """Make browser contexts, each a person's own browser: `new_context(width=390)` is a telephone."""
    contexts: list[BrowserContext] = []

    def make(width: int = 1440) -> BrowserContext:
        phone = width <= PHONE_WIDTH
        context = browser.new_context(
            base_url=server.url,
            viewport={"width": width, "height": 844 if phone else 900},
            is_mobile=phone,
            has_touch=phone,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        context.tracing.start(screenshots=False, snapshots=True)
        contexts.append(context)
        return context

    yield make
    failed = request.node.stash.get(_failed, False)
    for number, context in enumerate(contexts):
        if failed:
            _keep(context, request.node.nodeid, number)
        context.close()


@pytest.fixture
def sign_in(new_context: NewContext) -> SignIn:
    """Sign a person in: `sign_in(Role.TEAM_LEAD)`, `sign_in("lead", width=390)` return their page, idle at its start.

    Each call is a browser of its own; `context=` uses one that is there already.
    """

    def enter(
        who: Role | str, *, width: int = 1440, password: str = PASSWORD, context: BrowserContext | None = None
    ) -> Page:
        page = (context or new_context(width)).new_page()
        page.goto("/sign-in")
        page.fill("#username", USERNAMES[who] if isinstance(who, Role) else who)
        page.fill("#password", password)
        page.click("button[type=submit]")
        wait_idle(page)
        return page

    return enter


def wait_idle(page: Page, *, timeout: float = 30_000) -> None:
    """Wait until Streamlit has run the page's script and shows its result."""
    page.wait_for_timeout(150)  # a click reaches the server, and the server's "running" the page, a moment later
    page.wait_for_function(_IDLE, timeout=timeout)
    page.wait_for_timeout(50)
    page.wait_for_function(_IDLE, timeout=timeout)


def open_page(page: Page, path: str) -> None:
    """Go to an address of the product and wait until it is idle and shows no error."""
    page.goto(path)
    wait_idle(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember that a test failed, for the fixtures that are torn down after it, and show what the server logged."""
    report = yield
    item.stash[_failed] = item.stash.get(_failed, False) or report.failed
    server = getattr(item, "funcargs", {}).get("server")
    if report.failed and isinstance(server, WebServer):
        report.sections.append(("log of the web server", server.text()[-8000:]))
    return report


def _keep(context: BrowserContext, test: str, number: int) -> None:
    folder = ARTIFACTS / re.sub(r"[^\w.-]+", "_", test)[-120:]
    if number == 0:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    context.tracing.stop(path=folder / f"trace-{number}.zip")
    for index, page in enumerate(context.pages):
        page.screenshot(path=folder / f"page-{number}-{index}.png", full_page=True)
