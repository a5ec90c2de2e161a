"""Addresses with keys are unreadable without the product's secret."""

import pytest

from core.settings import settings
from models.channel import Channel, ChannelKind
from services import doctor
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


@pytest.mark.usefixtures("database")
def test_the_doctor_tells_what_must_be_entered_again_and_what_is_in_trouble() -> None:
    assert doctor._channels().state is doctor.State.OK
    kept = seal({"key": "abc"})
    robot = stored(Channel(name="Chat", kind=ChannelKind.WECOM, secret=kept, problem="HTTP 503"))
    stored(Channel(name="Off", kind=ChannelKind.WECOM, secret=kept, problem="HTTP 404", active=False))

    troubled = doctor._channels()
    robot.secret = "of another secret"
    stored(robot)
    unreadable = doctor._channels()

    assert (troubled.state, troubled.detail) == (doctor.State.WARNING, "Chat: HTTP 503")
    assert (unreadable.state, unreadable.detail) == (doctor.State.FAILED, "Chat")
