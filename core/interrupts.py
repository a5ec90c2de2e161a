"""Asked to end by a signal, a process leaves the blocks it is in, and so ends what it has started."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_AGAIN_SECONDS = 0.05


class Interrupted(SystemExit):
    """The person or the service manager asked this process to end; event loops let a `SystemExit` through.

    Args:
        number: of the signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.number = number


class _Hearing:
    """Which signal was heard, and whether it has been acted upon."""

    def __init__(self) -> None:
        self.holding = 0
        self._number = 0
        self._over = False

    def hear(self, number: int, _frame: FrameType | None) -> None:
        self._number = number
        self.act()

    def act(self) -> None:
        if not self._number or self._over or self.holding:
            return
        self._over = True
        raise Interrupted(self._number)

    def unraisable(self, lost: "sys.UnraisableHookArgs") -> None:
        """Ask again where the interruption came in what cannot raise: a finaliser, or the callback of a reference."""
        if not isinstance(lost.exc_value, Interrupted):
            sys.__unraisablehook__(lost)
            return
        self._over = False
        threading.Timer(_AGAIN_SECONDS, os.kill, (os.getpid(), self._number)).start()


_hearing = _Hearing()


@contextmanager
def heard() -> Iterator[None]:
    """Raise `Interrupted` in the block at the first signal that asks for the end; those that follow change nothing.

    A SIGHUP that is ignored, as under `nohup`, stays ignored.
    """
    signals = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signals.append(signal.SIGHUP)
    before, hook = {each: signal.signal(each, _hearing.hear) for each in signals}, sys.unraisablehook
    sys.unraisablehook = _hearing.unraisable
    try:
        yield
    finally:
        sys.unraisablehook = hook
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def held() -> Iterator[None]:
    """Let nothing interrupt the block; who asked meanwhile is heard at its end.

    For what would be left behind: a child that was made but not yet noted, or one that is being stopped.
    """
    if threading.current_thread() is not threading.main_thread():  # signals are heard in the main one
        yield
        return
    _hearing.holding += 1
    try:
        yield
    finally:
        _hearing.holding -= 1
        _hearing.act()


def end(asked: Interrupted) -> None:
    """End this process by the signal it was sent, so that a shell or service manager sees why it ended."""
    signal.signal(asked.number, signal.SIG_DFL)
    signal.raise_signal(asked.number)
