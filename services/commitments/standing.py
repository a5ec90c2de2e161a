"""How a commitment stands, for pages."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from core import clock
from core.i18n import gettext, ngettext
from models import commitment as tables
from models.account import Account, Department
from models.base import Row
from models.enterprise import Enterprise
from services import access
from services.actor import Actor
from services.commitments.fulfilling import TAKEN_BACK_WITHIN
from services.permissions import Action
from services.use_case import use_case


@dataclass(frozen=True)
class Commitment:
    """A commitment as an enterprise's profile and the drawer of the list show it.

    Args:
        id: the row.
        enterprise_id: whose it is.
        matter: what was approved.
        text: what was promised.
        department: who approved it.
        due_on: by when it is to be made good.
        follower: who follows it, empty for nobody.
        fulfilled_at: when it was recorded as made good; `None` while it is open.
        fulfilled_by: who recorded that.
        note: how it was made good.
        may_fulfil: whether the actor may record that it was made good, or take that back.
        profile: whether the actor may open the enterprise's profile.
    """

    id: int
    enterprise_id: int
    matter: str
    text: str
    department: str
    due_on: date
    follower: str
    fulfilled_at: datetime | None
    fulfilled_by: str
    note: str
    may_fulfil: bool
    profile: bool

    @property
    def is_overdue(self) -> bool:
        """Whether its day has passed and it is still open."""
        return self.fulfilled_at is None and self.due_on < clock.today()

    @property
    def may_take_back(self) -> bool:
        """Whether the actor may still say that it was not made good after all."""
        recorded = self.fulfilled_at
        return self.may_fulfil and recorded is not None and clock.now() - recorded <= TAKEN_BACK_WITHIN

    @property
    def remaining(self) -> str:
        """How it stands, in the present language."""
        return remaining(self.due_on, self.fulfilled_at)


def standing(actor: Actor, commitment_id: int) -> Commitment:
    """Return how one commitment stands.

    Raises:
        NotFoundError: there is no such commitment or the actor may not see it.
    """
    with use_case(actor, Action.COMMITMENT_VIEW) as session:
        row = access.load(session, actor, Action.COMMITMENT_VIEW, tables.Commitment, commitment_id)
        return _shown(session, actor, [row])[0]


def of_enterprise(session: Session, actor: Actor, enterprise_id: int) -> list[Commitment]:
    """Return an enterprise's commitments that the actor may see, open ones first; part of another's use case."""
    found = access.visible(actor, Action.COMMITMENT_VIEW, tables.Commitment)
    found = found.where(col(tables.Commitment.enterprise_id) == enterprise_id)
    rows = session.exec(found.order_by(col(tables.Commitment.due_on), col(tables.Commitment.id))).all()
    made_good = [row for row in reversed(rows) if row.fulfilled_at is not None]
    return _shown(session, actor, [row for row in rows if row.fulfilled_at is None] + made_good)


def remaining(due_on: date, fulfilled_at: datetime | None) -> str:
    """Return how a commitment stands: made good, or how many days are left or over."""
    if fulfilled_at is not None:
        return gettext("Made good")
    days = (due_on - clock.today()).days
    if days == 0:
        return gettext("due today")
    if days > 0:
        return ngettext("{count} day left", "{count} days left", days).format(count=days)
    return ngettext("{count} day overdue", "{count} days overdue", -days).format(count=-days)


def _shown(session: Session, actor: Actor, rows: list[tables.Commitment]) -> list[Commitment]:
    people = {row.follower_id for row in rows} | {row.fulfilled_by_id for row in rows}
    names = _names(session, Account, people)
    departments = _names(session, Department, {row.department_id for row in rows})
    own_ids = _allowed(session, actor, Action.COMMITMENT_FULFIL, tables.Commitment, {row.pk for row in rows})
    open_ids = _allowed(session, actor, Action.ENTERPRISE_VIEW, Enterprise, {row.enterprise_id for row in rows})
    return [
        Commitment(
            row.pk, row.enterprise_id, row.matter, row.text, departments.get(row.department_id or 0, ""), row.due_on,
            names.get(row.follower_id or 0, ""), row.fulfilled_at, names.get(row.fulfilled_by_id or 0, ""),
            row.fulfilled_note, row.pk in own_ids, row.enterprise_id in open_ids,
        )
        for row in rows
    ]  # fmt: skip


def _allowed(session: Session, actor: Actor, action: Action, model: type[Row], ids: set[int]) -> set[int]:
    """Return those of some rows' ids with which the actor may do something."""
    found = select(model.id).where(col(model.id).in_(ids), access.condition(actor, action, model))
    return {each for each in session.exec(found) if each is not None}


def _names(session: Session, model: type[Account] | type[Department], ids: set[int | None]) -> dict[int, str]:
    rows = session.exec(select(model.id, model.name).where(col(model.id).in_(ids))).all()
    return {row_id: name for row_id, name in rows if row_id is not None}
