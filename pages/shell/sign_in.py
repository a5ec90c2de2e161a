"""Sign-in and sign-out routes: plain pages that work before any script runs."""

from pathlib import Path
from urllib.parse import urlsplit

from anyio import to_thread
from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from core.errors import UserError
from core.i18n import LOCALES, gettext, in_locale, locale
from core.settings import settings
from pages.shell.gate import COOKIE
from services import accounts, demo

_templates = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)
_templates.globals["_"] = gettext


async def show(request: Request) -> Response:
    """Show the sign-in page."""
    return _page(request)


async def submit(request: Request) -> Response:
    """Check the password; on success set the session cookie and go where the person wanted to go."""
    if not _from_here(request):
        return Response(status_code=403)
    form = await request.form()
    username, password = str(form.get("username", "")), str(form.get("password", ""))
    try:
        with in_locale(_language(request)):
            token = await to_thread.run_sync(lambda: _sign_in(request, username, password))
    except UserError as problem:
        return _page(request, problem=problem, username=username, status=401)
    response = RedirectResponse(_safe(str(form.get("next", "/"))), status_code=303)
    set_session(response, token)
    return response


async def sign_out(request: Request) -> Response:
    """End the session of this browser."""
    await to_thread.run_sync(accounts.sign_out, request.cookies.get(COOKIE, ""))
    response = RedirectResponse("/sign-in", status_code=303)
    response.delete_cookie(COOKIE, path="/")
    return response


def set_session(response: Response, token: str) -> None:
    """Give the browser its session cookie."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=settings().session_hours * 3600,
        httponly=True,
        samesite="lax",
        secure=settings().secure_cookies,
        path="/",
    )


def _sign_in(request: Request, username: str, password: str) -> str:
    ip = request.client.host if request.client else ""
    return accounts.sign_in(username, password, ip=ip, user_agent=request.headers.get("user-agent", ""))


def _page(request: Request, *, problem: UserError | None = None, username: str = "", status: int = 200) -> HTMLResponse:
    with in_locale(_language(request)):
        html = _templates.get_template("sign_in.html").render(
            problem=str(problem) if problem else "",
            username=username,
            next=_safe(request.query_params.get("next", "/")),
            lang=locale(),
            locales=LOCALES,
            demo_accounts=demo.accounts() if settings().mode == "demo" else [],
        )
    response = HTMLResponse(html, status_code=status)
    if request.query_params.get("lang") in LOCALES:
        response.set_cookie("qianqi_lang", request.query_params["lang"], samesite="lax", path="/")
    return response


def _language(request: Request) -> str:
    return request.query_params.get("lang") or request.cookies.get("qianqi_lang") or settings().default_locale


def _safe(target: str) -> str:
    parts = urlsplit(target)
    local = not parts.scheme and not parts.netloc and target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if local else "/"


def _from_here(request: Request) -> bool:
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host") or origin == settings().base_url


routes: list[BaseRoute] = [
    Route("/sign-in", show, methods=["GET"]),
    Route("/sign-in", submit, methods=["POST"]),
    Route("/sign-out", sign_out, methods=["GET", "POST"]),
]
