"""Keys that name things inside the system, made from the words people gave them."""

import re

from pypinyin import lazy_pinyin

_NOT_A_KEY = re.compile(r"[^a-z0-9]+")
KEY = re.compile(r"^[a-z][a-z0-9_]{0,47}$")


def key_from(words: str, taken: set[str]) -> str:
    """Return a key that tells what `words` mean (注册资本 → zhu_ce_zi_ben) and is not taken yet."""
    spelt = _NOT_A_KEY.sub("_", "_".join(lazy_pinyin(words)).lower()).strip("_")[:40].strip("_")
    base = spelt if spelt[:1].isalpha() else f"x_{spelt}".strip("_")
    candidates = (base if number == 1 else f"{base}_{number}" for number in range(1, len(taken) + 2))
    return next(candidate for candidate in candidates if candidate not in taken)
