"""The profile of an enterprise (一企一档): its facts, whom one talks to, and everything that happened on one time line.

Each part shows what the actor may see of it: a grid worker their own visits, a department its own issues.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from core import clock
from models.enterprise import Enterprise
from models.fields import FieldSpec
from models.issue import UNRESOLVED_STATES
from models.reminder import REACHED_STATES
from models.visit import Outcome
from services import access
from services.actor import Actor
from services.commitments.standing import Commitment, of_enterprise
from services.enterprises import contacts, places
from services.enterprises.entity import ENTERPRISES
from services.enterprises.history import History, Moment, read
from services.entities import fields
from services.entities.queries import values_of
from services.entities.references import labels_of
from services.permissions import Action
from services.phones import readable
from services.use_case import use_case


@dataclass(frozen=True)
class Need:
    """Something the enterprise asked for and has no answer to yet."""

    id: int
    number: str
    kind: str
    state: str
    text: str
    since: date


@dataclass(frozen=True)
class Pledge:
    """Something the enterprise was promised and has not got yet."""

    text: str
    who: str
    due_on: date
    overdue: bool


@dataclass(frozen=True)
class Balance:
    """Both directions in figures: what was done for the enterprise and what it still waits for."""

    visits: int
    answered: int
    kept: int
    notices: int


@dataclass(frozen=True)
class Profile:
    """Everything about one enterprise that the actor may see.

    Args:
        id: the enterprise.
        values: field key → value.
        labels: reference field key → id → name.
        specs: the enterprise's fields.
        place: the names of its area and all above it, from the street down.
        contacts: whom one talks to.
        needs: what it waits for, the oldest first.
        pledges: what it was promised, the most urgent first.
        balance: both directions in figures.
        moments: what happened and what is planned, the newest first.
        may_edit: whether the actor may change it.
        commitments: what it undertook when it was approved, what is open first.
    """

    id: int
    values: dict[str, Any]
    labels: dict[str, dict[int, str]]
    specs: list[FieldSpec]
    place: list[str]
    contacts: list[contacts.Known]
    needs: list[Need]
    pledges: list[Pledge]
    balance: Balance
    moments: list[Moment]
    may_edit: bool
    commitments: list[Commitment]


def profile(actor: Actor, enterprise_id: int) -> Profile:
    """Return an enterprise's profile.

    Raises:
        NotFoundError: there is no such enterprise or the actor may not see it.
    """
    with use_case(actor, Action.ENTERPRISE_VIEW) as session:
        row = access.load(session, actor, Action.ENTERPRISE_VIEW, Enterprise, enterprise_id)
        specs = fields(session, ENTERPRISES)
        values = readable(actor, specs, values_of(row, specs))
        history = read(session, actor, row)
        needs, pledges = _needs(history), _pledges(history)
        return Profile(
            id=row.pk,
            values=values,
            labels=labels_of(session, specs, [values]),
            specs=specs,
            place=places.way(session, row.area_id),
            contacts=contacts.known(session, actor, enterprise_id),
            needs=needs,
            pledges=pledges,
            balance=_balance(history, needs, pledges),
            moments=history.moments(),
            may_edit=access.reaches(session, actor, Action.ENTERPRISE_EDIT, Enterprise, enterprise_id),
            commitments=of_enterprise(session, actor, enterprise_id),
        )


def _needs(history: History) -> list[Need]:
    waiting = [issue for issue in history.issues if issue.state in UNRESOLVED_STATES]
    waiting.sort(key=lambda issue: issue.created_at)
    return [
        Need(
            issue.pk, issue.number, issue.kind.label, issue.state.label, issue.text,
            issue.created_at.astimezone(clock.zone()).date(),
        )
        for issue in waiting
    ]  # fmt: skip


def _pledges(history: History) -> list[Pledge]:
    waiting = sorted((each for each in history.promises if each.kept_at is None), key=lambda each: each.due_on)
    return [
        Pledge(each.text, history.names.get(each.promised_by_id, ""), each.due_on, each.due_on < clock.today())
        for each in waiting
    ]


def _balance(history: History, needs: list[Need], pledges: list[Pledge]) -> Balance:
    return Balance(
        visits=sum(visit.outcome is Outcome.MET for visit in history.visits),
        answered=len(history.issues) - len(needs),
        kept=len(history.promises) - len(pledges),
        notices=sum(notice.state in REACHED_STATES for notice in history.notices),
    )
