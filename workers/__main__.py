"""`python -m workers`: Dramatiq's own command, whose main process logs as the rest of the product does."""

import sys

from dramatiq import cli

from core import logs

if __name__ == "__main__":
    logs.configure()
    given = cli.make_argument_parser().parse_args()  # type: ignore[no-untyped-call]
    sys.argv = [sys.executable, "-m", "cli", "worker"]  # what Dramatiq starts anew on SIGHUP
    sys.exit(cli.main(given))  # type: ignore[no-untyped-call]
