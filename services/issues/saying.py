"""What an enterprise said as somebody entered it, and its check: the same at a visit and on the page of the ledger."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session

from core import text
from core.i18n import gettext
from models.configuration import Extensible
from models.fields import FieldSpec, Option, as_document, clean_values
from models.issue import IssueKind, Urgency
from services.entities.fields import extra_fields, options_of
from services.issues.registering import CATEGORIES, TEXT_LENGTH, Heard


class Said(BaseModel):
    """Everything entered about one need, checked or not; what a draft of an earlier release lacks has its default."""

    kind: str | None = None
    urgency: str | None = Urgency.NORMAL.value
    text: str = ""
    category: str | None = None
    resolved: bool = False
    solution: str = ""
    extra: dict[str, Any] = {}

    def answers(self) -> dict[str, Any]:
        """Return what was said in the built-in fields that the administrator's own can depend on, by field key."""
        return {"kind": self.kind, "category": self.category, "urgency": self.urgency}


def categories(session: Session) -> tuple[Option, ...]:
    """Return the tree of issue categories, each named with its branch; those out of use are not `active`."""
    return options_of(session, CATEGORIES)


def own_fields(session: Session) -> list[FieldSpec]:
    """Return the fields the administrator added to issues."""
    return extra_fields(session, Extensible.ISSUE)


def examine(said: Said, offered: frozenset[str], extra: Sequence[FieldSpec]) -> tuple[Heard, dict[str, str]]:
    """Return what was said in the form it is registered in, and what is wrong with it by field key.

    Args:
        said: as entered.
        offered: the categories that can be chosen.
        extra: the administrator's own fields.
    """
    problems: dict[str, str] = {}
    if said.kind not in set(IssueKind):
        problems["kind"] = gettext("Choose what kind of need it is.")
    wording, solution = text.prose(said.text), text.prose(said.solution)
    if not wording:
        problems["text"] = gettext("Write what the enterprise said.")
    if said.resolved and not solution:
        problems["solution"] = gettext("Say how it was resolved on site.")
    if said.category and said.category not in offered:
        problems["category"] = gettext("This category is no longer in use.")
    values, wrong = clean_values(extra, said.extra, said.answers())
    problems |= {f"extra.{key}": message for key, message in wrong.items()}
    heard = Heard(
        kind=IssueKind.of(said.kind) if said.kind and "kind" not in problems else IssueKind.DIFFICULT_ISSUE,
        text=wording[:TEXT_LENGTH],
        category=said.category or "",
        urgency=Urgency.of(said.urgency) if said.urgency in set(Urgency) else Urgency.NORMAL,
        solution=solution[:TEXT_LENGTH] if said.resolved else "",
        extra=as_document(values),
    )
    return heard, problems
