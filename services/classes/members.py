"""The issues of a class: which belong to it, which are offered, putting them in and leaving them out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from core import clock
from core.errors import ConflictError
from core.i18n import N_
from models.account import Account
from models.enterprise import Enterprise
from models.issue import Issue, IssueState
from models.issue_class import ClassState, IssueClass, IssueClassMember, Standing
from services import access
from services.actor import Actor
from services.classes import kind, telling
from services.classes.reading import in_sight
from services.classes.ruling import in_state, of_issue, place
from services.permissions import Action, allows
from services.use_case import use_case

SHOWN = 200
"""How many issues a page shows at most."""
_OPEN = (ClassState.CONFIRMED, ClassState.IN_FORCE)


@dataclass(frozen=True)
class Member:
    """An issue of a class as its page shows it.

    Args:
        id: the issue.
        number: its number.
        enterprise_id: whose it is.
        enterprise: that enterprise's name.
        text: what was said.
        state: where the issue stands.
        registered_at: when it was registered.
        share: how like the class it was when it was found.
        placed_at: when it was put there.
        placed_by: who put it there; empty if it was found.
        told: whether its enterprise was told of the measure.
    """

    id: int
    number: str
    enterprise_id: int
    enterprise: str
    text: str
    state: IssueState
    registered_at: datetime
    share: float
    placed_at: datetime
    placed_by: str
    told: bool


@dataclass(frozen=True)
class Members:
    """Issues the actor may see, and how many there are with those they may not."""

    rows: Sequence[Member]
    total: int


def of_class(actor: Actor, class_id: int, *standings: Standing) -> Members:
    """Return the newest issues that stand so to a class and that the actor may see, and how many stand so.

    Raises:
        NotFoundError: there is no such class or the actor may not see it.
    """
    with use_case(actor, Action.CLASS_VIEW) as session:
        in_sight(session, actor, class_id)
        own = (IssueClassMember.class_id == class_id, col(IssueClassMember.standing).in_(standings))
        total = session.exec(select(func.count()).select_from(IssueClassMember).where(*own)).one()
        statement = (
            select(  # type: ignore[call-overload]  # more columns than the overloads have
                Issue.id, Issue.number, Issue.enterprise_id, Enterprise.name, Issue.text, Issue.state,
                Issue.created_at, IssueClassMember.share, IssueClassMember.placed_at,
                func.coalesce(Account.name, ""), telling.told(),
            )
            .join(Issue, col(Issue.id) == IssueClassMember.issue_id)
            .join(Enterprise, col(Enterprise.id) == Issue.enterprise_id)
            .outerjoin(Account, col(Account.id) == IssueClassMember.placed_by_id)
            .where(*own, access.condition(actor, Action.ISSUE_VIEW, Issue))
            .order_by(col(Issue.created_at).desc(), col(Issue.id).desc())
            .limit(SHOWN)
        )  # fmt: skip
        return Members([Member(*row) for row in session.exec(statement)], total)


def add(actor: Actor, class_id: int, issue_ids: Sequence[int]) -> None:
    """Put issues into a class, which is then offered what the past year has like them.

    Raises:
        ConflictError: the class is not open, or an issue is of another category or belongs to another class.
        NotFoundError: there is no such class, or the actor may not see an issue.
    """
    with use_case(actor, Action.CLASS_EDIT) as session:
        row = in_state(session, actor, class_id, *_OPEN)
        for issue_id in sorted(issue_ids):  # everybody in one order, so that two never wait for each other
            issue = access.load(session, actor, Action.ISSUE_VIEW, Issue, issue_id)
            if issue.category != row.category:
                message = N_("A class holds issues of one category; {number} has another.")
                raise ConflictError(message, number=issue.number)
            place(session, actor, row, issue_id)
        kind.look_back(session, row)


def leave_out(actor: Actor, class_id: int, issue_ids: Sequence[int]) -> None:
    """Say that issues are not of a class's kind; they are not offered to it again.

    Raises:
        ConflictError: the class is closed.
        NotFoundError: there is no such class.
    """
    with use_case(actor, Action.CLASS_EDIT) as session:
        in_state(session, actor, class_id, *_OPEN)
        rows = session.exec(
            select(IssueClassMember).where(
                IssueClassMember.class_id == class_id, col(IssueClassMember.issue_id).in_(list(issue_ids))
            )
        )
        for row in rows:
            row.standing, row.placed_at, row.placed_by_id = Standing.LEFT_OUT, clock.now(), actor.account_id


@dataclass(frozen=True)
class Belonging:
    """To which class an issue belongs, and to which it could.

    Args:
        class_id: the class; `None`: to none.
        title: that class's title.
        measure: the measure against it.
        state: where that class stands.
        offered: classes of its category it can be put into, id → title.
    """

    class_id: int | None
    title: str
    measure: str
    state: ClassState | None
    offered: dict[int, str]


def belonging(actor: Actor, issue_id: int) -> Belonging:
    """Return to which class an issue belongs; where it could be put only for whoever may put it there.

    Raises:
        NotFoundError: there is no such issue or the actor may not see it.
    """
    with use_case(actor, Action.CLASS_VIEW) as session:
        issue = access.load(session, actor, Action.ISSUE_VIEW, Issue, issue_id)
        row = of_issue(session, issue_id)
        if row is not None:
            return Belonging(row.pk, row.title, row.measure, row.state, {})
        return Belonging(None, "", "", None, _open_classes(session, actor, issue.category))


def _open_classes(session: Session, actor: Actor, category: str) -> dict[int, str]:
    if not allows(actor, Action.CLASS_EDIT):
        return {}
    statement = select(IssueClass.id, IssueClass.title).where(
        IssueClass.category == category, col(IssueClass.state).in_(_OPEN)
    )
    rows = session.exec(statement.order_by(col(IssueClass.id).desc()))
    return {row_id or 0: title for row_id, title in rows}
