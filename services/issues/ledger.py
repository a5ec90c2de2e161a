"""The ledger: searched, filtered, ordered and read page by page; each page costs the same wherever it lies.

There is no OFFSET: a page begins at a cursor (`ledger_order`), and a count stops at `CAP`.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text as sql
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from models.fields import FieldSpec
from models.issue import Issue
from models.issue_log import TASKS_IN_SIGHT, IssueTask
from models.visit import Visit
from services import access
from services.actor import Actor
from services.entities.queries import values_of
from services.entities.references import labels_of, names
from services.issues import ledger_fields, ledger_filters
from services.issues.ledger_fields import ASKED_ONLY, ASSISTING, CAMPAIGN, REMAINING, SUPERVISED
from services.issues.ledger_order import Order, beyond, cursor_at, ordered, read_cursor
from services.issues.remaining import moments, remaining
from services.permissions import Action
from services.phones import readable
from services.use_case import use_case

CAP = 10_000
"""A count goes no further: "10,000+" says enough, and a million rows are not read to say more."""
SIZES = (20, 50, 100)
_COMPUTED = frozenset({REMAINING, ASSISTING, CAMPAIGN, SUPERVISED, *ASKED_ONLY})


@dataclass(frozen=True)
class Query:
    """What the ledger is asked for.

    Args:
        search: any part of an issue's number, text or solution, or of its enterprise's name.
        filters: field key of `ledger_fields` → a list of values (any of them), or a pair (from, to) of days.
        view: a quick view that narrows it further.
        order: in which order.
    """

    search: str = ""
    filters: dict[str, Any] = field(default_factory=dict)
    view: "ledger_filters.QuickView" = ledger_filters.QuickView.ALL
    order: Order = Order.DUE


@dataclass(frozen=True)
class Count:
    """How many rows there are.

    Args:
        number: so many, or `CAP`.
        more: whether there are more than `CAP`.
    """

    number: int
    more: bool = False


@dataclass(frozen=True)
class Page:
    """A page of the ledger.

    Args:
        rows: field key → value of each issue, with `id`, `version` and `due_provisional`; a reference's value is its
            id.
        labels: reference field key → id → name.
        specs: the fields of the ledger.
        after: the cursor of the next page; empty on the last.
        before: the cursor of the previous page; empty on the first.
        count: how many issues there are in all; `None` if it was not asked.
        passed: how many stand before the first row, up to `CAP`; `None` if it was not asked.
    """

    rows: list[dict[str, Any]]
    labels: dict[str, dict[int, str]]
    specs: list[FieldSpec]
    after: str
    before: str
    count: Count | None
    passed: Count | None = None


def find(
    actor: Actor,
    query: Query,
    *,
    cursor: str = "",
    size: int = 50,
    counted: bool = True,
    placed: bool = False,
    named: Collection[str] | None = None,
) -> Page:
    """Return one page of the issues `actor` may see.

    Args:
        actor: who asks.
        query: what for.
        cursor: where the page begins, as another page told it; empty or unreadable means the first, and so does one
            with nothing left behind it, as when all rows of the last page were worked off.
        size: how many rows it has at most.
        counted: whether to count the rest too; while somebody only turns pages the count stands, until they are back
            on the first.
        placed: whether to count what stands before the page, so that it can say which rows it shows.
        named: keys of the reference fields whose names are wanted, for each costs a query; `None` means all.

    Raises:
        NotAllowedError: the role may not see issues.
    """
    with use_case(actor, Action.ISSUE_VIEW) as session:
        specs = ledger_fields.fields(session)
        matching = _matching(session, actor, query, Action.ISSUE_VIEW, specs)
        issues, after, before = _read(session, matching, query.order, cursor, size)
        rows = _rows(session, actor, issues, specs)
        total = _counted(session, matching) if counted or (cursor and not before) else None
        passed = _passed(session, matching, query.order, before) if placed else None
        wanted = specs if named is None else [spec for spec in specs if spec.key in named]
        return Page(rows, _labels(session, wanted, rows), specs, after, before, total, passed)


def count(actor: Actor, query: Query) -> Count:
    """Return how many issues a query leaves, up to `CAP`.

    Raises:
        NotAllowedError: the role may not see issues.
    """
    with use_case(actor, Action.ISSUE_VIEW) as session:
        specs = ledger_fields.fields(session)
        return _counted(session, _matching(session, actor, query, Action.ISSUE_VIEW, specs))


def statement(
    session: Session, actor: Actor, query: Query, action: Action = Action.ISSUE_VIEW
) -> SelectOfScalar[Issue]:
    """Return the statement of all issues a query leaves, in its order; part of a use case of `action`.

    What is handed out must be both seen and allowed to be handed out, so an export names its own action.
    """
    return ordered(_matching(session, actor, query, action, ledger_fields.fields(session)), query.order)


def _matching(
    session: Session, actor: Actor, query: Query, action: Action, specs: list[FieldSpec]
) -> SelectOfScalar[Issue]:
    # What common characters find must fit: a bitmap that does not is made coarse, and pieces of text are cut up anew.
    session.execute(sql("SET LOCAL work_mem = '64MB'"))
    found = access.visible(actor, action, Issue)
    conditions = ledger_filters.conditions(session, actor, query.search, query.filters, query.view, known=specs)
    return found.where(*conditions)


def _read(
    session: Session, matching: SelectOfScalar[Issue], order: Order, given: str, size: int
) -> tuple[list[Issue], str, str]:
    """Return the rows of a page and the cursors after and before it; one row more tells whether it goes on."""
    cursor = read_cursor(given, order) if given else None
    backwards = cursor is not None and cursor.backwards
    asked = matching if cursor is None else matching.where(beyond(cursor, order))
    found = list(session.exec(ordered(asked, order, backwards=backwards).limit(size + 1)))
    goes_on, rows = len(found) > size, found[:size]
    if backwards:
        rows.reverse()
        if not goes_on:  # the first page: whole again, whatever has come in before it since
            return _read(session, matching, order, "", size)
    if not rows:
        return ([], "", "") if cursor is None else _read(session, matching, order, "", size)
    has_after, has_before = (True, goes_on) if backwards else (goes_on, cursor is not None)
    after = cursor_at(rows[-1], order, backwards=False) if has_after else ""
    return rows, after, cursor_at(rows[0], order, backwards=True) if has_before else ""


def _passed(session: Session, matching: SelectOfScalar[Issue], order: Order, before: str) -> Count:
    """Return how many rows stand before a page, given the cursor of what is before it."""
    cursor = read_cursor(before, order) if before else None
    return Count(0) if cursor is None else _counted(session, matching.where(beyond(cursor, order)))


def _counted(session: Session, matching: SelectOfScalar[Issue]) -> Count:
    some = matching.with_only_columns(col(Issue.id)).limit(CAP + 1).subquery()
    found = session.exec(select(func.count()).select_from(some)).one()
    return Count(min(found, CAP), found > CAP)


def _rows(session: Session, actor: Actor, issues: list[Issue], specs: list[FieldSpec]) -> list[dict[str, Any]]:
    stored = [spec for spec in specs if spec.key not in _COMPUTED]
    assisting, campaigns, at = _assisting(session, issues), _campaigns(session, issues), moments(session)
    return [
        {
            **readable(actor, stored, values_of(issue, stored)),
            "version": issue.version,
            "due_provisional": issue.due_provisional,
            REMAINING: remaining(issue, at),
            ASSISTING: assisting.get(issue.pk, []),
            CAMPAIGN: campaigns.get(issue.visit_id or 0),
            SUPERVISED: bool(issue.supervision),
        }
        for issue in issues
    ]


def _labels(session: Session, specs: list[FieldSpec], rows: list[dict[str, Any]]) -> dict[str, dict[int, str]]:
    single = [spec for spec in specs if spec.key != ASSISTING]
    several = {department for row in rows for department in row[ASSISTING]}
    return {**labels_of(session, single, rows), ASSISTING: names(session, "department", several)}


def _assisting(session: Session, issues: list[Issue]) -> dict[int, list[int]]:
    found = (
        select(IssueTask.issue_id, IssueTask.department_id)
        .where(col(IssueTask.issue_id).in_([issue.pk for issue in issues]), col(IssueTask.state).in_(TASKS_IN_SIGHT))
        .distinct()
        .order_by(col(IssueTask.issue_id), col(IssueTask.department_id))
    )
    departments: dict[int, list[int]] = {}
    for issue_id, department_id in session.exec(found).all():
        departments.setdefault(issue_id, []).append(department_id)
    return departments


def _campaigns(session: Session, issues: list[Issue]) -> dict[int, int]:
    visits = {issue.visit_id for issue in issues if issue.visit_id is not None}
    found = select(Visit.id, Visit.campaign_id).where(col(Visit.id).in_(visits))
    return {visit_id: campaign_id for visit_id, campaign_id in session.exec(found).all() if visit_id is not None}
