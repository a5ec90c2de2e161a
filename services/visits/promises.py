"""Promises made to enterprises, until they are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, true
from sqlmodel import col, select

from core import clock, text
from core.errors import ConflictError, InvalidError
from core.i18n import N_, gettext
from models.account import Account
from models.base import LabelledEnum
from models.enterprise import Enterprise
from models.fields import FieldKind, FieldSpec
from models.visit import Promise, Visit
from services import access
from services.actor import Actor
from services.entities.queries import filtered
from services.permissions import Action, allows
from services.tallies.reading import inside
from services.use_case import use_case

_KEPT_SHOWN = 50
_MADE = FieldSpec(key="created_at", label=N_("Promise made"), kind=FieldKind.MOMENT)


class Shown(LabelledEnum):
    """Which promises a list shows."""

    OPEN = "open", N_("Not kept yet")
    OVERDUE = "overdue", N_("Overdue")
    KEPT = "kept", N_("Kept")
    ALL = "all", N_("All")


@dataclass(frozen=True)
class Wanted:
    """Which promises are asked for; whatever is empty is not narrowed.

    Args:
        shown: how they stand.
        areas: made to enterprises of these areas or below.
        team_id: made in visits of a team.
        enterprise_id: made to an enterprise.
        made: from the first to the last day they were made on; either may be `None`.
        own: to be kept by whoever asks: their own, and, for a lead, those of who visits no more; `False`: by others.
    """

    shown: Shown = Shown.OPEN
    areas: Sequence[int] = ()
    team_id: int | None = None
    enterprise_id: int | None = None
    made: tuple[date | None, date | None] = (None, None)
    own: bool | None = None


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
    actor: Actor, wanted: Wanted | None = None, *, page: int = 1, page_size: int | None = None
) -> list[PromiseLine]:
    """Return the promises `actor` may see: their own, and a lead's team's; the most urgent first.

    Args:
        actor: who asks.
        wanted: which of them; `None` means all that are open.
        page: counted from 1.
        page_size: rows of a page; `None` for all.
    """
    return _lines(actor, wanted or Wanted(), page_size, (page - 1) * (page_size or 0))


def kept_lately(actor: Actor) -> list[PromiseLine]:
    """Return the promises in sight that were kept last, the latest first."""
    return _lines(actor, Wanted(Shown.KEPT), _KEPT_SHOWN)


def count(actor: Actor, wanted: Wanted) -> int:
    """Return how many promises `promises` returns."""
    with use_case(actor, Action.VISIT_VIEW) as session:
        conditions = (*_conditions(actor, wanted), _standing(wanted.shown))
        return session.exec(select(func.count()).select_from(Promise).where(*conditions)).one()


def counts(actor: Actor, wanted: Wanted) -> dict[Shown, int]:
    """Return how many promises `actor` sees stand in each way, of those that are asked for otherwise."""
    with use_case(actor, Action.VISIT_VIEW) as session:
        counted = (func.count().filter(_standing(each)) for each in Shown)
        row = session.execute(select(*counted).select_from(Promise).where(*_conditions(actor, wanted))).one()
        return dict(zip(Shown, row, strict=True))


def keep(actor: Actor, promise_id: int, note: str) -> None:
    """Note that and how a promise was kept: one's own, or, for a lead, that of somebody in the area who visits no more.

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


def _lines(actor: Actor, wanted: Wanted, most: int | None, skipped: int = 0) -> list[PromiseLine]:
    with use_case(actor, Action.VISIT_VIEW) as session:
        statement = (
            select(Promise, Enterprise.name, Account.name)
            .join(Enterprise, col(Enterprise.id) == Promise.enterprise_id)
            .join(Account, col(Account.id) == Promise.promised_by_id)
            .where(*_conditions(actor, wanted), _standing(wanted.shown))
        )
        latest = (col(Promise.kept_at).desc(),) if wanted.shown is Shown.KEPT else ()
        rows = session.execute(
            statement.order_by(*latest, col(Promise.due_on), col(Promise.id)).limit(most).offset(skipped)
        )
        return [_line(*row) for row in rows]


def _conditions(actor: Actor, wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [access.condition(actor, Action.VISIT_VIEW, Promise)]
    if wanted.own is not None:
        mine = _to_be_kept_by(actor)
        found.append(mine if wanted.own else ~mine)
    if wanted.areas:
        there = select(Enterprise.id).where(inside(Enterprise.area_id, wanted.areas))
        found.append(col(Promise.enterprise_id).in_(there))
    if wanted.team_id is not None:
        found.append(col(Promise.visit_id).in_(select(Visit.id).where(Visit.team_id == wanted.team_id)))
    if wanted.enterprise_id is not None:
        found.append(col(Promise.enterprise_id) == wanted.enterprise_id)
    if wanted.made != (None, None):
        found.append(filtered(Promise, _MADE, wanted.made))
    return found


def _to_be_kept_by(actor: Actor) -> ColumnElement[bool]:
    if allows(actor, Action.VISIT_RECORD):
        return access.condition(actor, Action.VISIT_RECORD, Promise)
    return col(Promise.promised_by_id) == actor.account_id


def _standing(shown: Shown) -> ColumnElement[bool]:
    is_open = col(Promise.kept_at).is_(None)
    conditions = {
        Shown.OPEN: is_open,
        Shown.OVERDUE: is_open & (col(Promise.due_on) < clock.today()),
        Shown.KEPT: ~is_open,
    }
    return conditions.get(shown, true())


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
