"""A real server that answers one byte at a time, and never comes to an end by itself."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import chain, cycle
from threading import Event, Thread

_EVERY = 0.02


@contextmanager
def dripping(at_once: bytes, drops: bytes) -> Iterator[int]:
    """Run the server for the block, and give the port it listens on.

    Args:
        at_once: what it says first, whole.
        drops: what it says then, byte by byte, again and again.
    """
    ended = Event()

    def answer(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.sendall(at_once)
            for each in cycle(drops):
                if ended.wait(_EVERY):
                    return
                connection.sendall(bytes([each]))

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threads: list[Thread] = []

        def accept() -> None:
            with suppress(OSError):
                while True:
                    threads.append(Thread(target=answer, args=(listening.accept()[0],)))
                    threads[-1].start()

        accepting = Thread(target=accept)
        accepting.start()
        try:
            yield listening.getsockname()[1]
        finally:
            ended.set()
            listening.shutdown(socket.SHUT_RDWR)
            for each in chain([accepting], threads):
                each.join()
