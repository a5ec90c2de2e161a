"""A real HTTP receiver in a process of its own: writes down what it was sent, and answers as it is told.

`python -m tests.faults.receiver PORT TAKEN ORDERS`: each request answered with 200 becomes a JSON line of TAKEN; ORDERS
is a JSON file `{"status": 200, "seconds": 0.0}` that may change at any time.
"""

import json
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx

from bench.machine import wait_until
from bench.processes import Process
from core import lifeline
from core.embedded.process import free_port


class Receiver:
    """The receiver as seen by tests.

    Args:
        folder: where it keeps what it took.
    """

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/hook"
        self._taken = folder / "taken"
        self._orders = folder / "orders.json"
        self.behave()
        arguments = ["-m", "tests.faults.receiver", str(self.port), str(self._taken), str(self._orders)]
        self.process = Process(arguments, {"PYTHONPATH": "."}, folder / "receiver.log")

    def __enter__(self) -> "Receiver":
        self.start()
        return self

    def __exit__(self, *_problem: object) -> None:
        self.process.kill()

    def start(self) -> None:
        """Start it, where it was before, and wait until it answers."""
        self.process.start()
        wait_until(self._answers, 30, "the receiver to answer")

    def behave(self, status: int = 200, seconds: float = 0.0) -> None:
        """Behave so from the next request on."""
        draft = self._orders.with_suffix(".new")
        draft.write_text(json.dumps({"status": status, "seconds": seconds}))
        draft.replace(self._orders)

    def empty(self) -> None:
        """Forget what was taken."""
        self._taken.write_bytes(b"")

    def count(self) -> int:
        """Return how many requests were taken."""
        return self._taken.read_bytes().count(b"\n") if self._taken.exists() else 0

    def texts(self, first: int = 0) -> Iterator[str]:
        """Return the bodies of what was taken from number `first` on, in order."""
        lines = self._taken.read_text("utf-8").splitlines() if self._taken.exists() else []
        for line in lines[first:]:
            yield json.loads(line)["body"]

    def _answers(self) -> bool:
        try:
            return httpx.get(self.url, timeout=5, trust_env=False).is_success
        except httpx.TransportError:
            return False


def _handler(taken: Path, orders: Path) -> type[BaseHTTPRequestHandler]:
    stream = taken.open("ab", buffering=0)

    class Handler(BaseHTTPRequestHandler):
        """Answers."""

        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(200)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            present = json.loads(orders.read_text())
            time.sleep(present["seconds"])
            if present["status"] == 200:
                line = {"headers": dict(self.headers), "body": body.decode("utf-8")}
                stream.write(json.dumps(line).encode() + b"\n")
            self._answer(present["status"])

        def _answer(self, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


if __name__ == "__main__":
    lifeline.end_with_supervisor()
    _Server(("127.0.0.1", int(sys.argv[1])), _handler(Path(sys.argv[2]), Path(sys.argv[3]))).serve_forever()
