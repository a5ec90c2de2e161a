"""The unified social credit code of GB 32100-2015: its check character and what is wrong with a code."""

import re

from core import text
from core.i18n import gettext

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters a code is made of: I, O, S, V and Z are left out because they look like others."""

LENGTH = 18
_AUTHORITIES = "123456789ANY"
_DIVISION = re.compile(r"[0-9]{6}")
_WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))


def normal(code: str) -> str:
    """Return a code as it is stored: plain characters, capitals, no space or hyphen within."""
    return re.sub(r"[\s-]+", "", text.clean(code)).upper()


def check_character(body: str) -> str:
    """Return the 18th character that belongs to the first 17.

    Raises:
        ValueError: a character is not of the code's alphabet, or there are not 17.
    """
    if len(body) != LENGTH - 1:
        raise ValueError("the body of a code has 17 characters")
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(body, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def is_valid(code: str) -> bool:
    """Return whether a code as stored follows every rule."""
    return not problem(code)


def problem(code: str) -> str:
    """Return which rule a code breaks, in the present language, or an empty text if it breaks none.

    Args:
        code: as stored; see `normal`.
    """
    return _wrong_length(code) or _wrong_character(code) or _wrong_head(code) or _wrong_check(code)


def _wrong_length(code: str) -> str:
    if len(code) == LENGTH:
        return ""
    return gettext("A credit code has 18 characters; this one has {count}.").format(count=len(code))


def _wrong_character(code: str) -> str:
    for place, character in enumerate(code, start=1):
        if character not in ALPHABET:
            template = gettext(
                "Character {place} is “{character}”: a credit code has digits and capital letters only, "
                "never I, O, S, V or Z."
            )
            return template.format(place=place, character=character)
    return ""


def _wrong_head(code: str) -> str:
    if code[0] not in _AUTHORITIES:
        template = gettext("No registration authority has the sign “{character}” with which this code begins.")
        return template.format(character=code[0])
    if not _DIVISION.fullmatch(code[2:8]):
        return gettext("Characters 3 to 8 must be the six digits of an administrative division.")
    return ""


def _wrong_check(code: str) -> str:
    if code[-1] == check_character(code[:-1]):
        return ""
    template = gettext(
        "The check character does not fit: with these first 17 characters the last one would be “{expected}”. "
        "One of the characters is mistyped."
    )
    return template.format(expected=check_character(code[:-1]))
