"""Draining: a worker that is to end finishes the message it is at, and gives back the rest of its batch."""

import threading
from typing import Any

import dramatiq
from dramatiq.middleware import Middleware

stopping = threading.Event()
"""Set once this process has been asked to end."""


class Draining(Middleware):
    """Tells those who work on batches that their process is to end."""

    def after_worker_boot(self, _broker: dramatiq.Broker, _worker: dramatiq.Worker) -> None:
        """Begin."""
        stopping.clear()

    def before_worker_shutdown(self, *_args: Any) -> None:
        """Ask for the end."""
        stopping.set()
