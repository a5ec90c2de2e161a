"""Nothing is served without a live session, asked of a real server."""

import re

import httpx
import pytest
import websockets
from sqlalchemy import update
from sqlmodel import col, select

from core import clock, db
from models.account import Account, SignInSession
from models.audit import AuditEntry
from pages.shell.gate import OPEN
from pages.shell.navigation import PAGES
from services import accounts
from services.actor import SYSTEM
from tests.servers import SECRET, Database, WebServer, environment, finish
from tests.web.conftest import PASSWORD

CLOSED_PAGES = ["/", "/home-start", "/no-such-page", *(f"/{entry.url_path}" for entry in PAGES)]
CLOSED_ENDPOINTS = [
    ("GET", "/_stcore/host-config"),
    ("GET", "/_stcore/metrics"),
    ("GET", "/_stcore/script-health-check"),
    ("GET", "/_stcore/agent/openapi.json"),
    ("POST", "/_stcore/agent/interact"),
    ("POST", "/_stcore/agent/mcp"),
    ("PUT", "/_stcore/upload_file/any/any"),
    ("DELETE", "/_stcore/upload_file/any/any"),
    ("GET", "/media/0123456789abcdef.png"),
    ("GET", "/component/any/index.html"),
    ("GET", "/_stcore/bidi-components/any"),
    ("GET", "/_stcore/stream"),
    ("POST", "/home-start"),
]


@pytest.mark.parametrize("path", CLOSED_PAGES)
def test_a_page_without_a_session_leads_to_the_sign_in_page(client: httpx.Client, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/sign-in?next={path}"


@pytest.mark.parametrize(("method", "path"), CLOSED_ENDPOINTS)
def test_an_endpoint_without_a_session_is_refused(client: httpx.Client, method: str, path: str) -> None:
    assert client.request(method, path).status_code == 401


@pytest.mark.parametrize("path", ["/static/../_stcore/host-config", "/static/..%2f_stcore%2fhost-config", "//sign-in"])
def test_no_detour_leads_past_the_gate(web: WebServer, path: str) -> None:
    with httpx.Client() as raw:
        answer = raw.send(httpx.Request("GET", web.url, extensions={"target": path.encode()}))

    assert answer.status_code in {303, 400, 401, 404}
    assert "enableCustomParentMessages" not in answer.text


def test_open_addresses_are_few_and_answer(client: httpx.Client) -> None:
    assert client.get("/sign-in").status_code == 200
    assert client.get("/_stcore/health").status_code == 200
    assert client.get("/shell/leave.js").status_code == 200
    assert client.get("/shell/icon.svg").status_code == 200
    assert all(not path.startswith("/_stcore/") or path == "/_stcore/health" for path in OPEN)


def test_a_live_session_opens_pages_and_endpoints(signed_in: httpx.Client) -> None:
    assert signed_in.get("/home-start").status_code == 200
    assert signed_in.get("/_stcore/host-config").status_code == 200


@pytest.mark.parametrize("token", ["", "x", "a" * 5000])
def test_a_made_up_token_opens_nothing(client: httpx.Client, token: str) -> None:
    assert client.get("/", headers={"cookie": f"qianqi_session={token}"}).status_code == 303


def test_an_ended_session_opens_nothing(signed_in: httpx.Client) -> None:
    token = signed_in.cookies["qianqi_session"]
    assert signed_in.post("/sign-out").status_code == 303
    signed_in.cookies.set("qianqi_session", token)

    assert signed_in.get("/").status_code == 303


def test_who_was_signed_in_reads_why_they_stand_at_the_sign_in_page(signed_in: httpx.Client) -> None:
    """Given a session ended elsewhere, when a page is asked for, then it says so and where it leads back to."""
    said, back = "登录已过期或已在别处结束", "登录后返回“问题台账”"
    token = signed_in.cookies["qianqi_session"]
    signed_in.post("/sign-out")
    assert said not in signed_in.get("/sign-in?next=/issues-ledger").text
    signed_in.cookies.set("qianqi_session", token)

    shown = signed_in.get("/issues-ledger?state=handling", follow_redirects=True).text
    hostile = signed_in.get("/sign-in?ended=<b>&next=/<b>x").text

    assert said in shown
    assert back in shown
    assert said in hostile
    assert "返回" not in hostile
    assert "<b>" not in hostile


def test_an_expired_session_opens_nothing(signed_in: httpx.Client, account: Account) -> None:
    _change(account, expires_at=clock.now())

    assert signed_in.get("/").status_code == 303


def test_a_session_left_unused_opens_nothing(signed_in: httpx.Client, account: Account) -> None:
    _change(account, last_seen_at=clock.now().replace(year=2020))

    assert signed_in.get("/").status_code == 303


def test_a_deactivated_account_is_out_at_once(signed_in: httpx.Client, account: Account) -> None:
    with db.transaction(actor=SYSTEM) as session:
        session.get_one(Account, account.pk).active = False

    assert signed_in.get("/").status_code == 303


def test_an_administrator_ends_a_session(signed_in: httpx.Client, account: Account) -> None:
    accounts.end_all_sessions(SYSTEM, account.pk)

    assert signed_in.get("/").status_code == 303


def test_a_websocket_without_a_session_is_closed(web: WebServer) -> None:
    assert _stream(web) == 403


def test_a_websocket_with_a_session_opens(web: WebServer, signed_in: httpx.Client) -> None:
    assert _stream(web, cookie=_cookie(signed_in), origin=web.url) == 101
    assert _stream(web, cookie=_cookie(signed_in)) == 101


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:1", "null"])
def test_a_websocket_from_another_site_is_closed(web: WebServer, signed_in: httpx.Client, origin: str) -> None:
    assert _stream(web, cookie=_cookie(signed_in), origin=origin) == 403


def test_a_websocket_with_an_ended_session_is_closed(web: WebServer, signed_in: httpx.Client) -> None:
    cookie = _cookie(signed_in)
    signed_in.post("/sign-out")

    assert _stream(web, cookie=cookie, origin=web.url) == 403


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/_stcore/upload_file/a/b"])
@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}])
def test_nothing_is_changed_for_another_site(signed_in: httpx.Client, path: str, headers: dict[str, str]) -> None:
    assert signed_in.post(path, headers=headers).status_code == 403
    assert signed_in.get("/home-start").status_code == 200


