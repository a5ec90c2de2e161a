"""The small world, with the clock standing still."""

from datetime import datetime

import pytest

from tests import visit_world
from tests.visit_world import World


@pytest.fixture
def world(database: str, frozen_clock: datetime) -> World:  # noqa: ARG001 - both must be in place before it is built
    """Two streets, two teams, five enterprises, one running campaign."""
    return visit_world.build()
