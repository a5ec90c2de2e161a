"""Promises made to enterprises, until they are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from core import clock, text
from core.errors import ConflictError, InvalidError
from core.i18n import N_, gettext
from models.account import Account
from models.enterprise import Enterprise
from models.visit import Promise
from services import access
from services.actor import Actor
from services.permissions import Action
from services.tallies.reading import inside
from services.use_case import use_case

_KEPT_SHOWN = 50


@dataclass(frozen=True)
class PromiseLine:
    """A promise as a list shows it."""

    promise_id: int
    visit_id: int
    enterprise_id: int
    enterprise: str
    text: str
    promised_by_id: int
    promised_by: str
    due_on: date
    kept_at: datetime | None
    kept_note: str

    @property
    def is_overdue(self) -> bool:
        """Whether its day has passed and it is not kept."""
        return self.kept_at is None and self.due_on < clock.today()


def promises(
    actor: Actor, *, kept: bool = False, overdue: bool = False, areas: Sequence[int] = ()
) -> list[PromiseLine]:  # fmt: skip
    """Return the promises `actor` may see: their own, and a lead's team's; the most urgent first.

    Args:
        actor: who asks.
        kept: return the latest that were kept instead of those still open.
        overdue: of those still open, only what is past its day.
        areas: areas in or below which the enterprises lie; none: anywhere.
    """
    with use_case(actor, Action.VISIT_VIEW) as session:
        statement = (
            select(Promise, Enterprise.name, Account.name)
            .join(Enterprise, col(Enterprise.id) == Promise.enterprise_id)
            .join(Account, col(Account.id) == Promise.promised_by_id)
            .where(access.condition(actor, Action.VISIT_VIEW, Promise))
        )
        if areas:
            statement = statement.where(inside(Enterprise.area_id, areas))
        if overdue:
            statement = statement.where(col(Promise.due_on) < clock.today())
        if kept:
            kept_ones = statement.where(col(Promise.kept_at).is_not(None)).order_by(col(Promise.kept_at).desc())
            rows = session.execute(kept_ones.limit(_KEPT_SHOWN))
        else:
            open_ones = statement.where(col(Promise.kept_at).is_(None))
            rows = session.execute(open_ones.order_by(col(Promise.due_on), col(Promise.id)))
        return [_line(*row) for row in rows]


def keep(actor: Actor, promise_id: int, note: str) -> None:
    """Note that and how one of the actor's own promises was kept.

    Raises:
        ConflictError: it was noted already.
        InvalidError: the note is empty.
        NotFoundError: the promise is not the actor's.
    """
    note = text.prose(note)
    if not note:
        raise InvalidError({"note": gettext("Say in a few words how the promise was kept.")})
    with use_case(actor, Action.VISIT_RECORD) as session:
        promise = access.load(session, actor, Action.VISIT_RECORD, Promise, promise_id, lock=True)
        if promise.kept_at is not None:
            raise ConflictError(N_("This promise has been marked as kept already."))
        promise.kept_at, promise.kept_note = clock.now(), note[:1000]


def _line(promise: Promise, enterprise: str, account: str) -> PromiseLine:
    return PromiseLine(
        promise_id=promise.pk,
        visit_id=promise.visit_id,
        enterprise_id=promise.enterprise_id,
        enterprise=enterprise,
        text=promise.text,
        promised_by_id=promise.promised_by_id,
        promised_by=account,
        due_on=promise.due_on,
        kept_at=promise.kept_at,
        kept_note=promise.kept_note,
    )
