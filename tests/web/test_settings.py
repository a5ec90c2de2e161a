"""What the settings change for browsers: refusal to start, HTTPS, proxies, the language."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlmodel import select

from core import db
from models.account import Account, SignInSession
from services.actor import SYSTEM
from tests.servers import ROOT, Database, WebServer, environment
from tests.web.conftest import PASSWORD


@pytest.fixture(scope="module")
def web(shared_database: Database, server_folder: Path) -> Iterator[WebServer]:
    """A server behind TLS and two proxies."""
    folder = server_folder / "proxied"
    folder.mkdir(exist_ok=True)
    more = {"QIANQI_SECURE_COOKIES": "true", "QIANQI_TRUSTED_PROXIES": "127.0.0.1,10.0.0.0/8"}
    with WebServer(environment(shared_database, folder, **more), folder / "web.log") as server:
        yield server


def test_production_mode_without_a_secret_does_not_start(shared_database: Database, tmp_path: Path) -> None:
    env = environment(shared_database, tmp_path, QIANQI_MODE="production", QIANQI_SECRET_KEY="")

    done = subprocess.run(
        [sys.executable, "-m", "uvicorn", "app:app", "--port", "1"],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert done.returncode != 0
    assert "未设置 QIANQI_SECRET_KEY" in done.stderr
    assert "Traceback" not in done.stderr


def test_behind_tls_cookies_stay_on_https_and_this_host(client: httpx.Client, account: Account) -> None:
    answer = client.post("/sign-in", data={"username": account.username, "password": PASSWORD})

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-qianqi_session=")
    assert "Secure" in cookie
    assert client.get("/sign-in").headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize(
    ("chain", "address"),
    [("203.0.113.9", "203.0.113.9"), ("6.6.6.6, 203.0.113.9, 10.1.1.1", "203.0.113.9"), ("", "127.0.0.1")],
)
def test_the_address_is_the_one_the_last_trusted_proxy_saw(
    client: httpx.Client, account: Account, chain: str, address: str
) -> None:
    headers = {"x-forwarded-for": chain} if chain else {}

    client.post("/sign-in", data={"username": account.username, "password": PASSWORD}, headers=headers)

    with db.transaction(actor=SYSTEM) as session:
        made = session.exec(select(SignInSession).where(SignInSession.account_id == account.id)).one()
    assert made.ip == address


def test_the_sign_in_page_keeps_the_language_a_visitor_chose(client: httpx.Client) -> None:
    chosen = client.get("/sign-in?lang=en")
    assert '<html lang="en">' in chosen.text

    again = client.get("/sign-in", headers={"cookie": "qianqi_lang=en"})
    assert '<html lang="en">' in again.text
    assert '<html lang="zh-CN">' in client.get("/sign-in?lang=xx", headers={"cookie": ""}).text


@pytest.mark.parametrize("target", [
    "//evil.example", "///evil.example", "https://evil.example", "https:evil.example", "/\\evil.example",
    "\\\\evil.example", "/\t/evil.example", "/\n/evil.example", " //evil.example", "evil.example",
    "javascript:alert(1)", "//[evil.example", "http://[", "", "/ok\r\nSet-Cookie: a=b", "/\u202eevil",
])  # fmt: skip
def test_signing_in_leads_to_no_foreign_address(client: httpx.Client, account: Account, target: str) -> None:
    answer = client.post("/sign-in", data={"username": account.username, "password": PASSWORD, "next": target})

    assert answer.headers["location"] == "/"


def test_an_oversized_form_is_refused(client: httpx.Client) -> None:
    assert client.post("/sign-in", data={"username": "x" * 20_000}).status_code == 413
