"""Freezing: the rows of a month's figures copied as they stood, each marked with the figures it counts in."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    String,
    and_,
    case,
    cast,
    func,
    insert,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import array
from sqlmodel import Session, col

from core import clock, months
from models.account import Account, Department
from models.base import metadata
from models.bulletin import Bulletin, BulletinIssue, BulletinItem, ItemKind
from models.commitment import Commitment
from models.enterprise import Enterprise
from models.issue import ENDED_STATES, WITH_DEPARTMENT, Card, Issue, IssueState
from models.issue_log import IssueEvent
from models.lifecycle import Verb
from models.visit import RECORD_STATES, Outcome, Promise, Visit, VisitState
from services.bulletin import catalogue
from services.bulletin.asof import Past, rows_then
from services.bulletin.places import places
from services.tallies.counting import month_of
from services.tallies.measures import CONDITIONS

_EXCERPT = 200
_BETWEEN_WORDS = " \t\r\n\u3000,.;:!?'\"()/-，。；：！？、（）“”‘’《》…—·"
"""What texts may differ in and still be the same; listed, since classes of a regular expression follow the locale."""
_EVENT, _ITEM = metadata.tables["issue_event"], metadata.tables["bulletin_item"]


def freeze(session: Session, bulletin: Bulletin, window_months: int) -> None:
    """Copy the rows of a bulletin's figures; each statement copies all rows of a kind.

    Args:
        session: the transaction; the bulletin has its id and no rows yet.
        bulletin: whose rows they are; its `until` is the moment they stand at.
        window_months: how many months are ranked.
    """
    first = months.before(bulletin.month, window_months - 1)
    where = places(bulletin.until)
    _copy(session, BulletinIssue, _issues(bulletin, min(first, months.before(bulletin.month)), where))
    for statement in (_visits(bulletin, first, where), _promises(bulletin, where), _commitments(bulletin, where)):
        _copy(session, BulletinItem, statement)


def _copy(session: Session, table: type[Any], columns: tuple[dict[str, Any], Any]) -> None:
    values, source = columns
    found = select(*(value.label(name) for name, value in values.items())).select_from(source[0]).where(*source[1:])
    session.execute(insert(table).from_select(list(values), found))


def _issues(bulletin: Bulletin, first: date, where: Any) -> tuple[dict[str, Any], Any]:
    since = months.begin(first)
    past = Past(since, bulletin.until)
    row = past.row.c
    lived = or_(
        row.created_at >= since, row.state.not_in(ENDED_STATES), row.closed_at >= months.begin(bulletin.month)
    )  # fmt: skip
    source = (
        # The enterprise of today: the one it had then may have been merged into it since and be no more.
        past.source.join(Enterprise, col(Enterprise.id) == Issue.enterprise_id)
        .join(where, where.c.area_id == row.area_id)
        .outerjoin(Department, col(Department.id) == row.department_id)
    )
    values = {
        "bulletin_id": literal(bulletin.pk), "issue_id": row.id, "enterprise_id": col(Issue.enterprise_id),
        "month": month_of(row.created_at),
        **{name: row[name] for name in _KEPT},
        **{name: func.left(row[name], _EXCERPT) for name in ("text", "solution", "answer")},
        **{f"{name}_hash": _hash(row[name]) for name in ("solution", "answer")},
        "enterprise": col(Enterprise.name), "area_path": where.c.path, **_of_place(where),
        "department": func.coalesce(Department.name, ""), "registered_at": row.created_at,
        "asked_at": _asked_at(row, bulletin), "late": past.late, "marks": _marks(_issue_marks(bulletin, past)),
    }  # fmt: skip
    return values, (source, past.where, lived)


def _hash(text: Any) -> Any:
    return func.encode(func.sha256(func.convert_to(func.translate(text, _BETWEEN_WORDS, ""), "UTF8")), "hex")


_KEPT = (
    "number", "kind", "category", "state", "area_id", "department_id", "acknowledged_at",
    "resolved_at", "resolved_by_id", "answered_at", "answered_by_id", "closed_at", "due_at", "solved", "satisfied",
    "call_backs", "card",
)  # fmt: skip


def _issue_marks(bulletin: Bulletin, past: Past) -> dict[str, ColumnElement[bool]]:
    row = past.row.c
    is_open = row.state.not_in(ENDED_STATES)
    overdue = and_(is_open, row.due_at < bulletin.until)
    closed = and_(row.state == IssueState.CLOSED, row.closed_at >= months.begin(bulletin.month))
    return {
        **{measure.value: past.of(condition) for measure, condition in CONDITIONS.items()},
        catalogue.OPEN: is_open,
        catalogue.OVERDUE: overdue,
        catalogue.OVERDUE_WITH: and_(overdue, row.state.in_(WITH_DEPARTMENT)),
        catalogue.CARDED: and_(is_open, row.card != Card.NONE),
        catalogue.CLOSED: closed,
        catalogue.RESOLVED: row.resolved_at >= months.begin(bulletin.month),
        catalogue.UNCALLED: and_(closed, row.solved.is_(None)),
    }


def _asked_at(row: Any, bulletin: Bulletin) -> Any:
    """Return when the enterprise gave its latest answer: an answer is told by the event of its call-back."""
    found = (
        select(func.max(IssueEvent.at))
        .where(col(IssueEvent.issue_id) == row.id, col(IssueEvent.at) < bulletin.until)
        .where(col(IssueEvent.verb).in_((Verb.CALL_BACK, Verb.REDO)), _EVENT.c.after.has_key("solved"))
        .scalar_subquery()
    )
    return case((row.solved.is_not(None), found))


def _visits(bulletin: Bulletin, first: date, where: Any) -> tuple[dict[str, Any], Any]:
    begin, day = months.begin(bulletin.month), bulletin.until.astimezone(clock.zone()).date()
    rows, row = rows_then(Visit, bulletin.until)
    recorded = and_(
        row.state.in_(RECORD_STATES), row.outcome.is_not(None), row.recorded_at >= begin,
        row.recorded_at < bulletin.until,
    )  # fmt: skip
    met = and_(recorded, row.outcome == Outcome.MET)
    place = func.row_number().over(
        partition_by=(col(Visit.enterprise_id), met), order_by=(row.recorded_at, col(Visit.id))
    )
    planned = and_(row.planned_on >= first, row.planned_on < day, row.state != VisitState.TAKEN_BACK)
    made_on = cast(func.timezone(clock.zone().key, row.recorded_at), Date)
    marks = {
        catalogue.VISIT: recorded, catalogue.MET: met, catalogue.ENTERPRISE: and_(met, place == 1),
        catalogue.PLANNED: planned, catalogue.AS_PLANNED: and_(planned, made_on <= row.planned_on),
    }  # fmt: skip
    person = func.coalesce(row.recorded_by_id, row.assignee_id)
    source = _with_enterprise(rows, Visit, where, person, area=row.area_id)
    values = _item(
        bulletin, ItemKind.VISIT, Visit, where, person, marks, text=func.coalesce(row.outcome, ""),
        due_on=row.planned_on, done_at=case((row.recorded_at < bulletin.until, row.recorded_at)),
    )  # fmt: skip
    values |= {"mode": func.coalesce(row.mode, ""), "area_id": row.area_id, "team_id": row.team_id}
    return values, (source, or_(recorded, planned))


def _promises(bulletin: Bulletin, where: Any) -> tuple[dict[str, Any], Any]:
    begin, until = months.begin(bulletin.month), bulletin.until
    rows, row = rows_then(Promise, until)
    marks = {
        catalogue.PROMISED: row.created_at >= begin,
        **_followed(bulletin, row.kept_at, row.due_on, catalogue.KEPT, catalogue.PROMISE_OVERDUE),
    }
    source = _with_enterprise(rows, Promise, where, row.promised_by_id)
    values = _item(
        bulletin, ItemKind.PROMISE, Promise, where, row.promised_by_id, marks, text=row.text,
        due_on=row.due_on, done_at=case((row.kept_at < until, row.kept_at)),
    )  # fmt: skip
    return values, (source, row.created_at < until, or_(*marks.values()))


def _commitments(bulletin: Bulletin, where: Any) -> tuple[dict[str, Any], Any]:
    until = bulletin.until
    day = until.astimezone(clock.zone()).date()
    rows, row = rows_then(Commitment, until)
    marks = {
        catalogue.UNDERTAKEN: and_(row.approved_on >= bulletin.month, row.approved_on < day),
        **_followed(bulletin, row.fulfilled_at, row.due_on, catalogue.FULFILLED, catalogue.COMMITMENT_OVERDUE),
    }
    source = _with_enterprise(rows, Commitment, where, row.follower_id)
    values = _item(
        bulletin, ItemKind.COMMITMENT, Commitment, where, row.follower_id, marks, text=row.matter,
        due_on=row.due_on, done_at=case((row.fulfilled_at < until, row.fulfilled_at)),
    )  # fmt: skip
    return values | {"department_id": row.department_id}, (source, or_(*marks.values()))


def _followed(bulletin: Bulletin, done_at: Any, due_on: Any, done: str, overdue: str) -> dict[str, ColumnElement[bool]]:
    """Return the marks of what is to be done by a day: done within the month, or not done though its day is over."""
    day = bulletin.until.astimezone(clock.zone()).date()
    return {
        done: and_(done_at >= months.begin(bulletin.month), done_at < bulletin.until),
        overdue: and_(due_on < day, or_(done_at.is_(None), done_at >= bulletin.until)),
    }


def _with_enterprise(rows: Any, model: Any, where: Any, person: Any, *, area: Any = Enterprise.area_id) -> Any:
    return (
        rows.join(Enterprise, col(Enterprise.id) == model.enterprise_id)
        .join(where, where.c.area_id == area)
        .outerjoin(Account, col(Account.id) == person)
    )


def _item(  # noqa: PLR0917 - the columns all kinds share
    bulletin: Bulletin, kind: ItemKind, model: Any, where: Any, person: Any, marks: Mapping[str, ColumnElement[bool]],
    *, text: Any, due_on: Any, done_at: Any,
) -> dict[str, Any]:  # fmt: skip
    return {
        "bulletin_id": literal(bulletin.pk), "kind": literal(kind, _ITEM.c.kind.type),
        "subject_id": model.id, "enterprise_id": model.enterprise_id, "enterprise": col(Enterprise.name),
        "longitude": col(Enterprise.longitude), "latitude": col(Enterprise.latitude),
        "text": func.left(cast(text, String), _EXCERPT), "mode": literal(""), "area_id": col(Enterprise.area_id),
        **_of_place(where), "department_id": null(), "person_id": person,
        "person": func.coalesce(Account.name, ""), "due_on": due_on, "done_at": done_at, "marks": _marks(marks),
    }  # fmt: skip


def _of_place(where: Any) -> dict[str, Any]:
    return {name: where.c[name] for name in ("street", "village", "team_id", "team")}


def _marks(conditions: Mapping[str, ColumnElement[bool]]) -> Any:
    named: list[Any] = [case((condition, mark)) for mark, condition in conditions.items()]
    given = array(named, type_=String(32))
    return func.array_remove(given, null(), type_=ARRAY(String(32)))
