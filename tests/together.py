"""Which tests run in one process, one after the other: they share a server, or need the machine to themselves."""

from collections.abc import Mapping

from xdist.scheduler import LoadScopeScheduling

GROUPS: Mapping[str, str] = {
    "tests/browser/": "browser",
    "tests/look/": "browser",
    "tests/outages/": "browser",
    "tests/faults/": "faults",
    "tests/cli/test_up.py": "up",
    "tests/restore/test_drill.py": "drill",
}
"""How the ids of tests begin → the group they belong to."""


def group_of(nodeid: str) -> str:
    """Return the group of a test; most are a group of their own."""
    return next((group for begin, group in GROUPS.items() if nodeid.startswith(begin)), nodeid)


class Scheduler(LoadScopeScheduling):
    """Hands out groups of tests.

    The marks that xdist has for it write into the ids of tests, which pytest 9.2 does not let anybody do any more.
    """

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)
