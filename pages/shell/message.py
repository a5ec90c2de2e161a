"""The page of one message, opened by its link without signing in: `/m/<token>`."""

import secrets
from pathlib import Path
from typing import Any

from anyio import to_thread
from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from core.errors import NotFoundError
from core.i18n import format_date, format_moment, gettext, in_locale, locale
from pages.shell.cookies import language
from services import texts
from services.inbox import by_link
from services.inbox.by_link import Letter
from services.inbox.links import FOLDER

_MAX_FORM = 1_024
_ONE = "reminder"
_templates = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)
_templates.globals |= {"_": gettext, "format_moment": format_moment, "format_date": format_date}


async def show(request: Request) -> Response:
    """Show the message. By itself this marks nothing as read; see `read`."""
    return await to_thread.run_sync(lambda: _page(request))


async def read(request: Request) -> Response:
    """Record that a person looks at the message: asked for by a script of the page once it is seen.

    Opening the address is no sign of a person: mail servers, virus scanners and chat programs fetch links before
    anybody has seen them, and over plain HTTP browsers send no `Sec-Fetch-Mode` that would tell the two apart. So the
    page itself asks, in a browser, when it is visible for a moment. Acknowledging takes a press of its button.
    """
    try:
        await to_thread.run_sync(by_link.note_read, _token(request))
    except NotFoundError:
        return Response(status_code=404)
    return Response(status_code=204)


async def acknowledge(request: Request) -> Response:
    """Acknowledge the whole message, or the one reminder the form names, and show what that stopped."""
    if int(request.headers.get("content-length") or _MAX_FORM + 1) > _MAX_FORM:
        return Response(status_code=413)
    given = str((await request.form()).get(_ONE, ""))
    one = int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else None
    if given and one is None:
        return Response(status_code=400)
    try:
        await to_thread.run_sync(lambda: by_link.acknowledge(_token(request), one))
    except NotFoundError:
        return await to_thread.run_sync(lambda: _nothing(request))
    return RedirectResponse(request.url.path, status_code=303)


def _page(request: Request) -> Response:
    try:
        letter = by_link.letter(_token(request))
    except NotFoundError:
        return _nothing(request)
    with in_locale(letter.locale):
        return _answer(request, letter)


def _nothing(request: Request) -> Response:
    """Say that the link leads to nothing: the same for a wrong one, one cut short, and one whose message is gone."""
    with in_locale(language(request)):
        return _answer(request, None, status=404)


def _answer(request: Request, letter: Letter | None, *, status: int = 200) -> Response:
    nonce = secrets.token_urlsafe(16)
    texts.refresh()
    html = _templates.get_template("message.html").render(
        letter=letter, address=request.url.path, lang=locale(), nonce=nonce, one=_ONE
    )
    return HTMLResponse(html, status_code=status, headers=_headers(nonce))


def _headers(nonce: str) -> dict[str, Any]:
    """Return what keeps the page to itself. `Referrer-Policy` stays `same-origin`: with none, forms name no origin."""
    return {
        "Content-Security-Policy": (
            f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; connect-src 'self'; "
            "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex, nofollow",
    }


def _token(request: Request) -> str:
    return str(request.path_params["token"])


routes: list[BaseRoute] = [
    Route(f"{FOLDER}{{token}}", show, methods=["GET"]),
    Route(f"{FOLDER}{{token}}", acknowledge, methods=["POST"]),
    Route(f"{FOLDER}{{token}}/read", read, methods=["POST"]),
]
