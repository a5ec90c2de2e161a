"""The first signal that asks for the end is heard once, and not while something must not be left half done."""

import signal
import subprocess
import sys

from tests.servers import ROOT

_BEGIN = "import os, signal; from core import interrupts\ndef ask(number): os.kill(os.getpid(), number)\n"


def _run(code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _BEGIN + code]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)


def test_who_asks_while_a_child_is_being_made_is_heard_once_it_is_noted() -> None:
    done = _run(
        "try:\n"
        "    with interrupts.heard(), interrupts.held():\n"
        "        ask(signal.SIGTERM)\n"
        "        print('noted', flush=True)\n"
        "except interrupts.Interrupted as asked:\n"
        "    with interrupts.heard(), interrupts.held():\n"
        "        ask(signal.SIGHUP)\n"
        "    print('cleared up', flush=True)\n"
        "    interrupts.end(asked)\n"
    )

    assert done.stdout == "noted\ncleared up\n"
    assert done.returncode == -signal.SIGTERM


def test_who_asks_while_a_finaliser_runs_is_heard_after_it() -> None:
    """Given a signal in the callback of a weak reference, whose exceptions go nowhere, the block is left."""
    done = _run(
        "import time, weakref\n"
        "class Thing: pass\n"
        "def gone(_reference):\n"
        "    ask(signal.SIGTERM)\n"
        "    time.sleep(0.01)\n"
        "try:\n"
        "    with interrupts.heard():\n"
        "        thing = Thing()\n"
        "        reference = weakref.ref(thing, gone)\n"
        "        del thing\n"
        "        time.sleep(10)\n"
        "        print('not heard')\n"
        "except interrupts.Interrupted as asked:\n"
        "    interrupts.end(asked)\n"
    )

    assert (done.stdout, done.stderr) == ("", "")
    assert done.returncode == -signal.SIGTERM


def test_a_terminal_that_closes_does_not_end_what_ignores_it() -> None:
    done = _run(
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\nwith interrupts.heard():\n    ask(signal.SIGHUP)\nprint('ended')"
    )

    assert (done.returncode, done.stdout) == (0, "ended\n")
