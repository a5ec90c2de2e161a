"""The address of a message's page: whoever holds the link may read and acknowledge that one message.

The link is in every mail and in every group chat, and it must still open when somebody clears a long list after a
holiday or looks up an old message, so it does not run out. It cannot be guessed, and it opens nothing else.
"""

import hashlib
from functools import cache

from itsdangerous import BadData, URLSafeSerializer

from core.secret import secret_key
from core.settings import settings

FOLDER = "/m/"
"""Where the pages of messages are."""
_SALT = "message"


def message_url(message_id: int) -> str:
    """Return the full address of the page that shows a message and lets one acknowledge it."""
    return f"{settings().base_url}{message_path(message_id)}"


def message_path(message_id: int) -> str:
    """Return that address as a path of this site."""
    return f"{FOLDER}{_serializer(_present()).dumps(message_id)}"


def message_id_of(token: str) -> int | None:
    """Return which message a token names, or `None` if this product has not signed it."""
    try:
        found = _serializer(_present()).loads(token)
    except BadData:
        return None
    return found if isinstance(found, int) else None


def _present() -> tuple[str, str]:
    """Return what the secret depends on: asking for the secret itself may touch a file, too slow for each of many."""
    given = settings().secret_key
    return given.get_secret_value() if given else "", str(settings().data_dir)


@cache
def _serializer(_depends_on: tuple[str, str]) -> URLSafeSerializer:
    return URLSafeSerializer(
        secret_key(), salt=_SALT, signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256}
    )
