"""Pages run by Streamlit's own test runner, inside the shell, for somebody really signed in."""

from collections.abc import Callable, Iterator
from functools import wraps
from types import ModuleType
from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.context import ContextProxy
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from core import db
from core import queue as core_queue
from models.account import Account
from pages.shell.cookies import session_cookie
from services.accounts import open_session
from services.actor import SYSTEM
from services.delivery_log import pulse
from tests.servers import ROOT

OpenApp = Callable[..., AppTest]
PressedTwice = Callable[[ModuleType, str], list[str]]


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


@pytest.fixture
def pressed_twice(monkeypatch: pytest.MonkeyPatch) -> PressedTwice:
    """Return a function that lets a hurried press of the same button arrive while a service is storing the first.

    `calls = pressed_twice(issues, "comment")`: it then stands in `calls` how often the service stored something.
    """
    sent: list[WidgetStates | None] = []
    run = LocalScriptRunner.run

    def noted(self: LocalScriptRunner, widget_state: WidgetStates | None = None, *args: Any, **more: Any) -> Any:
        sent.append(widget_state)
        return run(self, widget_state, *args, **more)

    monkeypatch.setattr(LocalScriptRunner, "run", noted)

    def twice(module: ModuleType, name: str) -> list[str]:
        service, calls = getattr(module, name), list[str]()

        @wraps(service)
        def stored(*args: Any, **more: Any) -> Any:
            done = service(*args, **more)
            calls.append(name)
            if len(calls) == 1:
                _press_again(sent[-1])
            return done

        monkeypatch.setattr(module, name, stored)
        return calls

    return twice


def _press_again(widgets: WidgetStates | None) -> None:
    """Ask for another run with the same press, as the browser does."""
    context = get_script_run_ctx()
    assert context
    assert context.script_requests
    again = RerunData(
        query_string=context.query_string, widget_states=widgets, page_script_hash=context.page_script_hash
    )
    context.script_requests.request_rerun(again)
