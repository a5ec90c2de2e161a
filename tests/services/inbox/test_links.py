"""Links of messages: long-lived, signed, and good for one message only."""

from datetime import timedelta

import pytest
from itsdangerous import URLSafeSerializer

from core import clock
from core.settings import settings
from services.inbox.links import FOLDER, message_id_of, message_path, message_url
from tests.servers import SECRET

_FORGED = str(URLSafeSerializer("x" * 40, "message").dumps(7))


def _token(message_id: int) -> str:
    return message_path(message_id).removeprefix(FOLDER)


def test_a_link_leads_back_to_its_message() -> None:
    assert message_id_of(_token(7)) == 7
    assert message_id_of(_token(2**40)) == 2**40


def test_a_link_is_a_full_address_people_can_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIANQI_PUBLIC_URL", "https://qianqi.example.cn/")
    settings.cache_clear()

    assert message_url(7) == f"https://qianqi.example.cn{message_path(7)}"


def test_a_link_still_opens_after_more_than_a_year(frozen_clock: object) -> None:
    assert frozen_clock
    token = _token(7)

    clock.advance(timedelta(days=500))

    assert message_id_of(token) == 7


def test_a_link_survives_what_mail_programs_do_to_addresses() -> None:
    # Given links of many messages, then none ends with a sign that programs leave out of an address
    assert all(message_path(number)[-1].isalnum() for number in range(300))


@pytest.mark.parametrize("token", ["", ".", "7", "Nw", "Nw.", "7.abc", "../m", "a" * 5000, "Nw.é", _FORGED])
def test_a_token_nobody_signed_names_no_message(token: str) -> None:
    assert message_id_of(token) is None


def test_a_token_signed_for_another_purpose_names_no_message() -> None:
    assert message_id_of(str(URLSafeSerializer(SECRET, "state").dumps(7))) is None


def test_a_changed_token_names_no_message() -> None:
    payload, _, signature = _token(7).partition(".")
    other, _, _ = _token(8).partition(".")

    assert message_id_of(f"{other}.{signature}") is None
    assert message_id_of(f"{payload}.{signature[:-4]}AAAA") is None


def test_a_link_of_before_the_secret_was_changed_names_no_message(monkeypatch: pytest.MonkeyPatch) -> None:
    token = _token(7)

    monkeypatch.setenv("QIANQI_SECRET_KEY", "another-secret-another-secret-another-secret")
    settings.cache_clear()

    assert message_id_of(token) is None
