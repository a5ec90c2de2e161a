"""OpenID Connect: authorization code with PKCE, state and nonce, and the proof of who came back.

Nothing is kept between the two halves but what the caller gives the browser, signed.
"""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from requests import RequestException

from core import clock, logs
from core.errors import UserError
from core.i18n import N_
from core.settings import settings

SCOPE = "openid profile email"
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384")
_TIMEOUT = 10
_KEEP_SECONDS = 3600
_LEEWAY = 60
_log = logs.get(__name__)


class OidcError(UserError):
    """The provider could not be asked, or what it answered proves nothing."""

    def __init__(
        self, message: str = N_("Unified sign-in failed. Please try again, or sign in with your password.")
    ) -> None:
        super().__init__(message)


@dataclass(frozen=True)
class Request:
    """One sign-in under way: what the answer must match. Keep it, signed, with the browser."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class _Provider:
    """What the provider publishes about itself."""

    metadata: Mapping[str, Any]
    keys: KeySet
    read_at: float


def begin(redirect_uri: str) -> tuple[str, Request]:
    """Return the provider's address to send the browser to, and what its answer must match.

    Raises:
        OidcError: the provider cannot be reached.
    """
    request = Request(*(secrets.token_urlsafe(32) for _ in range(3)))
    address, _state = _session(redirect_uri).create_authorization_url(
        _provider().metadata["authorization_endpoint"],
        state=request.state,
        nonce=request.nonce,
        code_verifier=request.verifier,
    )
    return str(address), request


def finish(request: Request, answer: Mapping[str, str], redirect_uri: str) -> dict[str, Any]:
    """Return the claims of the person who came back, their proof checked.

    Args:
        request: what `begin` returned.
        answer: the parameters the browser brought.
        redirect_uri: the same as for `begin`.

    Raises:
        OidcError: the answer belongs to another request, or proves nothing.
    """
    if answer.get("error") == "access_denied":
        raise OidcError(N_("Unified sign-in was cancelled."))
    if not secrets.compare_digest(answer.get("state", "").encode(), request.state.encode()) or "code" not in answer:
        _log.warning("oidc answer refused", reason=answer.get("error", "state"))
        raise OidcError
    try:
        with _session(redirect_uri) as session:
            metadata = _provider().metadata
            token = session.fetch_token(
                metadata["token_endpoint"], code=answer["code"], code_verifier=request.verifier, timeout=_TIMEOUT
            )
            claims = _claims(token["id_token"], request.nonce)
            return _with_user_info(session, metadata, claims)
    except (AuthlibBaseError, RequestException, JoseError, KeyError, ValueError) as problem:
        _log.warning("oidc answer refused", reason=type(problem).__name__, detail=str(problem)[:200])
        raise OidcError from None


def forget_provider() -> None:
    """Forget what the provider published, so that the next sign-in reads it again."""
    _known.cache_clear()


def _session(redirect_uri: str) -> OAuth2Session:
    return OAuth2Session(
        settings().oidc_client_id,
        settings().oidc_client_secret.get_secret_value(),
        scope=SCOPE,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
    )


def _claims(token: str, nonce: str) -> dict[str, Any]:
    """Return the claims of an ID token that the provider signed for us, now, in answer to this request."""
    try:
        claims = jwt.decode(token, _provider().keys, algorithms=list(_ALGORITHMS)).claims
    except InvalidKeyIdError:  # the provider has changed its keys since
        forget_provider()
        claims = jwt.decode(token, _provider().keys, algorithms=list(_ALGORITHMS)).claims
    jwt.JWTClaimsRegistry(
        now=int(clock.now().timestamp()),
        leeway=_LEEWAY,
        iss={"essential": True, "value": _provider().metadata["issuer"]},
        aud={"essential": True, "value": settings().oidc_client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    ).validate(claims)
    if claims.get("azp", settings().oidc_client_id) != settings().oidc_client_id:
        raise ValueError("azp")
    return claims


def _with_user_info(session: OAuth2Session, metadata: Mapping[str, Any], claims: dict[str, Any]) -> dict[str, Any]:
    """Return the claims with those many providers tell only on request, such as the e-mail address."""
    if "userinfo_endpoint" not in metadata:
        return claims
    answer = session.get(metadata["userinfo_endpoint"], timeout=_TIMEOUT)
    answer.raise_for_status()
    told = answer.json()
    if told.get("sub") != claims["sub"]:
        raise ValueError("userinfo of another subject")
    return {**told, **claims}


def _provider() -> _Provider:
    known = _known(settings().oidc_issuer)
    if time.monotonic() - known.read_at > _KEEP_SECONDS:
        forget_provider()
        known = _known(settings().oidc_issuer)
    return known


@cache
def _known(issuer: str) -> _Provider:
    try:
        with OAuth2Session() as session:
            address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
            metadata = session.request("GET", address, withhold_token=True, timeout=_TIMEOUT).json()
            _check_name(metadata, issuer)
            keys = session.request("GET", metadata["jwks_uri"], withhold_token=True, timeout=_TIMEOUT).json()
        return _Provider(metadata, KeySet.import_key_set(keys), time.monotonic())
    except (RequestException, JoseError, KeyError, ValueError) as problem:
        _log.error("oidc provider cannot be used", issuer=issuer, reason=type(problem).__name__)
        raise OidcError(N_("The unified sign-in service cannot be reached.")) from None


def _check_name(metadata: Mapping[str, Any], issuer: str) -> None:
    if metadata["issuer"].rstrip("/") != issuer.rstrip("/"):
        raise ValueError("the provider calls itself by another name")
