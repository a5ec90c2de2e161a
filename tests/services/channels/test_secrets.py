"""Addresses with keys are unreadable without the product's secret."""

import pytest

from core.settings import settings
from models.channel import Channel, ChannelKind
from services.channels import opened
from services.channels.lines import TransientError
from services.channels.secrets import UNREADABLE, UnreadableError, seal, unseal
from tests.factories import rows, stored


def test_what_is_sealed_is_read_again_and_stands_nowhere_in_what_is_kept() -> None:
    kept = seal({"password": "密码 hunter2", "host": "mail.zone.example"})

    assert unseal(kept) == {"password": "密码 hunter2", "host": "mail.zone.example"}
    assert "hunter2" not in kept
    assert seal({"a": "1"}) != seal({"a": "1"})


def test_another_secret_of_the_product_cannot_read_it(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = seal({"key": "abc"})
    monkeypatch.setenv("QIANQI_SECRET_KEY", "another-secret-another-secret-another-secret")
    settings.cache_clear()

    with pytest.raises(UnreadableError, match="Enter it again"):
        unseal(kept)


@pytest.mark.parametrize("kept", ["", "no token", "é"])
def test_what_was_never_sealed_is_unreadable(kept: str) -> None:
    with pytest.raises(UnreadableError):
        unseal(kept)


@pytest.mark.usefixtures("database")
def test_a_mail_server_that_cannot_be_read_loses_nothing_and_tells_what_to_do() -> None:
    stored(Channel(name="Mail", kind=ChannelKind.MAIL, secret="of another secret"))

    with pytest.raises(TransientError, match="Enter it again"), opened(ChannelKind.MAIL, None):
        pytest.fail("it must not open")

    assert [row.problem for row in rows(Channel)] == [UNREADABLE]
