"""Sign-in and sign-out: plain pages that work before any script runs."""

import secrets
from pathlib import Path

from anyio import to_thread
from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from core.errors import UserError
from core.i18n import LOCALES, gettext, in_locale, locale
from core.reaching import DatabaseError
from core.settings import settings
from pages.shell import outage
from pages.shell.cookies import clear_session, language, session_token, set_language, set_session
from pages.shell.navigation import entry_of
from services import accounts, demo, texts

_FOLDER = Path(__file__).parent
_MAX_FORM = 8_192
_ENDED = "ended"
"""Parameter of the address: `leave.js` sends a tab here whose session has ended."""
_templates = Environment(loader=FileSystemLoader(_FOLDER / "templates"), autoescape=True)
_templates.globals["_"] = gettext


async def show(request: Request) -> Response:
    """Show the sign-in page, or go on at once with somebody who is signed in already."""
    if await to_thread.run_sync(accounts.is_live, session_token(request)):
        return RedirectResponse(safe_target(request.query_params.get("next", "/")), status_code=303)
    return await to_thread.run_sync(lambda: sign_in_page(request))


async def submit(request: Request) -> Response:
    """Check the password; on success set the session cookie and go where the person wanted to go."""
    if int(request.headers.get("content-length") or _MAX_FORM + 1) > _MAX_FORM:
        return Response(status_code=413)
    form = {key: str(value) for key, value in (await request.form()).items()}
    target = safe_target(form.get("next", "/"))
    try:
        token = await to_thread.run_sync(lambda: _sign_in(request, form))
    except (UserError, DatabaseError) as problem:
        shown = problem if isinstance(problem, UserError) else outage.sign_in_refusal(problem)
        if shown is None:
            raise
        status = 401 if shown is problem else 503
        return await to_thread.run_sync(
            lambda: sign_in_page(
                request, problem=shown, username=form.get("username", ""), target=target, status=status
            )
        )
    return await enter(request, token, target)


async def enter(request: Request, token: str, target: str) -> Response:
    """Answer somebody whose session was just opened: end the one this browser had, set the cookie, go on."""
    await to_thread.run_sync(accounts.sign_out, session_token(request))
    response = RedirectResponse(target, status_code=303)
    set_session(response, token)
    return response


async def sign_out(request: Request) -> Response:
    """End the session of this browser. A link could be planted on any site, so only a form of ours does it."""
    await to_thread.run_sync(accounts.sign_out, session_token(request))
    response = RedirectResponse("/sign-in", status_code=303)
    clear_session(response)
    return response


async def stay(_request: Request) -> Response:
    """Answer somebody who opened the address of signing out: nothing happens but by the button."""
    return RedirectResponse("/", status_code=303)


async def shell_file(request: Request) -> Response:
    """Serve one of the shell's own files: the icon, or one of its scripts."""
    return FileResponse(_FOLDER / request.url.path.rpartition("/")[2], headers={"Cache-Control": "max-age=3600"})


def sign_in_page(
    request: Request, *, problem: UserError | None = None, username: str = "", target: str = "", status: int = 200
) -> HTMLResponse:
    """Return the sign-in page in the visitor's language, with what went wrong if something did."""
    nonce = secrets.token_urlsafe(16)
    texts.refresh()
    with in_locale(language(request)):
        html = _templates.get_template("sign_in.html").render(
            problem=str(problem) if problem else "",
            ended=[] if problem else _ended(request),
            username=username,
            next=target or safe_target(request.query_params.get("next", "/")),
            lang=locale(),
            locales=LOCALES,
            nonce=nonce,
            oidc=settings().oidc_issuer and (settings().oidc_label or gettext("Unified identity sign-in")),
            demo_accounts=demo.accounts() if settings().mode == "demo" else [],
        )
    response = HTMLResponse(html, status_code=status)
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    if request.query_params.get("lang") in LOCALES:
        set_language(response, request.query_params["lang"])
    return response


def _ended(request: Request) -> list[str]:
    """Return why somebody who was signed in stands at the sign-in page and where it leads back to; else nothing.

    Nothing of the address is repeated: of where it leads to, only a page of the product is named, by its title.
    """
    if not session_token(request) and _ENDED not in request.query_params:
        return []
    told = [gettext("Your sign-in has expired or was ended elsewhere. Please sign in again.")]
    entry = entry_of(safe_target(request.query_params.get("next", "/")))
    if entry is not None:
        told.append(gettext("It leads back to “{page}”.").format(page=gettext(entry.title)))
    return told


def safe_target(target: str) -> str:
    """Return an address of this site to go to after signing in; the start page for any other."""
    local = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if local and target.isprintable() else "/"


def client_ip(request: Request) -> str:
    """Return the address a request came from; behind a trusted proxy the one the proxy names."""
    return request.client.host if request.client else ""


def _sign_in(request: Request, form: dict[str, str]) -> str:
    with in_locale(language(request)):
        return accounts.sign_in(
            form.get("username", ""),
            form.get("password", ""),
            ip=client_ip(request),
            user_agent=request.headers.get("user-agent", ""),
        )


routes: list[BaseRoute] = [
    Route("/sign-in", show, methods=["GET"]),
    Route("/sign-in", submit, methods=["POST"]),
    Route("/sign-out", stay, methods=["GET"]),
    Route("/sign-out", sign_out, methods=["POST"]),
    Route("/shell/leave.js", shell_file, methods=["GET"]),
    Route("/shell/outage.js", shell_file, methods=["GET"]),
    Route("/shell/keyboard.js", shell_file, methods=["GET"]),
    Route("/shell/words.js", shell_file, methods=["GET"]),
    Route("/shell/icon.svg", shell_file, methods=["GET"]),
]
