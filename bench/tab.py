"""A browser's tab without the browser: it signs in and asks for pages by Streamlit's own protocol."""

import time
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

_LONGEST = 120
_MOST_BYTES = 200 * 1024 * 1024


@dataclass(frozen=True)
class Shown:
    """A page as it came.

    Args:
        seconds: from the question until the server said that the page's script had ended, all of it received.
        size: bytes received.
        kinds: what was on it: each element's kind, such as `heading` or `arrow_data_frame`.
    """

    seconds: float
    size: int
    kinds: tuple[str, ...]


class Tab:
    """One tab.

    Args:
        url: the server's.
        cookies: what `sign_in` returned; empty where nobody has to.
    """

    def __init__(self, url: str, cookies: str = "") -> None:
        headers = {"Cookie": cookies} if cookies else {}
        address = url.replace("http", "ws", 1) + "/_stcore/stream"
        self._open = ExitStack()
        self._socket = self._open.enter_context(
            connect(
                address,
                additional_headers=headers,
                max_size=_MOST_BYTES,
                open_timeout=_LONGEST,
                compression=None,
                proxy=None,
            )
        )

    def __enter__(self) -> Self:
        """Return the tab."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close it."""
        self._open.close()

    def open(self, page: str, query: str = "") -> Shown:
        """Ask for a page and wait until all of it has come.

        Args:
            page: its name in the address; empty means the first.
            query: what follows the question mark.

        Raises:
            RuntimeError: the page shows an error.
        """
        began = time.perf_counter()
        received = self.ask(page, query)
        seconds = time.perf_counter() - began
        kinds = [kind for data in received for kind in _kind(ForwardMsg.FromString(data))]
        return Shown(seconds, sum(map(len, received)), tuple(kinds))

    def ask(self, page: str, query: str = "") -> list[bytes]:
        """Ask for a page and return all messages of it, as they came: each is a `ForwardMsg`."""
        asked = BackMsg(rerun_script=ClientState(page_name=page, query_string=query))
        self._socket.send(asked.SerializeToString())
        received = list[bytes]()
        while True:
            data = self._socket.recv(timeout=_LONGEST)
            received.append(data if isinstance(data, bytes) else data.encode())
            message = ForwardMsg.FromString(received[-1])
            if message.HasField("script_finished") and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return received


def sign_in(url: str, username: str, password: str) -> str:
    """Sign in as a browser does and return the cookies it would send from then on."""
    answer = httpx.post(
        f"{url}/sign-in",
        data={"username": username, "password": password, "next": "/"},
        trust_env=False,
        timeout=_LONGEST,
    )
    if answer.status_code != httpx.codes.SEE_OTHER:
        raise RuntimeError(f"could not sign in: {answer.status_code}")
    return "; ".join(f"{name}={value}" for name, value in answer.cookies.items())


def is_up(url: str) -> bool:
    """Return whether a server answers anything at all."""
    try:
        httpx.get(f"{url}/_stcore/health", trust_env=False, timeout=5)
    except httpx.TransportError:
        return False
    return True


def _kind(message: ForwardMsg) -> list[str]:
    """Return the kind of element a message brings, if it brings one.

    Raises:
        RuntimeError: it tells of an error.
    """
    if message.WhichOneof("type") != "delta" or not message.delta.HasField("new_element"):
        return []
    element = message.delta.new_element
    kind = str(element.WhichOneof("type"))
    if kind == "exception":
        raise RuntimeError(element.exception.message)
    if kind == "alert" and element.alert.format == element.alert.ERROR:
        raise RuntimeError(element.alert.body)
    return [kind]