def test_signing_out_takes_more_than_a_link(signed_in: httpx.Client) -> None:
    assert signed_in.get("/sign-out").headers["location"] == "/"
    assert signed_in.get("/home-start").status_code == 200


def test_a_cold_deep_link_runs_nothing_past_the_shell(
    shared_database: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    # Given a process that has served nothing yet, when a page's own address is its first request
    folder = tmp_path_factory.mktemp("cold")
    with WebServer(environment(shared_database, folder), folder / "web.log") as cold:
        answer = httpx.get(f"{cold.url}/home-start")

        # Then it is turned away, and so is the websocket that would run the page
        assert answer.status_code == 303
        assert _stream(cold) == 403


def test_answers_forbid_what_pages_do_not_need(signed_in: httpx.Client) -> None:
    headers = signed_in.get("/").headers

    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self' blob: 'wasm-unsafe-eval' 'sha256-" in policy
    assert "unsafe-eval'" not in policy.replace("wasm-unsafe-eval'", "")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=(self)" in headers["permissions-policy"]
    assert "strict-transport-security" not in headers


def test_the_session_cookie_is_hidden_from_scripts_and_other_sites(client: httpx.Client, account: Account) -> None:
    answer = client.post("/sign-in", data={"username": account.username, "password": "correct-horse-42"})

    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/sign-in?next=//[", {}),
        ("GET", "/sign-in?next=http://[&lang=%00", {}),
        ("POST", "/sign-in", {"origin": "http://["}),
        ("POST", "/sign-in", {"origin": "null"}),
        ("POST", "/sign-out", {"origin": ""}),
        ("POST", "/sign-in", {"content-type": "multipart/form-data; boundary=x"}),
        ("GET", "/oidc/callback?state=%00&code=%00", {}),
        ("GET", "/home-start", {"cookie": "qianqi_session=%00\x7f; qianqi_lang=../x"}),
        ("GET", "/home-start", {"host": "evil.example"}),
        ("GET", "/home-start?%ff%00//[", {}),
    ],
)
def test_what_is_no_proper_request_is_refused_without_an_error(
    client: httpx.Client, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = client.request(method, path, headers=headers, content=b"x" if method == "POST" else None)

    assert answer.status_code < 500
    assert "evil.example" not in answer.headers.get("location", "")
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "username",
    ["a\x00b", "\x00", "x" * 4000, "' OR 1=1 --", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")],
)
def test_nobody_enters_by_an_odd_name(client: httpx.Client, username: str) -> None:
    answer = client.post(
        "/sign-in", data={"username": username, "password": "a\x00b"}, headers={"user-agent": "u" * 9000}
    )

    assert answer.status_code == 401
    assert "qianqi_session" not in answer.headers.get("set-cookie", "")


def test_a_wrong_password_looks_like_a_name_nobody_has(client: httpx.Client, account: Account) -> None:
    known, unknown = (
        client.post("/sign-in", data={"username": name, "password": "wrong-horse-42"})
        for name in (account.username, "nobody-here")
    )

    assert known.status_code == unknown.status_code == 401
    assert re.sub(r'nonce="[^"]+"', "", known.text).replace(account.username, "") == re.sub(
        r'nonce="[^"]+"', "", unknown.text
    ).replace("nobody-here", "")


def test_no_password_or_token_reaches_a_log(web: WebServer, client: httpx.Client, account: Account) -> None:
    """Given sign-ins that fail, succeed and break, then neither what is logged nor the audit log holds a secret."""
    wrong, name = "wrong-but-telling-77", account.username
    client.post("/sign-in", data={"username": name, "password": wrong})
    client.post("/sign-in", data={"username": wrong * 1000, "password": wrong})
    client.post("/sign-in", data={"username": name, "password": PASSWORD})
    token = client.cookies["qianqi_session"]
    client.get("/no-such-page")
    new = accounts.reset_password(SYSTEM, account.pk).password
    client.get("/home-start")

    with db.transaction(actor=SYSTEM) as session:
        audited = str(session.exec(select(AuditEntry)).all())
    for secret in (wrong, PASSWORD, token, new, SECRET):
        assert secret not in web.text()
        assert secret not in audited


def test_a_file_for_a_tab_that_is_not_there_is_refused(signed_in: httpx.Client) -> None:
    for method in ("PUT", "DELETE"):
        answer = signed_in.request(method, "/_stcore/upload_file/of-nobody/f", files={"file": ("a.txt", b"x")})

        assert answer.status_code in (400, 403, 404)


def _change(account: Account, **values: object) -> None:
    with db.transaction(actor=SYSTEM) as session:
        session.execute(update(SignInSession).where(col(SignInSession.account_id) == account.id).values(**values))


def _cookie(client: httpx.Client) -> str:
    return f"qianqi_session={client.cookies['qianqi_session']}"


def _stream(web: WebServer, *, cookie: str = "", origin: str | None = None) -> int:
    """Return the status a websocket to the script is answered with; 101 is open."""

    async def attempt() -> int:
        address = f"{web.url.replace('http', 'ws')}/_stcore/stream"
        headers = {"cookie": cookie} if cookie else {}
        try:
            async with websockets.connect(
                address,
                additional_headers=headers,
                origin=origin,
                subprotocols=["streamlit"],  # type: ignore[arg-type]
            ):
                return 101
        except websockets.InvalidStatus as refused:
            return refused.response.status_code

    return finish(attempt())
