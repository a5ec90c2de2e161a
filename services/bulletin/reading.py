"""Bulletins as people read them: the list, one bulletin, and the frozen rows a figure opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from core import months
from core.errors import NotFoundError
from models.account import Account
from models.bulletin import (
    Bulletin,
    BulletinFigures,
    BulletinIssue,
    BulletinItem,
    BulletinState,
    ItemKind,
)
from models.commitment import Commitment
from models.issue import Issue, IssueState
from models.visit import Promise, Visit
from services import access
from services.actor import Actor
from services.bulletin.catalogue import FIGURES, FLAG, Cohort, Figure, flag_figure
from services.bulletin.counting import NOBODY
from services.bulletin.printed import FlagKind, Part, Printed
from services.permissions import Action, allows
from services.use_case import use_case

_LIVE: dict[ItemKind, tuple[type[Any], Action]] = {
    ItemKind.VISIT: (Visit, Action.VISIT_VIEW),
    ItemKind.PROMISE: (Promise, Action.VISIT_VIEW),
    ItemKind.COMMITMENT: (Commitment, Action.COMMITMENT_VIEW),
}

_STATES = frozenset(each.value for each in IssueState)


@dataclass(frozen=True)
class Shown:
    """A bulletin with what it printed."""

    bulletin: Bulletin
    printed: Printed
    issued_by: str


@dataclass(frozen=True)
class Opened:
    """Which rows are asked for: those of a figure, narrowed to one kind, state, category, department or team.

    Args:
        figure: key of a figure, or the mark of a flag.
        kind, state, category: stored values; empty: any.
        department_id: lead department; `NOBODY`: none; `None`: any.
        team_id: team; `None`: any.
    """

    figure: str
    kind: str = ""
    state: str = ""
    category: str | None = None
    department_id: int | None = None
    team_id: int | None = None


@dataclass(frozen=True)
class FrozenIssue:
    """An issue as it stood, for somebody.

    Args:
        row: the frozen row; enterprise and texts are empty where the reader may not see the issue.
        open_id: the issue as it is now, for whoever may see it.
        state_now: where it stands now, for whoever may see it.
    """

    row: BulletinIssue
    open_id: int | None
    state_now: IssueState | None


@dataclass(frozen=True)
class FrozenItem:
    """A visit, promise or commitment as it stood; enterprise, text and person are empty for whoever may not see it."""

    row: BulletinItem
    open_id: int | None


@dataclass(frozen=True)
class Rows:
    """A page of the rows of a figure: how many there are in all, and these."""

    total: int
    issues: Sequence[FrozenIssue] = ()
    items: Sequence[FrozenItem] = ()


def opened_by(printed: Printed, held: Part) -> Opened:
    """Return what opens the rows of a part of what is overdue."""
    if held.key in _STATES:
        return Opened("overdue", state=held.key)
    figure = "overdue_with" if "overdue_with" in printed.counts else "overdue"
    return Opened(figure, department_id=int(held.key or NOBODY))


def bulletins(actor: Actor) -> list[Shown]:
    """Return the bulletins the actor may read, the latest month first.

    Raises:
        NotAllowedError: the role reads no bulletins.
    """
    with use_case(actor, Action.BULLETIN_VIEW) as session:
        return _shown(session, *_readable(actor))


def get(actor: Actor, bulletin_id: int) -> Shown:
    """Return one bulletin.

    Raises:
        NotFoundError: there is none such, or it is not issued and the actor does not build bulletins.
    """
    with use_case(actor, Action.BULLETIN_VIEW) as session:
        return load(session, actor, bulletin_id)


def of_month(actor: Actor, number: int) -> Shown:
    """Return the bulletin of a month named by a number such as 202312; of several the one that is not withdrawn.

    Raises:
        NotFoundError: there is none the actor may read.
    """
    with use_case(actor, Action.BULLETIN_VIEW) as session:
        if not 1 <= number % 100 <= 12:
            raise NotFoundError
        found = _shown(session, *_readable(actor), col(Bulletin.month) == months.of_number(number))
        if not found:
            raise NotFoundError
        return next((each for each in found if each.bulletin.state is not BulletinState.WITHDRAWN), found[0])


def load(session: Session, actor: Actor, bulletin_id: int) -> Shown:
    """Return one bulletin, as part of another's use case; see `get`."""
    found = _shown(session, *_readable(actor), col(Bulletin.id) == bulletin_id)
    if not found:
        raise NotFoundError
    return found[0]


