"""How alike what people wrote is: the two-character pieces it shares, each weighed by how rare it is."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

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
        return self.judge(self.weight(common), _Weighed(self, one), _Weighed(self, other))

    def judge(self, both: float, one: "_Weighed", other: "_Weighed") -> float:
        """Return how alike two texts are by what they weigh together and each by itself, 0 to 1."""
        dice = 2 * both / (one.weight + other.weight)
        inside = both / min(one.weight, other.weight) if min(one.count, other.count) >= _SHORT else 0.0
        return max(dice, _CONTAINED * inside)

    def weight(self, given: Iterable[str]) -> float:
        """Return what pieces weigh together."""
        return sum(self._most - math.log(self._often[piece] + 1) for piece in given)


class _Weighed:
    """What the pieces of a text weigh and how many they are."""

    def __init__(self, likeness: Likeness, given: frozenset[str]) -> None:
        self.weight, self.count = likeness.weight(given), len(given)


class Nearest:
    """Finds which of many texts is most like another, looking only at those it shares a piece with.

    Args:
        likeness: compares them.
    """

    def __init__(self, likeness: Likeness) -> None:
        self._likeness = likeness
        self._known: list[_Weighed] = []
        self._places: dict[str, list[int]] = defaultdict(list)

    def add(self, given: frozenset[str]) -> int:
        """Take up a text and return its place: 0 for the first, 1 for the next, and so on."""
        place = len(self._known)
        self._known.append(_Weighed(self._likeness, given))
        for piece in given:
            self._places[piece].append(place)
        return place

    def to(self, given: frozenset[str]) -> tuple[int, float] | None:
        """Return the place of the text most like this one and how alike it is; of equals the earliest; or `None`."""
        common: dict[int, float] = defaultdict(float)
        for piece in sorted(given):  # so that sums, and with them the choice among equals, never differ
            weight = self._likeness.weight((piece,))
            for place in self._places.get(piece, ()):
                common[place] += weight
        own = _Weighed(self._likeness, given)
        judged = ((place, self._likeness.judge(both, own, self._known[place])) for place, both in common.items())
        return max(judged, key=lambda each: (each[1], -each[0]), default=None)


def grouped(texts: Sequence[frozenset[str]], likeness: Likeness, least: float) -> list[list[int]]:
    """Return groups of texts, each by their places: every text is at least so much like the first of its group.

    A text joins the group whose first it is most like, or begins one of its own: each is compared with the firsts that
    share a piece with it, so that thousands are grouped in a second; and as all are like one text, a group does not
    drift from one matter into another as it would if each only had to be like some other.

    Args:
        texts: their pieces; the earlier ones are rather firsts.
        likeness: compares them.
        least: how alike, 0 to 1.
    """
    firsts, groups = Nearest(likeness), list[list[int]]()
    for place, given in enumerate(texts):
        found = firsts.to(given)
        if found is not None and found[1] >= least:
            groups[found[0]].append(place)
        elif given:
            firsts.add(given)
            groups.append([place])
    return groups
