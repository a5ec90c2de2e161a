"""The product on a machine whose clock is wrong: `python -m tests.faults.wrong_clock worker|scheduler`.

The file that FAULTS_CLOCK names holds by how many seconds, and may change at any time. FAULTS_MAIL_SECONDS is how long
mail waits for a server, so that a test need not wait as long as the product would.
"""

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

from core import clock


def _set_wrong() -> None:
    """Must be done before a model is imported: columns take the function itself."""
    right, file = clock.now, Path(os.environ["FAULTS_CLOCK"])

    def now() -> datetime:
        return right() + timedelta(seconds=float(file.read_text()))

    clock.now = now


def _hurry() -> None:
    from services.channels import mailing

    seconds = os.environ.get("FAULTS_MAIL_SECONDS")
    if seconds:
        mailing.CONNECT_SECONDS = mailing.ANSWER_SECONDS = int(seconds)


def _run() -> None:
    """Let `qianqi worker` load this module instead of the product's."""
    from cli import app

    execute = os.execv
    os.execv = lambda path, arguments: execute(path, [*arguments[:-1], "tests.faults.wrong_clock"])
    sys.argv = ["qianqi", sys.argv[1]]
    app()


_set_wrong()
_hurry()
if __name__ == "__main__":
    _run()
else:
    from workers import actors, broker

    __all__ = ["actors", "broker"]
