"""A real HTTP receiver for tests, which answers as it is told."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Got:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Receiver:
    """What the receiver answers and what it got.

    Args:
        status: the status it answers with.
        answer: what it answers.
        silent: seconds it takes before it answers.
        to: where it redirects to, if anywhere.
    """

    url: str = ""
    status: int = 200
    answer: str = '{"errcode": 0, "errmsg": "ok"}'
    silent: float = 0
    to: str = ""
    got: list[Got] = field(default_factory=list)
    connections: set[int] = field(default_factory=set)


@contextmanager
def receiver() -> Iterator[Receiver]:
    """Run a receiver for the block."""
    told = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            told.got.append(Got(self.path, dict(self.headers.items()), body))
            told.connections.add(self.client_address[1])
            time.sleep(told.silent)
            self.send_response(told.status)
            if told.to:
                self.send_header("Location", told.to)
            self.send_header("Content-Length", str(len(told.answer.encode())))
            self.end_headers()
            self.wfile.write(told.answer.encode())

        def log_message(self, *_args: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
