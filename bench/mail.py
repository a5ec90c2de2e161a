"""Mail to measure with: the zone's mail server, who wants mail, and a mail as the product sends it."""

from collections.abc import Iterator
from contextlib import contextmanager

from bench.machine import Machine
from bench.postbox import Postbox
from core.db import transaction
from models.channel import Channel, ChannelKind
from services.actor import SYSTEM
from services.channels import mail_server
from services.channels.composing import Sender, composed
from services.channels.lines import Outgoing
from services.channels.mailing import Security, Server

SENDER = Sender("qianqi@zone.example", "千企")
_RECIPIENT = "worker1@zone.example"
TITLE = "还有2个工作日:QY-2023-0000042 企业反映电压不稳问题,影响生产"
TEXT = (
    "淄博华星4200机械有限公司提出的难点问题(QY-2023-0000042)“办理”环节应于 2023年12月8日 17:30 前完成。\n"
    "内容:企业反映电压不稳问题,影响生产\n经办人:王敏\n请按期办理;确需延期的,请在到期前提出申请。"
)


@contextmanager
def server(machine: Machine) -> Iterator[Postbox]:
    """Start a mail server and let the product send by it."""
    folder = machine.folder / "postbox"
    folder.mkdir()
    with Postbox(folder) as postbox:
        set_server(postbox.port)
        yield postbox


def set_server(port: int) -> None:
    """Make a server on this machine the zone's mail server."""
    given = Server("127.0.0.1", port, Security.NONE, SENDER)
    with transaction(actor=SYSTEM) as session:
        session.add(Channel(name="Mail", kind=ChannelKind.MAIL, secret=mail_server.written(given)))


def sample() -> tuple[str, str, bytes]:
    """Return sender, recipient and bytes of a mail as the product sends it."""
    link = "http://127.0.0.1:8501/m/eyJpZCI6NDIwMDAwfQ.c2lnbmF0dXJlLW9mLXRoZS1saW5r"
    message = Outgoing("delivery-42", TITLE, TEXT, link, "zh_CN", urgent=True)
    return SENDER.address, _RECIPIENT, composed(SENDER, _RECIPIENT, message)
