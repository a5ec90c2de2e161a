"""HTTP as Apprise's plugins use it, with what Apprise does not tell: what the other side answered.

A plugin returns only whether it worked. Whether to try again depends on the answer, and two of the robots are
believed by Apprise whenever the status is 200, though they say in the body that they refuse. So the plugins used here
are given, in the place of the module `requests`, an object with the two functions they call.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import requests

from services.channels.connections import WatchedAdapter
from services.channels.exchanges import within
from services.channels.forbidden import ForbiddenAddressError, GuardedAdapter

CONNECT_SECONDS = 10
ANSWER_SECONDS = 30
"""How long an exchange takes at most, from the name that is looked up to the last byte of the answer."""
_LONGEST = 2**16
_present: ContextVar["Wire"] = ContextVar("wire")


@dataclass(frozen=True)
class Answer:
    """What the other side answered; its attributes have the names the plugins ask for."""

    status_code: int
    content: bytes


class Wire:
    """The connections of one line, kept open from one message to the next.

    Args:
        guarded: whether forbidden addresses are refused; then no proxy of the environment is used, for it would ask
            for the address in our stead.
    """

    def __init__(self, *, guarded: bool) -> None:
        self._session = requests.Session()
        if guarded:
            self._session.trust_env = False
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, GuardedAdapter() if guarded else WatchedAdapter())
        self.answer: Answer | None = None
        self.problem: Exception | None = None

    @contextmanager
    def used(self) -> Iterator[None]:
        """Let plugins called in the block use this wire, and keep what came of it."""
        self.answer = self.problem = None
        token = _present.set(self)
        try:
            yield
        finally:
            _present.reset(token)

    def request(self, method: str, url: str, **given: Any) -> Answer:
        """Ask and keep the answer; redirects are not followed, for they may lead anywhere."""
        try:
            self.answer = self._asked(method, url, {**given, "allow_redirects": False, "stream": True})
        except ForbiddenAddressError as problem:
            self.problem = problem
            raise requests.ConnectionError from problem  # what the plugins expect
        except requests.RequestException as problem:
            self.problem = problem
            raise
        except TimeoutError as problem:
            self.problem = requests.ReadTimeout()
            raise self.problem from problem
        return self.answer

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _asked(self, method: str, url: str, given: dict[str, Any]) -> Answer:
        content = b""
        with within(ANSWER_SECONDS), self._session.request(method, url, **given) as response:
            for piece in response.iter_content(8192):
                content += piece
                if len(content) > _LONGEST:
                    break
        return Answer(response.status_code, content)


class _Requests:
    """What the plugins know as the module `requests`."""

    codes = requests.codes
    RequestException = requests.RequestException

    @staticmethod
    def post(url: str, **given: Any) -> Answer:
        return _present.get().request("POST", url, **given)

    @staticmethod
    def request(method: str, url: str, **given: Any) -> Answer:
        return _present.get().request(method, url, **given)


def listen_to(*plugins: ModuleType) -> None:
    """Let the plugins of these modules send by the present wire."""
    for module in plugins:
        vars(module)["requests"] = _Requests
