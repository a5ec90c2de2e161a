"""Files of people never act as pages of this site, asked of a real server."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.media_app import FILES, address
from tests.servers import Database, WebServer, environment


@pytest.fixture(scope="module")
def web(shared_database: Database, server_folder: Path) -> Iterator[WebServer]:
    """A server whose memory holds files of all kinds."""
    folder = server_folder / "media"
    folder.mkdir(exist_ok=True)
    with WebServer(environment(shared_database, folder), folder / "web.log", app="tests.media_app:app") as server:
        yield server


@pytest.mark.parametrize("media_type", FILES)
def test_a_file_of_the_memory_needs_a_session(client: httpx.Client, media_type: str) -> None:
    assert client.get(address(media_type)).status_code == 401


@pytest.mark.parametrize("media_type", FILES)
def test_a_file_of_the_memory_runs_nothing(signed_in: httpx.Client, media_type: str) -> None:
    answer = signed_in.get(address(media_type))

    assert answer.content == FILES[media_type]
    assert answer.headers["content-type"].startswith(media_type)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(("media_type", "saved"), [
    ("text/html", True), ("image/svg+xml", True), ("application/pdf", True),
    ("image/webp", False), ("video/mp4", False),
])  # fmt: skip
def test_only_photos_sound_and_video_are_shown_within_a_page(
    signed_in: httpx.Client, media_type: str, saved: bool
) -> None:
    disposition = signed_in.get(address(media_type)).headers.get("content-disposition", "")

    assert disposition.startswith("attachment") is saved
