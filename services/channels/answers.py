"""What an answer of a robot or webhook means: it was taken, it may be taken later, or never."""

import json
from collections.abc import Mapping
from typing import Any

import requests

from core.i18n import N_
from models.channel import ChannelKind
from services.channels.forbidden import ForbiddenAddressError
from services.channels.lines import RejectedError, TransientError
from services.channels.mailing import NOT_IN_TIME
from services.channels.wire import Answer

_FORBIDDEN = N_("Webhooks may not point at this machine itself; an administrator can allow it.")
_NO_CONNECTION = N_("No connection to the server.")
_NOT_TRUSTED = N_("The server’s certificate is not trusted.")
_UNFIT = N_("This is not an address that messages can be sent to.")
_LONGEST = 300
_LATER = frozenset({408, 409, 423, 425, 429})
_CODES = ("errcode", "code", "StatusCode")
_BUSY: Mapping[ChannelKind, frozenset[int]] = {
    ChannelKind.WECOM: frozenset({-1, 45009, 45033}),  # busy; too often; too many at once
    ChannelKind.DINGTALK: frozenset({-1, 130101, 410100, 90002, 90018, 90030}),  # busy; too often, under many numbers
    ChannelKind.FEISHU: frozenset({-1, 9499, 11232, 99991400}),  # busy; too often
}
"""By which number in an answer of status 200 a robot says that it could not take a message now."""


def judge(kind: ChannelKind, answer: Answer, secrets: Mapping[str, str]) -> None:
    """Return if the message was taken.

    Args:
        kind: of what the answer comes.
        answer: what it says.
        secrets: the fields of the address: no answer is told on with one of them in it.

    Raises:
        TransientError: it may be taken later.
        RejectedError: it never will.
    """
    status = answer.status_code
    if 200 <= status < 300:
        return _judge_taken(kind, answer, secrets)
    told = _told(f"HTTP {status}", answer.content, secrets)
    raise (TransientError if status >= 500 or status in _LATER else RejectedError)(told)


def explain(problem: Exception) -> Exception:
    """Return what a failed connection means; never with the address itself, which holds the key."""
    if isinstance(problem, ForbiddenAddressError):
        return RejectedError(_FORBIDDEN)
    if isinstance(problem, requests.Timeout):
        return TransientError(NOT_IN_TIME)
    if isinstance(problem, requests.exceptions.SSLError):
        return TransientError(_NOT_TRUSTED)
    if isinstance(problem, ValueError):  # what requests raises for an address it cannot read
        return RejectedError(_UNFIT)
    return TransientError(_NO_CONNECTION)


def _judge_taken(kind: ChannelKind, answer: Answer, secrets: Mapping[str, str]) -> None:
    """A webhook takes a message by its status; a robot says so in the body, and a proxy's page is no answer of it."""
    if kind is ChannelKind.WEBHOOK:
        return
    code = _code(answer.content)
    if code == 0:
        return
    told = _told("" if code is not None else f"HTTP {answer.status_code}", answer.content, secrets)
    raise (TransientError if code is None or code in _BUSY[kind] else RejectedError)(told)


def _code(content: bytes) -> int | None:
    """Return the number by which a robot tells how it went, or `None` if there is none."""
    try:
        said: Any = json.loads(content)
    except ValueError:
        return None
    found = next((said[name] for name in _CODES if name in said), None) if isinstance(said, dict) else None
    return found if isinstance(found, int) else None


def _told(begin: str, content: bytes, secrets: Mapping[str, str]) -> str:
    text = " ".join(f"{begin} {content[:2000].decode('utf-8', 'replace')}".split())
    for secret in secrets.values():
        text = text.replace(secret, "***") if secret else text
    return text[:_LONGEST]
