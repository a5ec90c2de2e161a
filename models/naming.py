"""What makes two enterprise names alike: the part that identifies, and how much of it two names share."""

import re

from core import text

_BRACKETS = re.compile(r"[()()\[\]【】〔〕《》“”\"'·.,,、\s-]+")
_PLACES = re.compile(
    r"(山东省?|淄博市?|张店区?|临淄区|淄川区|博山区|周村区|桓台县?|高青县?|沂源县?|高新(?:技术产业开发)?区?|中国)"
)
_FORMS = re.compile(
    r"(股份有限公司|有限责任公司|有限公司|股份合作公司|集团总公司|总公司|分公司|公司|集团|股份|"
    r"普通合伙|有限合伙|合伙企业|个人独资企业|企业)"
)
ALIKE = 0.6
"""Share of common two-character pieces from which two names are shown as perhaps one enterprise."""


def name_key(name: str) -> str:
    """Return what identifies a name: without brackets, places and the legal form, in which spellings differ.

    A name that consists of nothing else keeps all of itself but the brackets.
    """
    plain = _BRACKETS.sub("", text.search_form(name))
    return _FORMS.sub("", _PLACES.sub("", plain)) or plain


def similarity(one: str, other: str) -> float:
    """Return how alike two name keys are, 0 to 1: the Dice share of their two-character pieces."""
    if one == other:
        return 1.0
    first, second = pieces(one), pieces(other)
    if not first or not second:
        return 0.0
    return 2 * len(first & second) / (len(first) + len(second))


def pieces(key: str) -> set[str]:
    """Return the two-character pieces of a name key."""
    return {key[place : place + 2] for place in range(len(key) - 1)}
