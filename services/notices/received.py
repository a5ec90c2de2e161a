"""The notices that reached enterprises, one row for each contact that has one or had one and is deleted since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, true
from sqlmodel import col, select

from core.i18n import N_
from models.base import LabelledEnum
from models.enterprise import Contact, Enterprise
from models.fields import FieldKind, FieldSpec
from models.reminder import REACHED_STATES, READ_STATES, Reminder, ReminderState, Subject
from services import access
from services.actor import Actor
from services.entities.queries import filtered
from services.permissions import Action
from services.use_case import use_case

_AREA = FieldSpec(key="area_id", label=N_("Area"), kind=FieldKind.REFERENCE, reference="area")
_GOT = FieldSpec(key="delivered_at", label=N_("Received on"), kind=FieldKind.MOMENT)


class Shown(LabelledEnum):
    """Which received notices a list shows."""

    ALL = "all", N_("All")
    READ = "read", N_("Read")
    UNREAD = "unread", N_("Not read yet")


@dataclass(frozen=True)
class Wanted:
    """Which received notices are asked for; whatever is empty is not narrowed.

    Args:
        shown: whether they have been read.
        areas: by enterprises of these areas or below.
        enterprise_id: by one enterprise.
        received: from the first to the last day they came in; either may be `None`.
    """

    shown: Shown = Shown.ALL
    areas: Sequence[int] = ()
    enterprise_id: int | None = None
    received: tuple[date | None, date | None] = (None, None)


@dataclass(frozen=True)
class Received:
    """A notice an enterprise has."""

    id: int
    enterprise_id: int
    enterprise: str
    person: str
    title: str
    delivered_at: datetime
    state: ReminderState


def received(actor: Actor, wanted: Wanted, *, page: int = 1, page_size: int = 50) -> list[Received]:
    """Return a page of the notices enterprises have received, the latest first.

    Raises:
        NotAllowedError: the role sees no figures.
    """
    with use_case(actor, Action.PROGRESS_VIEW) as session:
        columns: list[Any] = [
            Reminder.id, Enterprise.id, Enterprise.name, func.coalesce(Contact.name, ""), Reminder.title,
            Reminder.delivered_at, Reminder.state,
        ]  # fmt: skip
        found = _joined(columns, actor, wanted).where(_standing(wanted.shown))
        ordered = found.order_by(col(Reminder.delivered_at).desc(), col(Reminder.id).desc())
        return [Received(*row) for row in session.execute(ordered.limit(page_size).offset((page - 1) * page_size))]


def counts(actor: Actor, wanted: Wanted) -> dict[Shown, int]:
    """Return how many received notices there are of each kind, of those that are asked for otherwise.

    Raises:
        NotAllowedError: the role sees no figures.
    """
    with use_case(actor, Action.PROGRESS_VIEW) as session:
        counted = [func.count().filter(_standing(each)) for each in Shown]
        return dict(zip(Shown, session.execute(_joined(counted, actor, wanted)).one(), strict=True))


def _joined(columns: list[Any], actor: Actor, wanted: Wanted) -> Any:
    conditions: list[ColumnElement[bool]] = [
        col(Reminder.subject) == Subject.NOTICE,
        col(Reminder.enterprise_id).is_not(None),
        col(Reminder.state).in_(REACHED_STATES),
        access.condition(actor, Action.ENTERPRISE_VIEW, Enterprise),
    ]
    if wanted.areas:
        conditions.append(filtered(Enterprise, _AREA, list(wanted.areas)))
    if wanted.enterprise_id is not None:
        conditions.append(col(Enterprise.id) == wanted.enterprise_id)
    if wanted.received != (None, None):
        conditions.append(filtered(Reminder, _GOT, wanted.received))
    return (
        select(*columns)
        .select_from(Reminder)
        .join(Enterprise, col(Enterprise.id) == Reminder.enterprise_id)
        .outerjoin(Contact, col(Contact.id) == Reminder.contact_id)
        .where(*conditions)
    )


def _standing(shown: Shown) -> ColumnElement[bool]:
    read = col(Reminder.state).in_(READ_STATES)
    return {Shown.READ: read, Shown.UNREAD: ~read}.get(shown, true())
