"""The gate: nothing but sign-in pages, pages of messages, health and static files is served without a live session.

It stands before Streamlit, at the ASGI layer, so that no page, upload, media file or websocket can be reached past
it; services check permissions again.
"""

import re
from urllib.parse import quote

import anyio
from anyio import to_thread
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from core import logs
from core.reaching import DatabaseError, trouble
from core.settings import settings
from pages.shell.cookies import session_token
from pages.shell.unavailable import unavailable
from services import accounts
from services.inbox.links import FOLDER

OPEN = frozenset({
    "/sign-in", "/sign-out", "/oidc/sign-in", "/oidc/callback",
    "/shell/leave.js", "/shell/outage.js", "/shell/keyboard.js", "/shell/words.js", "/shell/icon.svg",
    "/healthz", "/readyz", "/metrics", "/_stcore/health", "/favicon.png", "/favicon.ico", "/robots.txt",
})  # fmt: skip
_OPEN_FOLDER = "/static/"  # Streamlit's own scripts and styles; the product's files are elsewhere
_MESSAGE = re.compile(re.escape(FOLDER) + r"[\w.-]{1,400}(/read)?", re.ASCII)
"""A message's page, which its token opens; a name of dots alone, which would be another folder, is none of it."""
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_POLICY_VIOLATION = 1008
_UPLOAD, _UPLOAD_WAITS = "/_stcore/upload_file", 120


class Gate:
    """ASGI middleware that turns away whoever has no live session and whatever another site's page sends."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with an id for the logs, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        with bound_contextvars(request_id=logs.new_id()):
            await self._served(scope, receive, send)

    async def _served(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            answer = await _patient_refusal(scope)
            await (answer or self.app)(scope, receive, noted)
        except DatabaseError as problem:
            found = trouble(problem)
            if found is None or begun:
                raise
            await unavailable(scope, found)(scope, receive, send)


async def _patient_refusal(scope: Scope) -> ASGIApp | None:
    """Return what `_refusal` says; the upload of a file waits for the database instead of failing at its last step."""
    ends = anyio.current_time() + _UPLOAD_WAITS
    while scope["type"] == "http" and scope["path"].startswith(_UPLOAD) and anyio.current_time() < ends:
        try:
            return await _refusal(scope)
        except DatabaseError:
            await anyio.sleep(1)
    return await _refusal(scope)


async def _refusal(scope: Scope) -> ASGIApp | None:
    """Return what to answer instead of passing a request on, `None` to pass it on."""
    if not _from_here(scope):
        return _closed if scope["type"] == "websocket" else Response(status_code=403)
    if _is_open(scope) or await to_thread.run_sync(accounts.is_live, session_token(HTTPConnection(scope))):
        return None
    if scope["type"] == "websocket":
        return _closed
    if scope["method"] != "GET" or scope["path"].startswith(("/_stcore/", "/media/", "/component/")):
        return Response(status_code=401)
    return RedirectResponse(f"/sign-in?next={quote(_target(scope))}", status_code=303)


def _is_open(scope: Scope) -> bool:
    path = str(scope["path"])
    if ".." in path:
        return False
    message = scope["type"] == "http" and _MESSAGE.fullmatch(path) is not None
    return message or path in OPEN or path.startswith(_OPEN_FOLDER)


def _from_here(scope: Scope) -> bool:
    """Return whether a websocket or a request that changes something was made by a page of this site.

    Browsers always say where such a request comes from; what says nothing is no browser and has no cookie but the
    one it was given.
    """
    if scope["type"] == "http" and scope["method"] in _SAFE_METHODS:
        return True
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
    return origin == settings().base_url or origin.partition("://")[2] == headers.get("host")


async def _closed(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "websocket.close", "code": _POLICY_VIOLATION})


def _target(scope: Scope) -> str:
    query = scope["query_string"].decode("latin-1")
    return str(scope["path"]) + (f"?{query}" if query else "")
