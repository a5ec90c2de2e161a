"""How classes stand, for pages, exports and bulletins."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Date, cast, func, true
from sqlmodel import Session, col, select

from core import clock, months
from core.errors import NotFoundError
from core.i18n import gettext
from models.account import Account, Department
from models.issue import ENDED_STATES, Issue
from models.issue_class import (
    COUNTED_STANDINGS,
    RULED_STATES,
    ClassState,
    IssueClass,
    IssueClassMember,
    Standing,
)
from services import access
from services.actor import Actor
from services.classes.effect import COUNTS, Effect, effects
from services.entities import options_of
from services.issues.registering import CATEGORIES
from services.permissions import Action, allows
from services.use_case import use_case

_NONE = (0, 0, 0, 0)


@dataclass(frozen=True)
class Shown:
    """A class and how it stands.

    Args:
        row: the class.
        category: the text of its category.
        department: who is in charge, empty for nobody yet.
        owner: the person in charge there, empty for nobody.
        issues: how many issues belong to it; of a suggestion, how many it consists of.
        enterprises: how many enterprises raised them.
        unsolved: how many of the issues are not closed yet.
        offered: how many like issues wait to be put in or left out.
        effect: what the measure has changed; `None` while it is not in force.
    """

    row: IssueClass
    category: str
    department: str
    owner: str
    issues: int
    enterprises: int
    unsolved: int
    offered: int
    effect: Effect | None

    @property
    def is_overdue(self) -> bool:
        """Whether the measure should be in force and is not."""
        due_on = self.row.due_on
        return self.row.state is ClassState.CONFIRMED and due_on is not None and due_on < clock.today()


def every(actor: Actor, *states: ClassState) -> list[Shown]:
    """Return the classes in some states, those with the most issues first; suggestions only for who rules on them.

    Raises:
        NotAllowedError: the role may not see classes.
    """
    with use_case(actor, Action.CLASS_VIEW) as session:
        statement = select(IssueClass).where(_seen(actor), col(IssueClass.state).in_(states))
        rows = session.exec(statement.order_by(col(IssueClass.id).desc())).all()
        return sorted(shown_in(session, rows), key=lambda each: (-each.issues, -each.row.pk))


def get(actor: Actor, class_id: int) -> Shown:
    """Return one class.

    Raises:
        NotFoundError: there is no such class or the actor may not see it.
    """
    with use_case(actor, Action.CLASS_VIEW) as session:
        (found,) = shown_in(session, [in_sight(session, actor, class_id)])
        return found


def by_month(actor: Actor, class_id: int) -> list[tuple[date, int]]:
    """Return how many issues of a class's kind were registered in each month (its first day), the past twelve at most.

    Declined ones are left out, as they are of the effect.

    Raises:
        NotFoundError: there is no such class or the actor may not see it.
    """
    with use_case(actor, Action.CLASS_VIEW) as session:
        in_sight(session, actor, class_id)
        month = cast(func.date_trunc("month", func.timezone(clock.zone().key, Issue.created_at)), Date)
        statement = (
            select(month, func.count())
            .join(IssueClassMember, col(IssueClassMember.issue_id) == Issue.id)
            .where(IssueClassMember.class_id == class_id, col(IssueClassMember.standing).in_(COUNTED_STANDINGS))
            .where(COUNTS)
            .group_by(month)
        )
        counts: dict[date, int] = dict(session.execute(statement).all())
        months = list(_months(min(counts, default=clock.today()), clock.today()))[-13:]
        return [(each, counts.get(each, 0)) for each in months]


def in_sight(session: Session, actor: Actor, class_id: int) -> IssueClass:
    """Return a class the actor may see; part of another's use case.

    Raises:
        NotFoundError: there is no such class or the actor may not see it.
    """
    row = session.exec(select(IssueClass).where(IssueClass.id == class_id, _seen(actor))).one_or_none()
    if row is None:
        raise NotFoundError
    return row


def shown_in(session: Session, rows: Sequence[IssueClass]) -> list[Shown]:
    """Return how classes stand; part of another's use case."""
    counts = _counts(session, [row.pk for row in rows])
    departments = _names(session, Department, [row.department_id for row in rows])
    owners = _names(session, Account, [row.owner_id for row in rows])
    categories = {each.value: gettext(each.label) for each in options_of(session, CATEGORIES)}
    measured = effects(session, rows)
    return [
        Shown(
            row, categories.get(row.category, row.category), departments.get(row.department_id or 0, ""),
            owners.get(row.owner_id or 0, ""), *counts.get(row.pk, _NONE), measured.get(row.pk),
        )
        for row in rows
    ]  # fmt: skip


def _seen(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a class may be seen: what nobody has confirmed is for those who rule on it."""
    confirmed = true() if allows(actor, Action.CLASS_EDIT) else col(IssueClass.state).in_(RULED_STATES)
    return confirmed & access.condition(actor, Action.CLASS_VIEW, IssueClass)


def _counts(session: Session, ids: Sequence[int]) -> dict[int, tuple[int, int, int, int]]:
    standing = col(IssueClassMember.standing)
    own = (standing == Standing.MEMBER) | (
        (standing == Standing.OFFERED) & col(IssueClass.state).not_in(RULED_STATES)
    )  # fmt: skip
    statement = (
        select(  # type: ignore[call-overload]  # five columns
            col(IssueClassMember.class_id),
            func.count().filter(own),
            func.count(func.distinct(Issue.enterprise_id)).filter(own),
            func.count().filter(own, col(Issue.state).not_in(ENDED_STATES)),
            func.count().filter(standing == Standing.OFFERED, col(IssueClass.state).in_(RULED_STATES)),
        )
        .join(IssueClass, col(IssueClass.id) == IssueClassMember.class_id)
        .join(Issue, col(Issue.id) == IssueClassMember.issue_id)
        .where(col(IssueClassMember.class_id).in_(ids))
        .group_by(col(IssueClassMember.class_id))
    )
    return {row_id: tuple(counts) for row_id, *counts in session.execute(statement).all()}


def _names(session: Session, model: type[Account] | type[Department], ids: Sequence[int | None]) -> dict[int, str]:
    rows = session.exec(select(model.id, model.name).where(col(model.id).in_(ids))).all()
    return {row_id: name for row_id, name in rows if row_id is not None}


def _months(first: date, last: date) -> Iterator[date]:
    month = months.first_of(first)
    while month <= last:
        yield month
        month = months.after(month)
