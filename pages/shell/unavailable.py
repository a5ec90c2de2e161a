"""What the gate answers while the database is not there: a page that goes on by itself, for all else a status."""

import secrets
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from core.i18n import gettext, in_locale, locale
from core.reaching import Trouble
from pages.shell.cookies import language
from pages.shell.outage import GIVEN_UP, NOT_YET

_TRY_AGAIN_LATER = 1013
_HEADERS = {"Retry-After": "2", "Cache-Control": "no-store"}
_templates = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)
_templates.globals["_"] = gettext


def unavailable(scope: Scope, found: Trouble) -> ASGIApp:
    """Return the answer to a request that the database's state keeps from being served.

    Args:
        scope: the request's.
        found: what is wrong.
    """
    if scope["type"] == "websocket":
        return _closed  # the tab connects again by itself
    accepted = HTTPConnection(scope).headers.get("accept", "")
    return _page(scope, found) if "text/html" in accepted else Response(status_code=503, headers=_HEADERS)


async def _closed(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "websocket.close", "code": _TRY_AGAIN_LATER})


def _page(scope: Scope, found: Trouble) -> Response:
    nonce = secrets.token_urlsafe(16)
    with in_locale(language(HTTPConnection(scope))):
        fresh = scope["method"] == "GET" and found is Trouble.GONE  # nothing was entered or pressed yet
        text = gettext(NOT_YET if fresh else GIVEN_UP[found])
        html = _templates.get_template("unavailable.html").render(text=text, lang=locale(), nonce=nonce)
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; connect-src 'self'; "
        "img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return HTMLResponse(html, status_code=503, headers={**_HEADERS, "Content-Security-Policy": policy})
