"""The product and its people, whom outages befall; with `--outages FILE` each outage lasts 30 seconds."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import wait_idle
from tests.outages import table
from tests.outages.table import Row
from tests.outages.world import World, world

_PASSWORD = "qianqi-2026"


_DAILY = ("while_people_work[killed]", "without_the_queue[killed]", "web_process_is_killed", "by_its_address")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave all but a telling few to the run that writes the document: each takes half a minute of waiting."""
    if config.getoption("--outages"):
        return
    own = [each for each in items if each.path.is_relative_to(Path(__file__).parent)]
    left = [each for each in own if not any(name in each.name for name in _DAILY)]
    items[:] = [each for each in items if each not in left]
    config.hook.pytest_deselected(items=left)


@pytest.fixture(autouse=True)
def own_settings() -> None:
    """Leave the settings to the world, which lasts longer than one test."""


@pytest.fixture
def seconds(pytestconfig: pytest.Config) -> float:
    """How long an outage lasts: 30 s for the document, else as long as it takes to be seen."""
    return 30 if pytestconfig.getoption("--outages") else 4


@pytest.fixture(scope="module")
def product() -> Iterator[World]:
    """The running product with its demonstration data; no longer than the tests of outages."""
    with world() as made:
        yield made


@pytest.fixture
def person(browser: Browser, product: World) -> Iterator[Callable[..., Page]]:
    """Sign a person in, with a browser of their own: `person("worker", "/visits-today", width=390)`."""
    contexts: list[BrowserContext] = []

    def enter(who: str, path: str = "", *, width: int = 1440) -> Page:
        phone = width < 500
        context = browser.new_context(
            base_url=product.url, viewport={"width": width, "height": 844 if phone else 900}, is_mobile=phone,
            has_touch=phone, locale="zh-CN", timezone_id="Asia/Shanghai",
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.goto("/sign-in")
        if who:
            page.fill("#username", who)
            page.fill("#password", _PASSWORD)
            page.click("button[type=submit]")
            wait_idle(page)
        if path:
            page.goto(path)
            wait_idle(page)
        return page

    yield enter
    for context in contexts:
        context.close()


@pytest.fixture
def told(request: pytest.FixtureRequest) -> Callable[[Row], None]:
    """Put a row into the table at the end of the run."""
    return lambda row: request.node.user_properties.append(table.as_property(row))
