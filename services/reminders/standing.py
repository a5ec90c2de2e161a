"""How a subject stands, as far as reminders are concerned: what rules are applied to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlmodel import Session

from models.limits import Stage
from models.reminder import Occasion, Relation, Subject

Words = Mapping[str, Any]
"""What a template may say about a subject: name → value, in the present language."""


@dataclass(frozen=True)
class Standing:
    """One reason for reminders: an occasion of a subject, its moment, and the people around it.

    Args:
        subject: what kind of thing it is.
        subject_id: which one.
        occasion: what about it.
        moment: what the offsets of rules count from.
        due_version: which deadline this is; a moved one has another number, and its reminders are others.
        stage: the stage of an issue, for rules that ask for one.
        people: relation → ids of accounts, all of them active.
        contacts: ids of the enterprise's contacts that may be written to.
        since: since when whoever is to act has it, if that is known: what was acknowledged before was another's word.
    """

    subject: Subject
    subject_id: int
    occasion: Occasion
    moment: datetime
    due_version: int
    stage: Stage | None = None
    people: Mapping[Relation, tuple[int, ...]] = field(default_factory=dict)
    contacts: tuple[int, ...] = ()
    since: datetime | None = None


class Source(Protocol):
    """Where reminders learn of one kind of subject."""

    def standings(self, session: Session, ids: Sequence[int], *, lock: bool = True) -> list[Standing]:
        """Return how these subjects stand now; what is handled or gone has no standing.

        Args:
            session: the transaction.
            ids: which subjects.
            lock: hold their rows against changes until it ends, in the order of their ids.
        """

    def live(self, session: Session, after: int, limit: int) -> list[int]:
        """Return the ids of subjects that may have a standing, greater than `after`, in order."""

    def words(self, session: Session, ids: Iterable[int]) -> dict[int, Words]:
        """Return what templates may say about these subjects, in the present language."""

    def link(self, subject_id: int) -> str:
        """Return the address of the subject's page, as a path."""

    def sample(self) -> Words:
        """Return words of an invented subject, in the present language: for previews and for checking templates."""
