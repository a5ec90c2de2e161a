"""The viewer of sent mail."""

import pytest

from core.errors import NotAllowedError, NotFoundError
from models.account import Role
from models.channel import ChannelKind
from models.reminder import Delivery, DeliveryState, Message
from services.channels import sent_mail
from services.inbox.links import message_url
from tests import factories

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")


def delivered(address: str, kind: ChannelKind = ChannelKind.MAIL, **more: object) -> Delivery:
    message = factories.stored(Message(title=f"To {address}", body="First line\nSecond line"))
    given = {"message_id": message.pk, "kind": kind, "address": address, "state": DeliveryState.SENT, **more}
    return factories.stored(Delivery(**given))


def test_mails_are_shown_newest_first_and_read_one_by_one() -> None:
    administrator = factories.actor(Role.ADMINISTRATOR)
    first = delivered("a@zone.example", kept_only=True)
    second = delivered("b@zone.example", state=DeliveryState.FAILED, note="550 no such mailbox")
    delivered("channel:3", ChannelKind.WECOM)

    page = sent_mail.page(administrator)
    read = sent_mail.mail(administrator, first.pk)

    assert [line.id for line in page.mails] == [second.pk, first.pk]
    assert page.older is None
    assert (read.line.address, read.line.title, read.line.kept_only) == ("a@zone.example", "To a@zone.example", True)
    assert read.text == "First line\nSecond line"
    assert read.link == message_url(first.message_id)
    assert sent_mail.mail(administrator, second.pk).note == "550 no such mailbox"


def test_older_ones_are_on_the_next_page_and_an_address_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sent_mail, "PAGE", 2)
    administrator = factories.actor(Role.ADMINISTRATOR)
    made = [delivered(f"p{number}@zone.example").pk for number in range(5)]

    first = sent_mail.page(administrator)
    second = sent_mail.page(administrator, before=first.older)
    last = sent_mail.page(administrator, before=second.older)

    assert [[line.id for line in page.mails] for page in (first, second, last)] == [
        [made[4], made[3]], [made[2], made[1]], [made[0]],
    ]  # fmt: skip
    assert last.older is None
    assert [line.id for line in sent_mail.page(administrator, address=" P3@ ").mails] == [made[3]]
    assert sent_mail.page(administrator, address="%").mails == []
    assert [line.id for line in sent_mail.page(administrator, address="p3@\x00").mails] == [made[3]]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_an_administrator_reads_them(role: Role) -> None:
    made = delivered("a@zone.example")
    actor = factories.actor(role)

    with pytest.raises(NotAllowedError):
        sent_mail.page(actor)
    with pytest.raises(NotAllowedError):
        sent_mail.mail(actor, made.pk)


def test_what_is_no_mail_is_not_found() -> None:
    robot = delivered("channel:3", ChannelKind.WECOM)

    with pytest.raises(NotFoundError):
        sent_mail.mail(factories.actor(Role.ADMINISTRATOR), robot.pk)
