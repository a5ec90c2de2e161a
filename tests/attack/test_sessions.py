"""Sessions that were stolen, planted or ended."""

import httpx
import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench.tab import Tab, sign_in
from services.demo import PASSWORD
from tests.attack.hostile import MARK
from tests.attack.shown import texts
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


def test_a_tab_that_is_open_shows_nothing_once_its_session_has_ended(hostile_server: WebServer) -> None:
    """Given a tab whose session is ended elsewhere, when it asks for a page, then it gets none of it."""
    cookies = sign_in(hostile_server.url, "coordinator", PASSWORD)
    with Tab(hostile_server.url, cookies) as tab:
        assert any(MARK in text for _place, text in texts(tab.ask("issues-ledger")))

        ended = httpx.post(f"{hostile_server.url}/sign-out", headers={"Cookie": cookies}, trust_env=False)
        answer = tab.ask("issues-ledger")

    assert ended.status_code == 303
    assert not [text for _place, text in texts(answer) if MARK in text]
    assert any("leave.js" in str(ForwardMsg.FromString(each)) for each in answer)


@pytest.mark.parametrize("page", ["issues-ledger", "admin-accounts", "overview-overview"])
def test_a_page_of_another_role_is_not_run(hostile_server: WebServer, page: str) -> None:
    """Given a grid worker's session, when it asks for pages of others, then their script never begins."""
    with Tab(hostile_server.url, sign_in(hostile_server.url, "worker", PASSWORD)) as tab:
        own = {text for _place, text in texts(tab.ask("home-start"))}
        if page == "issues-ledger":  # a worker has one: it stays within what is theirs
            assert tab.ask(page)
            return
        theirs = {text for _place, text in texts(tab.ask(page))}

    assert {text for text in theirs - own if MARK in text} == set()


def _enter(client: httpx.Client, username: str) -> None:
    answer = client.post("/sign-in", data={"username": username, "password": PASSWORD, "next": "/"})
    assert answer.status_code == 303
