"""A small OpenID Connect provider: code flow with PKCE, signed tokens, user info. It says yes to everybody."""

import base64
import hashlib
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from core.embedded.process import free_port

CLIENT_ID, CLIENT_SECRET = "qianqi", "secret-of-the-client"


@dataclass
class Person:
    """Who sits at the provider's sign-in page, and what the provider gets wrong about them on purpose."""

    sub: str = "person-1"
    user_info: dict[str, Any] = field(default_factory=dict)
    false_claims: dict[str, Any] = field(default_factory=dict)
    """Claims of the ID token that replace the right ones."""
    foreign_key: bool = False
    """Whether the ID token is signed by a key the provider does not publish."""


class OidcProvider:
    """The provider, served by uvicorn in a thread for the length of a `with` block."""

    def __init__(self) -> None:
        self.port = free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.person = Person()
        self._codes: dict[str, dict[str, str]] = {}
        self._tokens: dict[str, Person] = {}
        self.new_key()
        config = uvicorn.Config(self._app(), host="127.0.0.1", port=self.port, log_config=None)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> Self:
        """Start it."""
        self._thread.start()
        while not self._server.started:
            time.sleep(0.02)
        return self

    def __exit__(self, *_problem: object) -> None:
        """Stop it."""
        self._server.should_exit = True
        self._thread.join(10)

    def new_key(self) -> None:
        """Sign with a new key from now on, as providers do now and then."""
        self._key = RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig", "alg": "RS256"})

    def _app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._metadata),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
                Route("/userinfo", self._user_info),
                Route("/jwks", self._jwks),
            ]
        )

    async def _metadata(self, _request: Request) -> Response:
        pages = {"authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo",
                 "jwks_uri": "jwks"}  # fmt: skip
        return JSONResponse({"issuer": self.issuer, **{name: f"{self.issuer}/{page}" for name, page in pages.items()}})

    async def _jwks(self, _request: Request) -> Response:
        return JSONResponse(KeySet([self._key]).as_dict(private=False))

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", status_code=302)

    async def _token(self, request: Request) -> Response:
        form = await request.form()
        asked = self._codes.pop(str(form["code"]), None)  # a code is good for once
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {basic}":
            return JSONResponse({"error": "invalid_client"}, status_code=401)
        if asked is None or form["redirect_uri"] != asked["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(str(form["code_verifier"]).encode()).digest())
        if challenge.rstrip(b"=").decode() != asked["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        access = secrets.token_urlsafe(16)
        self._tokens[access] = self.person
        return JSONResponse(
            {"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": self._id_token(asked)}
        )

    async def _user_info(self, request: Request) -> Response:
        person = self._tokens[request.headers["authorization"].removeprefix("Bearer ")]
        return JSONResponse({"sub": person.sub, **person.user_info})

    def _id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": self.person.sub, "aud": CLIENT_ID, "iat": now, "exp": now + 300,
                  "nonce": asked["nonce"], **self.person.false_claims}  # fmt: skip
        key = self._key
        if self.person.foreign_key:
            key = RSAKey.generate_key(2048, {"kid": self._key.kid or ""})
        return jwt.encode({"alg": "RS256", "kid": self._key.kid}, claims, key)
