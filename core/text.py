"""Plain text: one form for comparing and searching, whatever keyboard it was typed on; names that tell apart."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import TypeVar

K = TypeVar("K", bound=Hashable)

_SPACES = re.compile(r"\s+")
_EMAIL = re.compile(r"[\w.%+'-]+@[a-z\d-]+(\.[a-z\d-]+)+", re.ASCII | re.IGNORECASE)
_CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
"""What no document, no XML and no reader can use, and what turns the direction of a text around."""


def clean(text: str) -> str:
    """Return `text` as it is stored: full-width forms made plain, control characters and outer space removed."""
    return _CONTROLS.sub("", unicodedata.normalize("NFKC", text)).strip()


def prose(text: str) -> str:
    """Return what somebody wrote in sentences as it is stored: Chinese punctuation kept, control characters removed."""
    return _CONTROLS.sub("", text).strip()


def search_form(text: str) -> str:
    """Return `text` as it is searched: plain forms, lower case, single spaces.

    The database computes the same with `lower(normalize(…, NFKC))`.
    """
    return _SPACES.sub(" ", clean(text)).lower()


def told_apart(names: Mapping[K, str], more: Mapping[K, str] | None = None) -> dict[K, str]:
    """Return names of which no two are equal, in their order: one that several share says which of them is meant.

    Args:
        names: key → name.
        more: key → what tells it from others of its name, such as a code or an address; where that is missing or
            equal too, its key does.
    """
    shared = _repeated(names.values())
    said = {
        key: f"{name} ({more[key]})" if name in shared and more and more.get(key) else name
        for key, name in names.items()
    }
    shared = _repeated(said.values())
    return {key: f"{name} · {key}" if name in shared else name for key, name in said.items()}


def named(rows: Iterable[tuple[K | None, str, str | None]]) -> dict[K, str]:
    """Return key → name of rows as a query finds them, no two of one name, in their order; see `told_apart`.

    Args:
        rows: of each its key, its name, and what tells it from others of its name, if anything does. What is only the
            name again tells nothing; of two rows with one key the last counts.
    """
    known = [(key, name, "" if more == name else more or "") for key, name, more in rows if key is not None]
    return told_apart({key: name for key, name, _more in known}, {key: more for key, _name, more in known})


def _repeated(names: Collection[str]) -> set[str]:
    return {name for name, count in Counter(names).items() if count > 1}


def grams(query: str) -> list[str]:
    """Return the one- and two-character pieces the search index is asked for.

    Args:
        query: what a person typed; any part of the text sought.
    """
    form = search_form(query)
    if len(form) == 1:
        return [form]
    return sorted({form[i : i + 2] for i in range(len(form) - 1)})


def like_pattern(query: str) -> str:
    r"""Return a LIKE pattern (escape character `\\`) that finds `query` anywhere."""
    escaped = search_form(query).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def masked_phone(phone: str) -> str:
    """Return a phone number with its middle hidden: 138****5678; what is too short to hide is hidden whole."""
    digits = phone.removeprefix("+86").replace(" ", "").replace("-", "")
    if len(digits) < 7:
        return "*" * len(digits)
    return f"{digits[:3]}{'*' * (len(digits) - 7)}{digits[-4:]}"


def has_chinese(text: str) -> bool:
    """Return whether a text has a Chinese character or full-width sign, which a Latin font lacks."""
    return _CHINESE.search(text) is not None


def is_email(given: str) -> bool:
    """Return whether a text can be an e-mail address of one mailbox, as every mail server takes them."""
    return _EMAIL.fullmatch(given) is not None


def excerpt(given: str, most: int) -> str:
    """Return a text, or its beginning with a sign that it goes on where it has more than `most` characters."""
    return given if len(given) <= most else f"{given[:most]}…"
