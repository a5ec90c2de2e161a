"""What people paste as the address of a robot or webhook, and what is kept and shown of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from core.errors import InvalidError
from core.i18n import N_, gettext
from models.channel import ChannelKind

_LONGEST = 1000
REQUIRED = N_("Please fill this in.")
_FOREIGN = N_("This is not an address of this kind. Copy it again from where the robot was made.")
_NOT_HTTP = N_("Please give an address that begins with http:// or https://.")
_SIGNING = N_("A signing secret begins with SEC.")


@dataclass(frozen=True)
class Shape:
    """How the address of a kind of robot looks.

    Args:
        whole: the address as the chat application shows it, its key in a group named `key`.
        bare: the key alone.
    """

    whole: re.Pattern[str]
    bare: re.Pattern[str]


_SHAPES = {
    ChannelKind.WECOM: Shape(
        re.compile(r"https?://qyapi\.weixin\.qq\.com/cgi-bin/webhook/send/?\?key=(?P<key>[\w-]+)(&.*)?", re.ASCII),
        re.compile(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE),
    ),
    ChannelKind.DINGTALK: Shape(
        re.compile(r"https?://oapi\.dingtalk\.com/robot/send/?\?access_token=(?P<key>[0-9A-Za-z]+)(&.*)?"),
        re.compile(r"[0-9a-f]{32,128}", re.IGNORECASE),
    ),
    ChannelKind.FEISHU: Shape(
        re.compile(r"https?://open\.feishu\.cn/open-apis/bot/v2/hook/(?P<key>[\w-]+)/?", re.ASCII),
        re.compile(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE),
    ),
}
_SECRET = re.compile(r"SEC[0-9a-zA-Z]{10,200}")


def checked(kind: ChannelKind, address: str, signing: str = "") -> dict[str, str]:
    """Return the fields of an address as they are kept.

    Args:
        kind: of what.
        address: the robot's whole address or its key alone; for a webhook, its address.
        signing: the signing secret of a DingTalk robot, if it has one.

    Raises:
        InvalidError: it is none of this kind.
    """
    given = address.strip()
    if not given:
        raise InvalidError({"address": gettext(REQUIRED)})
    if kind is ChannelKind.WEBHOOK:
        return {"url": _checked_url(given)}
    fields = {"key": _key(_SHAPES[kind], given)}
    if kind is ChannelKind.DINGTALK:
        fields["signing"] = _checked_signing(signing.strip())
    return fields


def hint_of(kind: ChannelKind, fields: Mapping[str, str]) -> str:
    """Return what may be shown of an address: whom it belongs to, without what gives access."""
    if kind is not ChannelKind.WEBHOOK:
        return f"…{fields['key'][-4:]}"
    url = urlsplit(fields["url"])
    return f"{url.scheme}://{url.netloc.rpartition('@')[2]}/…"


def _key(shape: Shape, given: str) -> str:
    if found := shape.whole.fullmatch(given):
        return found["key"]
    if shape.bare.fullmatch(given):
        return given
    raise InvalidError({"address": gettext(_FOREIGN)})


def _checked_signing(given: str) -> str:
    if given and not _SECRET.fullmatch(given):
        raise InvalidError({"signing": gettext(_SIGNING)})
    return given


def _checked_url(given: str) -> str:
    url = _parsed(given)
    if url is None or url.scheme not in {"http", "https"} or not url.hostname or len(given) > _LONGEST:
        raise InvalidError({"address": gettext(_NOT_HTTP)})
    return url._replace(fragment="").geturl()


def _parsed(given: str) -> SplitResult | None:
    if any(character.isspace() or not character.isprintable() for character in given):
        return None
    try:
        url = urlsplit(given)
        refused = url.port == 0  # reading the port checks it
    except ValueError:
        return None
    return None if refused else url
