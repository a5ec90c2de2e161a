"""How a requirement of security is answered: by tests, by how the product is made, by the operator, or not."""

from dataclasses import dataclass
from enum import StrEnum


class Answer(StrEnum):
    """How a requirement is answered."""

    TESTED = "tested"
    MADE = "by design"
    OPERATOR = "the operator"
    NOT_MET = "not met"
    NOT_HERE = "does not apply"


@dataclass(frozen=True)
class Item:
    """A requirement and its answer.

    Args:
        number: as its standard numbers it.
        asked: what is asked, in a few words of our own.
        answer: how it is answered.
        told: how, in a sentence; empty where the tests say it.
        tests: the tests that show it, as `folder/file.py::name` below `tests/`.
    """

    number: str
    asked: str
    answer: Answer
    told: str = ""
    tests: tuple[str, ...] = ()


def proven(number: str, asked: str, *tests: str, told: str = "") -> Item:
    """Return a requirement that tests show."""
    return Item(number, asked, Answer.TESTED, told, tests)


def made(number: str, asked: str, told: str) -> Item:
    """Return a requirement that the product is made to meet."""
    return Item(number, asked, Answer.MADE, told)


def operator(number: str, asked: str, told: str) -> Item:
    """Return a requirement that whoever runs the product must meet."""
    return Item(number, asked, Answer.OPERATOR, told)


def not_met(number: str, asked: str, told: str) -> Item:
    """Return a requirement that is not met, with what there is instead."""
    return Item(number, asked, Answer.NOT_MET, told)


def not_here(number: str, asked: str, told: str) -> Item:
    """Return a requirement about something the product does not have."""
    return Item(number, asked, Answer.NOT_HERE, told)