def rows(actor: Actor, bulletin_id: int, opened: Opened, *, page: int = 1, page_size: int = 20) -> Rows:
    """Return the frozen rows a figure counts, by number or day; all are counted, whoever asks.

    Of what the actor may not see there remain number, area, team, department and state.

    Args:
        actor: who asks.
        bulletin_id: the bulletin.
        opened: which figure.
        page: counted from 1.
        page_size: rows of a page.

    Raises:
        NotFoundError: there is no such bulletin or figure.
    """
    with use_case(actor, Action.BULLETIN_VIEW) as session:
        shown = load(session, actor, bulletin_id)
        figure = figure_of(shown.printed, opened.figure)
        where = [*figure.conditions(shown.bulletin, shown.printed.rules.window_months), *_narrowed(figure, opened)]
        total = session.scalar(select(func.count()).select_from(figure.table).where(*where)) or 0
        found = select(figure.table).where(*where).order_by(*_order(figure))
        page_rows: Sequence[Any] = session.scalars(found.offset((page - 1) * page_size).limit(page_size)).all()
        if figure.items is None:
            return Rows(total, issues=issues_for(session, actor, page_rows))
        return Rows(total, items=items_for(session, actor, page_rows))


def figure_of(printed: Printed, key: str) -> Figure:
    """Return the figure of a key, or that of a flag by its mark.

    Raises:
        NotFoundError: the bulletin has none such.
    """
    if key in FIGURES:
        return FIGURES[key]
    of_class = next((each for each in printed.classes if each.mark == key), None)
    if of_class is not None:
        return Figure(of_class.mark, of_class.title, of_class.mark, Cohort.MONTH)
    flag = next((each for each in printed.flags if key.startswith(FLAG) and each.mark == key), None)
    if flag is None:
        raise NotFoundError
    return flag_figure(flag.mark, flag.kind.label, ItemKind.VISIT if flag.kind is FlagKind.BURST else None)


def issues_for(session: Session, actor: Actor, found: Sequence[BulletinIssue]) -> list[FrozenIssue]:
    """Return frozen issues as an actor may read them."""
    now = _states(session, actor, [row.issue_id for row in found])
    return [
        FrozenIssue(row, row.issue_id, now[row.issue_id])
        if row.issue_id in now
        else FrozenIssue(_bare(row), None, None)
        for row in found
    ]


def items_for(session: Session, actor: Actor, found: Sequence[BulletinItem]) -> list[FrozenItem]:
    """Return frozen visits, promises or commitments as an actor may read them."""
    seen = {kind: _seen(session, actor, kind, found) for kind in {row.kind for row in found}}
    return [
        FrozenItem(row, row.subject_id) if row.subject_id in seen[row.kind] else FrozenItem(_bare_item(row), None)
        for row in found
    ]


def _readable(actor: Actor) -> list[ColumnElement[bool]]:
    return [] if allows(actor, Action.BULLETIN_EDIT) else [col(Bulletin.state) == BulletinState.ISSUED]


def _shown(session: Session, *where: ColumnElement[bool]) -> list[Shown]:
    found = (
        select(Bulletin, BulletinFigures, func.coalesce(Account.name, ""))
        .join(BulletinFigures, col(BulletinFigures.bulletin_id) == Bulletin.id)
        .outerjoin(Account, col(Account.id) == Bulletin.issued_by_id)
        .where(*where)
        .order_by(col(Bulletin.month).desc(), col(Bulletin.id).desc())
    )
    return [
        Shown(bulletin, Printed.model_validate(figures.printed), name)
        for bulletin, figures, name in session.execute(found)
    ]


def _narrowed(figure: Figure, opened: Opened) -> list[ColumnElement[bool]]:
    table = figure.table
    found = []
    if opened.department_id is not None:
        department = col(table.department_id)
        found.append(department.is_(None) if opened.department_id == NOBODY else department == opened.department_id)
    if opened.team_id is not None:
        found.append(col(table.team_id) == opened.team_id)
    if table is BulletinIssue:
        texts = {"kind": opened.kind or None, "state": opened.state or None, "category": opened.category}
        found += [col(getattr(BulletinIssue, name)) == value for name, value in texts.items() if value is not None]
    return found


def _order(figure: Figure) -> list[Any]:
    if figure.items is None:
        return [col(BulletinIssue.number)]
    return [col(BulletinItem.due_on), col(BulletinItem.id)]


def _states(session: Session, actor: Actor, ids: Sequence[int]) -> dict[int, IssueState]:
    seen = select(col(Issue.id), col(Issue.state)).where(
        col(Issue.id).in_(ids), access.condition(actor, Action.ISSUE_VIEW, Issue)
    )
    return {row[0]: row[1] for row in session.execute(seen)}


def _seen(session: Session, actor: Actor, kind: ItemKind, found: Sequence[BulletinItem]) -> set[int]:
    model, action = _LIVE[kind]
    ids = [row.subject_id for row in found if row.kind is kind]
    return set(session.scalars(select(model.id).where(model.id.in_(ids), access.condition(actor, action, model))))


def _bare(row: BulletinIssue) -> BulletinIssue:
    hidden = ("enterprise", "text", "solution", "answer", "solution_hash", "answer_hash")
    return BulletinIssue(**row.model_dump() | dict.fromkeys(hidden, ""))


def _bare_item(row: BulletinItem) -> BulletinItem:
    hidden = {"enterprise": "", "person": "", "longitude": None, "latitude": None}
    text = row.text if row.kind is ItemKind.VISIT else ""
    return BulletinItem(**row.model_dump() | hidden | {"text": text})
