"""What enterprises say and what people write on the way, read from a data file and drawn without repeating soon."""

import random
import tomllib
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from models.issue import IssueKind

T = TypeVar("T")
_COUNTS = ("八", "十二", "十五", "二十", "三十", "四十")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Need(_Part):
    """Something an enterprise says, and how it is resolved.

    `on_site` and `later` are the two ways it can end; `partner` is the department that assists, with `task` and `done`.
    `cause` names what several needs have in common that only plots which ask for it are about.
    """

    kind: IssueKind
    category: str
    text: str
    on_site: str = ""
    later: str = ""
    partner: str = ""
    task: str = ""
    done: str = ""
    cause: str = ""


class IssueWords(_Part):
    """All of them."""

    needs: list[Need]
    phrases: dict[str, list[str]]


@cache
def issue_words() -> IssueWords:
    """Return the words, read once."""
    text = resources.files("services.demo").joinpath("data", "issue_words.toml").read_text(encoding="utf-8")
    return IssueWords.model_validate(tomllib.loads(text))


class Decks:
    """Needs and phrases in shuffled decks: what was drawn goes to the bottom, so that it does not come again soon.

    Args:
        rng: shuffles them.
    """

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._needs = {kind: self._shuffled([n for n in issue_words().needs if n.kind is kind]) for kind in IssueKind}
        self._phrases = {name: self._shuffled(texts) for name, texts in issue_words().phrases.items()}

    def need(self, kind: IssueKind, fits: Callable[[Need], bool]) -> Need:
        """Draw a need of a kind that fits."""
        deck = self._needs[kind]
        drawn = next(need for need in deck if fits(need))
        deck.remove(drawn)
        deck.append(drawn)
        count = self._rng.choice(_COUNTS)
        told = {name: text.replace("{count}", count) for name, text in drawn if isinstance(text, str)}
        return drawn.model_copy(update=told | {"kind": drawn.kind})

    def phrase(self, name: str) -> str:
        """Draw a phrase."""
        deck = self._phrases[name]
        deck.append(deck.pop(0))
        return deck[-1]

    def _shuffled(self, cards: list[T]) -> list[T]:
        return self._rng.sample(cards, len(cards))
