"""How alike what people wrote is: the two-character pieces it shares, each weighed by how rare it is."""

import math
import re
from collections import Counter
from collections.abc import Iterable

from core import text

_BREAKS = re.compile(
    r"[^\w]+|希望|建议|企业|公司|我们|我司|政府|部门|有关|相关|协调|解决|问题|情况|目前|现在|存在|需要|要求|帮助|支持|"
    r"能够|可以|是否|如何|怎么|什么|办理|申请|反映|尽快|进行|困难|请求|加强|提供"
)
"""Where a text is cut: at its punctuation, and at words with which needs of every kind are worded."""
_USUAL = 50
"""How many texts with nothing in common are imagined beside the known ones, so that few texts do not mislead."""
_CONTAINED = 0.85
"""What it counts that the shorter text is part of the longer one."""
_SHORT = 6
"""Pieces from which a text says enough to be looked for within a longer one."""


def runs(given: str) -> list[str]:
    """Return the parts of a text that say something, as it is searched."""
    return [part for part in _BREAKS.split(text.search_form(given)) if part]


def pieces(given: str) -> frozenset[str]:
    """Return the two-character pieces of the parts that say something."""
    return frozenset(part[place : place + 2] for part in runs(given) for place in range(len(part) - 1))


def phrases(given: str, length: int = 4) -> list[str]:
    """Return the parts of so many characters that a text consists of, each once; shorter ones between its breaks."""
    found = (
        part[place : place + length]
        for part in runs(given)
        for place in range(max(len(part) - length, 0) + 1)
        if len(part) > 1
    )
    return list(dict.fromkeys(found))


class Likeness:
    """Compares texts; what nearly everybody writes counts little."""

    def __init__(self, known: Iterable[frozenset[str]]) -> None:
        """Learn from the pieces of texts how often each piece is written."""
        self._often: Counter[str] = Counter()
        total = _USUAL
        for each in known:
            self._often.update(each)
            total += 1
        self._most = math.log(total)

    def share(self, one: frozenset[str], other: frozenset[str]) -> float:
        """Return how alike two texts are by their pieces, 0 to 1."""
        common = one & other
        if not common:
            return 0.0
        first, second, both = self._weight(one), self._weight(other), self._weight(common)
        dice = 2 * both / (first + second)
        inside = both / min(first, second) if min(len(one), len(other)) >= _SHORT else 0.0
        return max(dice, _CONTAINED * inside)

    def _weight(self, given: frozenset[str]) -> float:
        return sum(self._most - math.log(self._often[piece] + 1) for piece in given)
