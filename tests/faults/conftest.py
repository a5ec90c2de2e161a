"""Servers for all scenarios, a world for each."""

from collections.abc import Callable, Iterator

import pytest

from tests.faults import table
from tests.faults.table import Row
from tests.faults.world import World, worlds


@pytest.fixture(scope="module")
def _worlds() -> Iterator[Callable[[], World]]:
    """Make worlds; no longer than the tests of faults, for this process has their settings as long."""
    with worlds() as new:
        yield new


@pytest.fixture(autouse=True)
def own_settings() -> None:
    """Leave the settings to the world, which lasts longer than one test."""


@pytest.fixture
def world(_worlds: Callable[[], World]) -> World:
    """A world without reminders."""
    return _worlds()


@pytest.fixture
def told(request: pytest.FixtureRequest) -> Callable[[Row], None]:
    """Put a row into the table at the end of the run, then hold it against what must be in every row."""

    def tell(row: Row) -> None:
        request.node.user_properties.append(table.as_property(row))
        assert row.lost == 0
        assert row.duplicates <= row.allowed

    return tell
