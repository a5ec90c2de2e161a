"""Robots of group chats and webhooks, by Apprise."""

import logging
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from apprise import NotifyFormat
from apprise.asset import AppriseAsset
from apprise.plugins import custom_json, dingtalk, feishu, wecombot
from apprise.plugins.base import NotifyBase

from core.i18n import N_, gettext, in_locale
from models.channel import ChannelKind
from services.channels import wire
from services.channels.answers import explain, judge
from services.channels.composing import OPEN
from services.channels.lines import Outgoing, RejectedError, TransientError
from services.channels.wire import Wire

_NOT_SENT = N_("The message could not be brought into the form of this channel.")
_LIMITS = {ChannelKind.WECOM: 2048, ChannelKind.DINGTALK: 18_000, ChannelKind.FEISHU: 18_000}
"""How many bytes of text a robot takes."""
_LEFT_OUT = {"version": "", "attachments": "", "type": "", "message": "text"}
"""What of Apprise's JSON is left out, and what is called by another name."""

wire.listen_to(wecombot, dingtalk, feishu, custom_json)
logging.getLogger("apprise").disabled = True  # it would name keys; what went wrong is told by the errors raised here


class _DingTalk(dingtalk.NotifyDingTalk):  # type: ignore[no-untyped-call]
    """Apprise's plugin, which encodes the signature of a request twice: DingTalk would not know it."""

    def get_signature(self) -> tuple[str, str]:
        timestamp, signature = super().get_signature()  # type: ignore[no-untyped-call]
        return timestamp, unquote(signature)


class RobotLine:
    """The open way to one robot or webhook.

    Args:
        kind: what it is.
        fields: its address, as `addresses.checked` returned it.
    """

    kept_only = False

    def __init__(self, kind: ChannelKind, fields: Mapping[str, str]) -> None:
        self._kind = kind
        self._fields = fields
        self._plugin = _plugin(kind, fields)
        self._wire = Wire(guarded=kind is ChannelKind.WEBHOOK)
        self.problem: str | None = None
        """What it answered last if it did not take the message; empty if it did, `None` before the first."""

    def send(self, _address: str, message: Outgoing) -> None:
        """Send one message.

        Raises:
            TransientError: it may be taken later.
            RejectedError: it never will.
        """
        try:
            self._send(message)
        except (TransientError, RejectedError) as problem:
            self.problem = str(problem)
            raise
        self.problem = ""

    def close(self) -> None:
        """Close the connection."""
        self._wire.close()

    def _send(self, message: Outgoing) -> None:
        title, text = self._fitting(message)
        with self._wire.used():
            taken = self._plugin.notify(title=title, body=text, body_format=NotifyFormat.TEXT)
        if self._wire.problem is not None:
            raise explain(self._wire.problem) from None
        if self._wire.answer is None:
            raise RejectedError(_NOT_SENT)
        judge(self._kind, self._wire.answer, self._fields)
        if not taken:
            raise RejectedError(f"HTTP {self._wire.answer.status_code}")

    def _fitting(self, message: Outgoing) -> tuple[str, str]:
        """Return title and text; a webhook gets the rest as fields of their own."""
        title = " ".join(message.title.split())
        if isinstance(self._plugin, custom_json.NotifyJSON):
            self._plugin.payload_extras = {**_LEFT_OUT, "key": message.key, "link": message.link} | {
                "urgent": message.urgent, "language": message.locale,
            }  # fmt: skip
            self._plugin.headers = {"Idempotency-Key": message.key}
            return title, message.text
        with in_locale(message.locale):
            end = f"\n{gettext(OPEN)}: {message.link}"
        return title, shortened(message.text, _LIMITS[self._kind] - len(f"{title}\r\n{end}".encode())) + end


def shortened(text: str, limit: int) -> str:
    """Return a text that takes no more than so many bytes, with a sign where something is left out."""
    encoded = text.encode()
    if len(encoded) <= limit:
        return text
    return encoded[: max(0, limit - len("…".encode()))].decode("utf-8", "ignore") + "…"


def _plugin(kind: ChannelKind, fields: Mapping[str, str]) -> NotifyBase:
    """Return Apprise's plugin for an address; each message goes out at once, for waiting is the pipeline's business."""
    plugin, arguments = _PLUGINS[kind]
    made: NotifyBase = plugin(
        **arguments(fields), asset=AppriseAsset(app_id="Qianqi", app_desc="Qianqi"), redirect=False,
        cto=wire.CONNECT_SECONDS, rto=wire.ANSWER_SECONDS,
    )  # fmt: skip
    made.request_rate_per_sec = 0
    return made


def _webhook(fields: Mapping[str, str]) -> dict[str, Any]:
    url = urlsplit(fields["url"])
    host = url.hostname or ""
    return {
        "secure": url.scheme == "https", "host": f"[{host}]" if ":" in host else host, "port": url.port,
        "user": url.username, "password": url.password,
        "fullpath": f"{url.path or '/'}{'?' if url.query else ''}{url.query}",
    }  # fmt: skip


_PLUGINS: Mapping[ChannelKind, tuple[Any, Callable[[Mapping[str, str]], dict[str, Any]]]] = {
    ChannelKind.WECOM: (wecombot.NotifyWeComBot, lambda fields: {"key": fields["key"]}),
    ChannelKind.DINGTALK: (
        _DingTalk,
        lambda fields: {"token": fields["key"], "secret": fields["signing"]},
    ),
    ChannelKind.FEISHU: (feishu.NotifyFeishu, lambda fields: {"token": fields["key"]}),
    ChannelKind.WEBHOOK: (custom_json.NotifyJSON, _webhook),
}
