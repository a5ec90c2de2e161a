"""Ties a child process to its supervisor."""

import ctypes
import os
import signal

VARIABLE = "QIANQI_SUPERVISOR"
_PR_SET_PDEATHSIG = 1


def is_part() -> bool:
    """Return whether this process is a part of a copy that has a supervisor, which makes the tables."""
    return VARIABLE in os.environ


def end_with_supervisor() -> None:
    """Ask the kernel to end this process when its supervisor dies, even by SIGKILL; does nothing without one.

    Without this, a web server that outlived its supervisor would keep the port from the next start. It holds across
    `exec`. Where the kernel is not Linux, the service manager has to end what is left.
    """
    supervisor = os.environ.get(VARIABLE)
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if not supervisor or prctl is None:
        return
    prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM))
    if os.getppid() != int(supervisor):  # it died before the request
        os.kill(os.getpid(), signal.SIGTERM)
