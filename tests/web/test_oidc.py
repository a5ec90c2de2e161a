"""Sign-in with a real OpenID Connect provider, asked of a real server."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlmodel import select

from core import db
from models.account import Account, Role
from models.audit import AuditEntry
from services.accounts import set_password
from services.actor import SYSTEM
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, OidcProvider, Person
from tests.servers import Database, WebServer, environment
from tests.web.conftest import PASSWORD

_numbers = count(1)
_UNKNOWN = "该身份没有对应的账号"
_FAILED = "统一身份认证失败"


@pytest.fixture(scope="module")
def provider() -> Iterator[OidcProvider]:
    with OidcProvider() as running:
        yield running


@pytest.fixture(scope="module")
def web(shared_database: Database, server_folder: Path, provider: OidcProvider) -> Iterator[WebServer]:
    """The server of this module knows the provider and recognises verified e-mail addresses."""
    folder = server_folder / "oidc"
    folder.mkdir(exist_ok=True)
    more = {
        "QIANQI_OIDC_ISSUER": provider.issuer,
        "QIANQI_OIDC_CLIENT_ID": CLIENT_ID,
        "QIANQI_OIDC_CLIENT_SECRET": CLIENT_SECRET,
        "QIANQI_OIDC_MATCH": "email",
    }
    with WebServer(environment(shared_database, folder, **more), folder / "web.log") as server:
        yield server


@pytest.fixture
def person(provider: OidcProvider) -> Person:
    """Somebody at the provider whom the test describes."""
    number = next(_numbers)
    provider.person = Person(
        sub=f"sub-{number}", user_info={"email": f"p{number}@zone.example", "email_verified": True}
    )
    return provider.person


def test_the_sign_in_page_offers_it(client: httpx.Client) -> None:
    assert "统一身份认证登录" in client.get("/sign-in").text


def test_a_verified_address_finds_its_account_and_the_subject_is_remembered(
    client: httpx.Client, person: Person
) -> None:
    made = _account(person.user_info["email"].upper())

    assert _sign_in(client).headers["location"] == "/"
    assert client.get("/home-start").status_code == 200

    # When the address changes at the provider, then the subject still finds the account
    person.user_info["email"] = "elsewhere@zone.example"
    assert _sign_in(client).status_code == 303
    assert _stored(made).oidc_subject


def test_it_leads_back_to_where_the_person_wanted_to_go(client: httpx.Client, person: Person) -> None:
    _account(person.user_info["email"])

    assert _sign_in(client, "/oidc/sign-in?next=/admin-audit").headers["location"] == "/admin-audit"
    assert _sign_in(client, "/oidc/sign-in?next=//evil.example").headers["location"] == "/"


def test_somebody_unknown_is_told_so_and_gets_no_account(client: httpx.Client, person: Person) -> None:
    before = _count()

    answer = _sign_in(client)

    assert answer.status_code == 401
    assert _UNKNOWN in answer.text
    assert _count() == before
    assert "qianqi_session" not in client.cookies
    with db.transaction(actor=SYSTEM) as session:
        noted = session.exec(select(AuditEntry).order_by(AuditEntry.id.desc())).first()  # type: ignore[union-attr]
    assert noted is not None
    assert noted.action == "account.sign_in_refused"
    assert noted.after["email"] == person.user_info["email"]


def test_an_address_that_is_not_verified_finds_nobody(client: httpx.Client, person: Person) -> None:
    _account(person.user_info["email"])
    person.user_info["email_verified"] = False

    assert _UNKNOWN in _sign_in(client).text


def test_an_address_two_accounts_share_finds_nobody(client: httpx.Client, person: Person) -> None:
    _account(person.user_info["email"])
    _account(person.user_info["email"])

    assert _UNKNOWN in _sign_in(client).text


def test_a_deactivated_account_stays_closed(client: httpx.Client, person: Person) -> None:
    _account(person.user_info["email"], active=False)

    assert _UNKNOWN in _sign_in(client).text


@pytest.mark.parametrize(
    "false", [{"nonce": "other"}, {"aud": "other"}, {"iss": "http://other.example"}, {"exp": 1}, {"azp": "other"}]
)
def test_a_token_that_was_not_made_for_us_now_is_refused(
    client: httpx.Client, person: Person, false: dict[str, object]
) -> None:
    _account(person.user_info["email"])
    person.false_claims = false

    answer = _sign_in(client)

    assert answer.status_code == 401
    assert _FAILED in answer.text


def test_a_token_the_provider_did_not_sign_is_refused(client: httpx.Client, person: Person) -> None:
    _account(person.user_info["email"])
    person.foreign_key = True

    assert _FAILED in _sign_in(client).text


def test_user_info_of_another_subject_is_refused(client: httpx.Client, person: Person) -> None:
    _account(person.user_info["email"])
    person.user_info["sub"] = "somebody-else"

    assert _FAILED in _sign_in(client).text


def test_new_keys_of_the_provider_are_fetched(client: httpx.Client, person: Person, provider: OidcProvider) -> None:
    _account(person.user_info["email"])
    provider.new_key()

    assert _sign_in(client).status_code == 303


def test_an_answer_to_another_request_is_refused(client: httpx.Client, person: Person) -> None:
    _account(person.user_info["email"])
    answer = _ask(client)
    foreign = answer.copy_set_param("state", "x")

    assert _FAILED in client.get(str(foreign)).text


def test_an_answer_without_the_cookie_of_the_request_is_refused(client: httpx.Client, person: Person) -> None:
    _account(person.user_info["email"])
    answer = _ask(client)
    client.cookies.clear()

    refused = client.get(str(answer))

    assert refused.status_code == 401
    assert "请重新开始" in refused.text


def test_an_answer_works_once(client: httpx.Client, person: Person) -> None:
    _account(person.user_info["email"])
    answer = _ask(client)
    cookie = client.cookies["qianqi_oidc"]
    assert client.get(str(answer)).status_code == 303
    client.cookies.set("qianqi_oidc", cookie, path="/oidc")

    assert _FAILED in client.get(str(answer)).text


@pytest.mark.usefixtures("person")
def test_a_person_links_their_own_account_and_signs_in_with_it(client: httpx.Client) -> None:
    made = _account("")
    assert client.post("/sign-in", data={"username": made.username, "password": PASSWORD}).status_code == 303

    back = client.post("/oidc/link")
    assert _follow(client, back).headers["location"] == "/account-profile"

    client.post("/sign-out")
    assert _sign_in(client).status_code == 303


def test_an_identity_of_another_account_is_not_linked(client: httpx.Client, person: Person) -> None:
    _account(person.user_info["email"])
    _sign_in(client)
    other = _account("")
    client.post("/sign-in", data={"username": other.username, "password": PASSWORD})

    back = client.post("/oidc/link")

    assert _follow(client, back).headers["location"] == "/account-profile?identity=taken"
    assert _stored(other).oidc_subject is None


def test_no_code_or_token_reaches_the_log(client: httpx.Client, person: Person, web: WebServer) -> None:
    _account(person.user_info["email"])
    answer = _ask(client)
    client.get(str(answer))
    code = parse_qs(urlsplit(str(answer)).query)["code"][0]

    assert code not in web.text()
    assert client.cookies["qianqi_session"] not in web.text()


def _account(email: str, *, active: bool = True) -> Account:
    with db.transaction(actor=SYSTEM) as session:
        made = Account(username=f"oidc{next(_numbers)}", name="王建华", role=Role.GRID_WORKER, email=email,
                       active=active, must_change_password=False)  # fmt: skip
        set_password(made, PASSWORD)
        session.add(made)
    return made


def _ask(client: httpx.Client, path: str = "/oidc/sign-in") -> httpx.URL:
    """Go to the provider and return the address it sends the browser back to."""
    return _answer(client.get(path))


def _answer(sent: httpx.Response) -> httpx.URL:
    assert sent.status_code == 303
    return httpx.URL(httpx.get(sent.headers["location"]).headers["location"])


def _follow(client: httpx.Client, sent: httpx.Response) -> httpx.Response:
    return client.get(str(_answer(sent)))


def _sign_in(client: httpx.Client, path: str = "/oidc/sign-in") -> httpx.Response:
    return client.get(str(_ask(client, path)))


def _stored(account: Account) -> Account:
    with db.transaction(actor=SYSTEM) as session:
        return session.get_one(Account, account.pk)


def _count() -> int:
    with db.transaction(actor=SYSTEM) as session:
        return len(session.exec(select(Account.id)).all())
