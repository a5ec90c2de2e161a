"""Pages run by Streamlit's own test runner, inside the shell, for somebody really signed in."""

from collections.abc import Callable, Iterator

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from core import db
from core import queue as core_queue
from models.account import Account
from pages.shell.cookies import session_cookie
from services.accounts import open_session
from services.actor import SYSTEM
from services.delivery_log import pulse
from tests.servers import ROOT

OpenApp = Callable[..., AppTest]


@pytest.fixture
def processes(queue: str) -> Iterator[None]:  # noqa: ARG001 - asked for its effect
    """A worker and a scheduler were heard just now, so that no banner warns of their absence."""
    core_queue.beat("worker")
    core_queue.beat("scheduler", "leader")
    pulse.forget()
    yield
    pulse.forget()


@pytest.fixture
def open_app(database: str, processes: None, monkeypatch: pytest.MonkeyPatch) -> OpenApp:  # noqa: ARG001 - their effect
    """Return a function that opens the product for an account: `open_app(account, "pages/visits/today.py")`.

    What else is given stands in the address: `open_app(account, "pages/visits/record.py", visit=12)`.
    The browser's cookie and address are the two things that are not real: the test runner has no browser.
    """

    def open_it(account: Account, page: str = "", **query: object) -> AppTest:
        with db.transaction(actor=SYSTEM) as session:
            token = open_session(session, session.get_one(Account, account.pk), ip="10.0.0.1", user_agent="test")
        monkeypatch.setattr(ContextProxy, "cookies", {session_cookie(): token})
        monkeypatch.setattr(ContextProxy, "ip_address", "10.0.0.1")
        app = AppTest.from_file(str(ROOT / "pages" / "shell" / "main.py"), default_timeout=20).run()
        if not page:
            return app
        app.switch_page(page.replace("pages/", "../", 1))
        for name, value in query.items():
            app.query_params[name] = str(value)
        return app.run()

    return open_it
