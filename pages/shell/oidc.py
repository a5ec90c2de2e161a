"""Sign-in with an OpenID Connect provider: two addresses, and a signed cookie that remembers the way between them."""

from typing import Any

from anyio import to_thread
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from core import oidc
from core.errors import ConflictError, UserError
from core.i18n import N_
from core.secret import secret_key
from core.settings import settings
from pages.shell.cookies import session_token
from pages.shell.sign_in import client_ip, enter, safe_target, sign_in_page
from services import accounts
from services.accounts import Identity

_COOKIE = "qianqi_oidc"
_MINUTES = 10
_PROFILE = "/account-profile"


async def begin(request: Request) -> Response:
    """Send the browser to the provider; a POST from the own account's page links the identity it comes back with."""
    if not settings().oidc_issuer:
        return RedirectResponse("/sign-in", status_code=303)
    linking = request.method == "POST"
    try:
        address, asked = await to_thread.run_sync(oidc.begin, _callback())
    except UserError as problem:
        return await _refused(request, problem)
    response = RedirectResponse(address, status_code=303)
    kept = {"asked": vars(asked), "next": safe_target(request.query_params.get("next", "/")), "link": linking}
    response.set_cookie(
        _COOKIE, _signer().dumps(kept), max_age=_MINUTES * 60, path="/oidc", httponly=True, samesite="lax",
        secure=settings().secure_cookies,
    )  # fmt: skip
    return response


async def finish(request: Request) -> Response:
    """Take the provider's answer: sign its person in, or link the identity to who is signed in already."""
    try:
        kept = _kept(request)
        answer = dict(request.query_params)
        claims = await to_thread.run_sync(oidc.finish, oidc.Request(**kept["asked"]), answer, _callback())
        response = await (_link if kept["link"] else _enter)(request, _identity(claims), kept["next"])
    except UserError as problem:
        response = await _refused(request, problem)
    response.delete_cookie(_COOKIE, path="/oidc")
    return response


async def _enter(request: Request, identity: Identity, target: str) -> Response:
    agent = request.headers.get("user-agent", "")
    token = await to_thread.run_sync(
        lambda: accounts.sign_in_by_identity(identity, ip=client_ip(request), user_agent=agent)
    )
    return await enter(request, token, target)


async def _link(request: Request, identity: Identity, _target: str) -> Response:
    token = session_token(request)
    actor = await to_thread.run_sync(lambda: accounts.actor_for(token, ip=client_ip(request)))
    if actor is None:
        return RedirectResponse(f"/sign-in?next={_PROFILE}", status_code=303)
    try:
        await to_thread.run_sync(accounts.link, actor, identity)
    except ConflictError:
        return RedirectResponse(f"{_PROFILE}?identity=taken", status_code=303)
    return RedirectResponse(_PROFILE, status_code=303)


async def _refused(request: Request, problem: UserError) -> Response:
    return await to_thread.run_sync(lambda: sign_in_page(request, problem=problem, target="/", status=401))


def _kept(request: Request) -> dict[str, Any]:
    try:
        kept: dict[str, Any] = _signer().loads(request.cookies.get(_COOKIE, ""), max_age=_MINUTES * 60)
    except BadSignature:
        raise oidc.OidcError(N_("This unified sign-in has expired. Please start again.")) from None
    return kept


def _identity(claims: dict[str, Any]) -> Identity:
    return Identity(
        issuer=str(claims["iss"]),
        subject=str(claims["sub"]),
        username=str(claims.get("preferred_username", "")),
        email=str(claims.get("email", "")),
        email_verified=claims.get("email_verified") is True,
    )


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key(), salt="oidc")


def _callback() -> str:
    return f"{settings().base_url}/oidc/callback"


routes: list[BaseRoute] = [
    Route("/oidc/sign-in", begin, methods=["GET"]),
    Route("/oidc/link", begin, methods=["POST"]),
    Route("/oidc/callback", finish, methods=["GET"]),
]
