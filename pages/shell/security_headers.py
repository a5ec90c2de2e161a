"""What every answer tells the browser to forbid."""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.settings import settings

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # A telephone's place sorts the day's visits, its camera takes the photos; nothing else is used.
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(), payment=(), usb=(), display-capture=(), "
    "hid=(), serial=(), midi=(), accelerometer=(), gyroscope=(), magnetometer=()",
}
_YEAR = 365 * 24 * 3600


_MEDIA = "/media/"
_SHOWN = re.compile(r"(image/(png|jpeg|webp|gif)|(audio|video)/[\w.-]+)\s*(;|$)")
"""What Streamlit's media addresses may show within a page; everything else they hold is saved, never opened."""
_MEDIA_POLICY = "default-src 'none'; media-src 'self'; sandbox; frame-ancestors 'none'"


class SecurityHeaders:
    """ASGI middleware that adds the headers, unless the answer has set one itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its answer."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(MutableHeaders(scope=message), scope["path"])
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


def _add(headers: MutableHeaders, path: str) -> None:
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    if path.startswith(_MEDIA):
        _close_media(headers)
    headers.setdefault("Content-Security-Policy", content_policy())
    if settings().secure_cookies:
        headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR}; includeSubDomains")
    if not path.startswith("/static/"):
        headers.setdefault("Cache-Control", "no-store" if path.startswith(_MEDIA) else "no-cache")


def _close_media(headers: MutableHeaders) -> None:
    """Keep files of people from acting as pages of this site, whatever type they were given."""
    headers["Content-Security-Policy"] = _MEDIA_POLICY
    if not _SHOWN.match(headers.get("Content-Type", "")):
        headers.setdefault("Content-Disposition", "attachment")


@cache
def content_policy() -> str:
    """Return what a page may load: only from here, no script written into the page but Streamlit's own first one.

    Streamlit sets styles from scripts, shows images from memory (`data:`, `blob:`) and runs workers from memory. It
    imports the scripts of a page's own components (where the phone is, typed text kept while offline) from `blob:`
    addresses; only a script that runs here already can make one, so what is injected as markup still runs nothing.
    """
    return "; ".join((
        "default-src 'self'",
        f"script-src 'self' blob: 'wasm-unsafe-eval' {_own_scripts()}",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ))  # fmt: skip


def _own_scripts() -> str:
    """Return the hashes of the scripts written into Streamlit's own page."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")
    hashes = (hashlib.sha256(script.encode()).digest() for script in _INLINE_SCRIPT.findall(page))
    return " ".join(f"'sha256-{base64.b64encode(value).decode()}'" for value in hashes)
