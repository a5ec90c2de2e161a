"""What every answer of the server carries, and what the server does not do at all."""

import httpx
import pytest

from pages.shell.gate import OPEN
from tests.attack.conftest import Ask
from tests.servers import WebServer

_ANSWERS = (
    "/",
    "/issues-ledger",
    "/sign-in",
    "/static/js/none.js",
    "/_stcore/health",
    "/media/none",
    "/m/none",
    "/none",
)


@pytest.mark.parametrize("path", sorted({*_ANSWERS, *OPEN}))
def test_every_answer_carries_the_headers(ask: Ask, path: str) -> None:
    for signed_in in (False, True):
        answer = ask(path, signed_in=signed_in)

        headers = answer.headers
        policy = headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin" or "no-referrer" in headers["referrer-policy"]
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "usb=()" in headers["permissions-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "object-src 'none'" in policy or "default-src 'none'" in policy
        assert "'unsafe-eval'" not in policy.replace("'wasm-unsafe-eval'", "")
        assert path.startswith("/static/") or "no-" in headers["cache-control"] or "max-age" in headers["cache-control"]
        assert not answer.content or headers["content-type"]


def test_no_answer_lets_another_site_read_it(ask: Ask) -> None:
    for path in _ANSWERS:
        answer = ask(path, signed_in=True, headers={"Origin": "https://evil.invalid"})

        assert answer.headers.get("access-control-allow-origin") not in ("*", "https://evil.invalid")


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PUT", "DELETE", "PATCH", "PROPFIND"])
def test_methods_nobody_needs_do_nothing(hostile_server: WebServer, method: str) -> None:
    with httpx.Client(base_url=hostile_server.url, trust_env=False) as client:
        for path in ("/", "/sign-in", "/sign-out", "/_stcore/health"):
            answer = client.request(method, path, headers={"X-Told": "back"})

            assert answer.status_code in (303, 400, 401, 403, 404, 405)
            assert "back" not in answer.text


@pytest.mark.parametrize(
    "path",
    ["/.git/config", "/pyproject.toml", "/app.py", "/.streamlit/config.toml", "/static/", "/static/../app.py",
     "/static/%2e%2e/%2e%2e/pyproject.toml", "/media/../../etc/passwd", "/shell/../core/settings.py",
     "/static/..%5capp.py"],
)  # fmt: skip
def test_nothing_of_the_checkout_is_served(ask: Ask, path: str) -> None:
    for signed_in in (False, True):
        answer = ask(path, signed_in=signed_in)

        for told in ("[core]", "hatchling", "Middleware(", "root:", "QIANQI_", "Index of", "[server]"):
            assert told not in answer.text
