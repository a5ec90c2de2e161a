"""Sessions that were stolen, planted or ended."""

from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import func, update
from sqlmodel import col, select
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets import InvalidStatus

from bench.tab import Tab, sign_in
from core import clock, db
from models.account import Account, Role, SignInSession
from pages.shell.navigation import PAGES
from services import accounts
from services.accounts.actors import actor_of
from services.actor import SYSTEM
from services.demo import PASSWORD
from services.permissions import MATRIX
from tests.attack.conftest import OpenTab
from tests.attack.hostile import MARK
from tests.attack.shown import texts
from tests.browser.conftest import USERNAMES
from tests.servers import WebServer


def test_signing_in_takes_no_token_from_outside(hostile_server: WebServer) -> None:
    """Given a browser in which somebody has planted a token, when its owner signs in, then another one counts."""
    with httpx.Client(base_url=hostile_server.url, trust_env=False) as client:
        client.get("/sign-in")
        planted = "planted-token-planted-token-planted"
        for name in ("qianqi_session", "__Host-qianqi_session"):
            client.cookies.set(name, planted)

        _enter(client, "worker")

        assert planted not in "; ".join(client.cookies.jar._cookies["127.0.0.1"]["/"].keys())
        assert client.get("/issues-ledger").status_code == 200
    with httpx.Client(base_url=hostile_server.url, trust_env=False, cookies={"qianqi_session": planted}) as other:
        assert other.get("/issues-ledger").status_code == 303


def test_signing_in_again_ends_the_session_before(hostile_server: WebServer) -> None:
    with httpx.Client(base_url=hostile_server.url, trust_env=False) as client:
        _enter(client, "worker")
        before = dict(client.cookies)
        _enter(client, "lead")

        assert dict(client.cookies) != before
    with httpx.Client(base_url=hostile_server.url, trust_env=False, cookies=before) as thief:
        assert thief.get("/issues-ledger").status_code == 303


def _expire(account: Account) -> None:
    with db.transaction(actor=SYSTEM) as session:
        of_account = col(SignInSession.account_id) == account.id
        session.execute(update(SignInSession).where(of_account).values(expires_at=clock.now()))


def _close(account: Account) -> None:
    with db.transaction(actor=SYSTEM) as session:
        session.get_one(Account, account.pk).active = False


def _change_password(account: Account) -> None:
    with db.transaction(actor=SYSTEM) as session:
        actor = actor_of(session, session.get_one(Account, account.pk), session_id=None, ip="")
    accounts.change_password(actor, PASSWORD, "another-horse-43")


_ENDS: dict[str, Callable[[Account], object]] = {
    "an administrator ends it": lambda account: accounts.end_all_sessions(SYSTEM, account.pk),
    "an administrator resets the password": lambda account: accounts.reset_password(SYSTEM, account.pk),
    "its owner changes the password elsewhere": _change_password,
    "the account is closed": _close,
    "its time is over": _expire,
}


@pytest.mark.usefixtures("hostile_settings")
@pytest.mark.parametrize("end", _ENDS.values(), ids=_ENDS)
def test_a_stolen_session_is_worth_nothing_however_it_ended(
    hostile_server: WebServer, end: Callable[[Account], object]
) -> None:
    """Given a thief with the cookie and an open tab, when the session ends, then neither gives anything any more."""
    account = _coordinator()
    cookies = sign_in(hostile_server.url, account.username, PASSWORD)
    with Tab(hostile_server.url, cookies) as tab:
        assert any(MARK in text for _place, text in texts(tab.ask("campaigns-list")))

        end(account)
        answer = tab.ask("campaigns-list")

    assert not [text for _place, text in texts(answer) if MARK in text]
    assert any("leave.js" in str(ForwardMsg.FromString(each)) for each in answer)
    with httpx.Client(base_url=hostile_server.url, trust_env=False, headers={"Cookie": cookies}) as thief:
        assert [thief.get(f"/{entry.url_path}").status_code for entry in PAGES] == [303] * len(PAGES)
        assert thief.put("/_stcore/upload_file/a/b").status_code == 401
    with pytest.raises(InvalidStatus):
        Tab(hostile_server.url, cookies)


def test_a_tab_that_is_open_shows_nothing_once_its_session_has_ended(hostile_server: WebServer) -> None:
    """Given a tab whose session is ended elsewhere, when it asks for a page, then it gets none of it."""
    cookies = sign_in(hostile_server.url, "coordinator", PASSWORD)
    with Tab(hostile_server.url, cookies) as tab:
        assert any(MARK in text for _place, text in texts(tab.ask("campaigns-list")))

        ended = httpx.post(f"{hostile_server.url}/sign-out", headers={"Cookie": cookies}, trust_env=False)
        answer = tab.ask("campaigns-list")

    assert ended.status_code == 303
    assert not [text for _place, text in texts(answer) if MARK in text]
    assert any("leave.js" in str(ForwardMsg.FromString(each)) for each in answer)


@pytest.mark.parametrize("role", list(Role))
def test_a_page_of_another_role_is_not_run(open_tab: OpenTab, role: Role) -> None:
    """Given a session of one role, when it asks for each page of others, then their script never begins."""
    tab = open_tab(USERNAMES[role])
    start = tab.ask("")
    first, scripts = {text for _place, text in texts(start)}, _scripts(start)
    refused = [entry for entry in PAGES if role not in MATRIX[entry.action]]

    for entry in refused:
        answer = tab.ask(entry.url_path)

        assert _scripts(answer) == scripts, entry.file
        assert {text for _place, text in texts(answer) if MARK in text} <= first, entry.file
    assert refused


def _scripts(answer: list[bytes]) -> set[str]:
    """Return which scripts have run: Streamlit writes into each message which one sent it."""
    return {ForwardMsg.FromString(each).metadata.active_script_hash for each in answer}


def _coordinator() -> Account:
    with db.transaction(actor=SYSTEM) as session:
        numbers = session.exec(select(func.max(Account.id))).one()
        made = Account(username=f"stolen{numbers}", name="李娜", role=Role.COORDINATOR, must_change_password=False)
        accounts.set_password(made, PASSWORD)
        session.add(made)
    return made


def _enter(client: httpx.Client, username: str) -> None:
    answer = client.post("/sign-in", data={"username": username, "password": PASSWORD, "next": "/"})
    assert answer.status_code == 303
