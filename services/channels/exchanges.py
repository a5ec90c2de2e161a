"""How long one exchange with another machine may take, whatever that machine does.

The time limit of a socket begins anew with each byte, so a machine that drips its answer, or tells one line after
another, would hold a thread for ever. Here the connection in use is shut down when the time is over.
"""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from threading import Lock, Timer
from typing import Optional

_present: ContextVar[Optional["_Exchange"]] = ContextVar("exchange", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let the block exchange what it has to over watched connections, and end it when its time is over.

    Args:
        seconds: how long it may take from the first name that is looked up to the last byte.

    Raises:
        TimeoutError: it took longer, whatever came of it: an answer that was cut off is none.
    """
    exchange = _Exchange(seconds)
    token = _present.set(exchange)
    try:
        yield
    except Exception:
        if not exchange.late:
            raise
    finally:
        _present.reset(token)
        exchange.close()
    if exchange.late:
        raise TimeoutError


def watch(used: socket.socket) -> None:
    """Say over which connection the present exchange goes on."""
    exchange = _present.get()
    if exchange is not None:
        exchange.watch(used)


def dialled(host: str, port: int, seconds: float) -> socket.socket:
    """Connect to a machine, by each of its addresses in turn while the present exchange has time, and watch it.

    Args:
        host: its name or address.
        port: where it listens.
        seconds: how long each address may take.

    Raises:
        TimeoutError: the last address that was tried did not answer in time.
        OSError: there is no such name, or no connection.
    """
    exchange, problem = _present.get(), OSError("no address")
    for family, kind, protocol, _name, address in socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM):
        left = seconds if exchange is None else min(seconds, exchange.left())
        if left <= 0:
            raise TimeoutError
        made = socket.socket(family, kind, protocol)
        try:
            made.settimeout(left)
            made.connect(address)
        except OSError as failed:
            made.close()
            problem = failed
        else:
            watch(made)
            return made
    raise problem


class _Exchange:
    """The connection an exchange goes over, under a handle of its own.

    The handle stays good whatever becomes of the socket meanwhile: TLS takes it over, and a library may close its own
    handle while it still reads.
    """

    def __init__(self, seconds: float) -> None:
        self.late = False
        self._until = time.monotonic() + seconds
        self._lock = Lock()
        self._handle: socket.socket | None = None
        self._timer = Timer(seconds, self._end)
        self._timer.daemon = True
        self._timer.start()

    def left(self) -> float:
        """Return the seconds that are left."""
        return self._until - time.monotonic()

    def watch(self, used: socket.socket) -> None:
        """Shut this connection down when the time is over; the one before is done with."""
        with self._lock:
            self._let_go()
            self._handle = socket.socket(fileno=os.dup(used.fileno()))
            if self.late:
                self._shut_down()

    def close(self) -> None:
        """Watch no longer."""
        self._timer.cancel()
        with self._lock:
            self._let_go()

    def _end(self) -> None:
        with self._lock:
            self.late = True
            self._shut_down()

    def _shut_down(self) -> None:
        if self._handle is not None:
            with suppress(OSError):  # the other side was faster
                self._handle.shutdown(socket.SHUT_RDWR)

    def _let_go(self) -> None:
        if self._handle is not None:
            self._handle.close()
            self._handle = None
