"""What a rule would send in the days to come: shown beside its form, before it is saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from core import clock
from models.reminder import Relation, Subject
from services.actor import Actor
from services.entities.references import names
from services.permissions import Action
from services.reminders import rules
from services.reminders.foreseeing import Foreseen, preview
from services.reminders.sources import SOURCES
from services.use_case import use_case

DAYS = 7
_FIRST = 8


@dataclass(frozen=True)
class Line:
    """One reminder a rule would send.

    Args:
        due_at: when.
        about: the number of an issue and its enterprise, or the enterprise of a visit; not what it is about.
        relation: what the recipient is to it.
        recipient: who gets it; empty for a contact of the enterprise, which the business knows.
    """

    due_at: datetime
    about: str
    relation: Relation | None
    recipient: str


@dataclass(frozen=True)
class Ahead:
    """How many reminders a rule would send, and the first of them."""

    total: int
    first: list[Line]


def ahead(actor: Actor, raw: Mapping[str, Any]) -> Ahead | None:
    """Return what a rule with these values would send within a week; `None` while it could not work at all.

    Args:
        actor: who edits it.
        raw: the values as entered.
    """
    rule = rules.draft(raw)
    if rules.problems(rule):
        return None
    with use_case(actor, Action.CONFIGURE) as session:
        found = preview(session, rule, clock.now() + timedelta(days=DAYS), _FIRST)
        return Ahead(found.total, _lines(session, found.first))


def _lines(session: Session, first: Sequence[Foreseen]) -> list[Line]:
    about = {subject: _about(session, subject, first) for subject in {each.subject for each in first}}
    people = names(session, "account", {each.account_id for each in first if each.account_id})
    return [
        Line(
            each.due_at, about[each.subject].get(each.subject_id, ""), each.relation,
            people.get(each.account_id or 0, ""),
        )
        for each in first
    ]  # fmt: skip


def _about(session: Session, subject: Subject, first: Sequence[Foreseen]) -> dict[int, str]:
    words = SOURCES[subject].words(session, {each.subject_id for each in first if each.subject is subject})
    return {
        subject_id: " ".join(filter(None, (of["number"], of["enterprise"]))) or str(of["title"])
        for subject_id, of in words.items()
    }
