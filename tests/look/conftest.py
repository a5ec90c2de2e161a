"""The product and its people, who look at every page; with `--look FILE` in every width, language and theme."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.look import sheets, table


@pytest.fixture(scope="session")
def document(pytestconfig: pytest.Config) -> Path | None:
    """The document to renew, if this run does."""
    found: Path | None = pytestconfig.getoption("--look")
    return found


@pytest.fixture(scope="module")
def tally(document: Path | None) -> Iterator[table.Tally]:
    """What is counted over all pages; written into the document at the end, if this run renews one."""
    kept = table.Tally()
    yield kept
    if document:
        table.write(document, kept)


@pytest.fixture(scope="session")
def album(pytestconfig: pytest.Config) -> Iterator[sheets.Album | None]:
    """Where pictures are kept until the contact sheets are made at the end of the run that renews the document."""
    given: Path | None = pytestconfig.getoption("--look")
    if given is None:
        yield None
        return
    kept = sheets.Album(given.with_suffix(""))
    yield kept
    kept.make()
