"""A real mail server in a process of its own: writes down what it took, and answers as it is told.

`python -m bench.postbox PORT TAKEN ORDERS`: each message it accepts becomes a file line of TAKEN, base64 of the whole
message; ORDERS is a JSON file that may change at any time, see `Orders`.
"""

import asyncio
import base64
import json
import re
import smtplib
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from bench.processes import Process
from core import lifeline
from core.embedded.process import free_port

_START_SECONDS = 30


@dataclass(frozen=True)
class Orders:
    """How the server is to behave.

    Args:
        refused: pattern of an address → the answer its mail gets.
        answer: the answer every message gets after its text; empty: it is taken.
        seconds: how long each message takes.
    """

    refused: Mapping[str, str] = field(default_factory=dict)
    answer: str = ""
    seconds: float = 0.0


class Postbox:
    """The mail server as seen by those who use it in tests and measurements.

    Args:
        folder: where it keeps what it took.
    """

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._taken = folder / "taken"
        self._orders = folder / "orders.json"
        self.behave(Orders())
        arguments = ["-m", "bench.postbox", str(self.port), str(self._taken), str(self._orders)]
        self.process = Process(arguments, {"PYTHONPATH": "."}, folder / "postbox.log")

    def __enter__(self) -> "Postbox":
        """Start it and wait until it answers."""
        self.start()
        return self

    def __exit__(self, *_problem: object) -> None:
        """End it."""
        self.process.kill()

    def start(self) -> None:
        """Start it, where it was before, and wait until it answers."""
        self.process.start()
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if time.monotonic() > deadline or not self.process.running:
                raise RuntimeError(f"the mail server did not start:\n{self.process.text()}")
            time.sleep(0.05)

    def behave(self, orders: Orders) -> None:
        """Behave so from the next message on."""
        draft = self._orders.with_suffix(".new")
        draft.write_text(json.dumps(asdict(orders)))
        draft.replace(self._orders)

    def empty(self) -> None:
        """Forget what was taken."""
        self._taken.write_bytes(b"")

    def count(self) -> int:
        """Return how many messages were taken."""
        return self._taken.read_bytes().count(b"\n") if self._taken.exists() else 0

    def messages(self, first: int = 0) -> Iterator[bytes]:
        """Return the messages taken from number `first` on, in order, as they came."""
        lines = self._taken.read_bytes().splitlines() if self._taken.exists() else []
        return map(base64.b64decode, lines[first:])

    def _answers(self) -> bool:
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=5) as connection:
                return connection.noop()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False


class _Clerk:
    """Answers the commands of SMTP."""

    def __init__(self, taken: Path, orders: Path) -> None:
        self._taken = taken.open("ab", buffering=0)
        self._file = orders
        self._read = 0
        self._orders = Orders()

    async def handle_RCPT(  # noqa: N802 - a name aiosmtpd gives
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        for pattern, answer in self._present().refused.items():
            if re.search(pattern, address):
                return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - likewise
        orders = self._present()
        if orders.seconds:
            await asyncio.sleep(orders.seconds)
        if orders.answer:
            return orders.answer
        content = envelope.original_content or b""
        self._taken.write(base64.b64encode(content) + b"\n")
        return "250 OK"

    def _present(self) -> Orders:
        changed = self._file.stat().st_mtime_ns
        if changed != self._read:
            self._read = changed
            self._orders = Orders(**json.loads(self._file.read_text()))
        return self._orders


async def _serve(port: int, taken: Path, orders: Path) -> None:
    clerk = _Clerk(taken, orders)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(clerk, enable_SMTPUTF8=True, loop=loop), "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    lifeline.end_with_supervisor()
    asyncio.run(_serve(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])))
