"""The small world of the ledger, for messages about its issues."""

import pytest

from tests import issue_world
from tests.issue_world import IssueWorld


@pytest.fixture
def world(database: str, frozen_clock: object) -> IssueWorld:
    """The small world in an empty database; the clock stands still."""
    assert database
    assert frozen_clock
    return issue_world.build()
