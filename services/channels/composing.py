"""A reminder as a mail: plain text and a simple page with one button, for readers on a computer and on a phone.

The bytes are put together here, with the standard library's encoders: building an `EmailMessage` for each mail takes
twice as long as handing it to a server does.
"""

import re
from base64 import encodebytes
from dataclasses import dataclass
from email.header import Header
from email.utils import format_datetime, formataddr
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, Template

from core import clock
from core.i18n import N_, gettext, in_locale
from core.settings import settings
from services.channels.lines import Outgoing, RejectedError

NOT_AN_ADDRESS = N_("This is not an e-mail address.")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_NOT_IN_AN_ID = re.compile(r"[^A-Za-z0-9._-]+")
_BOUNDARY = "=_qianqi_part"  # no line of base64 begins like it
OPEN = N_("Open and acknowledge")
_WHY = N_("This mail was sent by {product}. Please do not reply to it.")
_PRODUCT = N_("Qianqi")


@dataclass(frozen=True)
class Sender:
    """From whom the product's mail comes.

    Args:
        address: the mail address.
        name: what people see beside it.
    """

    address: str
    name: str = ""


def is_address(text: str) -> bool:
    """Return whether a text is one mail address and nothing else: letters, digits and signs of ASCII."""
    return _ADDRESS.fullmatch(text) is not None


def host_name() -> str:
    """Return the name of the machine people open the product at."""
    return urlsplit(settings().base_url).hostname or "localhost"


def composed(sender: Sender, address: str, message: Outgoing) -> bytes:
    """Return a mail as it is handed to the server.

    Raises:
        RejectedError: the address is none.
    """
    if not is_address(address):
        raise RejectedError(NOT_AN_ADDRESS)
    title = " ".join(message.title.split())
    open_text, why, lang = _words(message.locale)
    page = _template().render(title=title, text=message.text, link=message.link, open=open_text, why=why, lang=lang)
    plain = f"{message.text}\n\n{open_text}: {message.link}\n\n-- \n{why}\n"
    lines = [*_headers(sender, address, title, message), "", *_part("plain", plain), *_part("html", page)]
    return "\r\n".join([*lines, f"--{_BOUNDARY}--", ""]).encode("ascii")


def _headers(sender: Sender, address: str, title: str, message: Outgoing) -> list[str]:
    urgent = ["Importance: high", "X-Priority: 1"] if message.urgent else []
    return [
        f"From: {_from(sender)}",
        f"To: {address}",
        f"Subject: {_encoded(title)}",
        f"Date: {format_datetime(clock.now())}",
        f"Message-ID: {message_id(message.key)}",
        "Auto-Submitted: auto-generated",
        *urgent,
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{_BOUNDARY}"',
    ]


def message_id(key: str) -> str:
    """Return the Message-ID of a delivery: the same however often it is tried, so that servers know it again."""
    return f"<{_NOT_IN_AN_ID.sub('-', key)}@{host_name()}>"


def _part(subtype: str, text: str) -> list[str]:
    body = encodebytes(text.replace("\r\n", "\n").replace("\n", "\r\n").encode()).decode("ascii")
    return [
        f"--{_BOUNDARY}",
        f'Content-Type: text/{subtype}; charset="utf-8"',
        "Content-Transfer-Encoding: base64",
        "",
        body.rstrip("\n").replace("\n", "\r\n"),
    ]


@cache
def _from(sender: Sender) -> str:
    return formataddr((" ".join(sender.name.split()), sender.address), "utf-8")


def _encoded(title: str) -> str:
    plain = title.isascii() and "=?" not in title  # what looks like an encoded word must not be decoded
    return Header(title, "us-ascii" if plain else "utf-8", header_name="Subject").encode(linesep="\r\n")


def _words(locale: str) -> tuple[str, str, str]:
    with in_locale(locale):
        why = gettext(_WHY).format(product=gettext(_PRODUCT))
        return gettext(OPEN), why, locale.replace("_", "-")


@cache
def _template() -> Template:
    folder = FileSystemLoader(Path(__file__).parent / "templates")
    return Environment(loader=folder, autoescape=True).get_template("mail.html")
