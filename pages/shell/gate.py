"""The gate: nothing but the sign-in page, health and static files is served without a live session.

It stands before Streamlit, at the ASGI layer, so that no page, upload, media file or websocket can be reached past
it; services check permissions again.
"""

from urllib.parse import quote

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from core import logs
from core.settings import settings
from services import accounts

COOKIE = "qianqi_session"
_OPEN = ("/sign-in", "/oidc/", "/healthz", "/readyz", "/metrics", "/_stcore/health")
_OPEN_FILES = ("/static/", "/favicon")
_POLICY_VIOLATION = 1008


class Gate:
    """ASGI middleware that turns away whoever has no live session, and binds a request id to the logs."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, answer 303 to the sign-in page, or close the websocket."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        with bound_contextvars(request_id=logs.new_id()):
            if _is_open(scope["path"]) or await _signed_in(scope):
                await self._pass_on(scope, receive, send)
            else:
                await _turn_away(scope, receive, send)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and not _same_origin(scope):
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
            return
        await self.app(scope, receive, send)


def _is_open(path: str) -> bool:
    return path.startswith(_OPEN_FILES) or any(path == o or (o.endswith("/") and path.startswith(o)) for o in _OPEN)


async def _signed_in(scope: Scope) -> bool:
    token = HTTPConnection(scope).cookies.get(COOKIE, "")
    return await to_thread.run_sync(accounts.actor_for, token) is not None


def _same_origin(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    if origin is None:
        return True  # not a browser; its cookie was checked
    host = origin.partition("://")[2]
    return host == headers.get("host") or origin == settings().base_url


async def _turn_away(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        return
    response: Response
    if scope["path"].startswith("/_stcore/") or scope["method"] != "GET":
        response = Response(status_code=401)
    else:
        query = scope["query_string"].decode("latin-1")
        target = scope["path"] + (f"?{query}" if query else "")
        response = RedirectResponse(f"/sign-in?next={quote(target)}", status_code=303)
    await response(scope, receive, send)
