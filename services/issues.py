"""Registering what an enterprise said as an issue with a number of its own."""

from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from core import clock
from models.issue import Issue, IssueKind, IssueState, NumberSeries
from models.visit import Visit
from services.actor import Actor

_PREFIX = "QY"


def register(
    session: Session,
    actor: Actor,
    visit: Visit,
    *,
    kind: IssueKind,
    text: str,
    category: str = "",
    solution: str = "",
    extra: dict[str, Any] | None = None,
) -> Issue:
    """Register what was said during a visit; part of the caller's use case.

    Args:
        session: the use case's session.
        actor: who heard it.
        visit: the visit; the issue belongs to its enterprise and area.
        kind: suggestion, difficult issue or enquiry.
        text: what was said.
        category: an item of the choice list `issue_category`.
        solution: how it was resolved on site; empty if it was not.
        extra: checked values of the administrator's own fields.
    """
    issue = Issue(
        number=next_number(session),
        kind=kind,
        state=IssueState.RESOLVED_ON_SITE if solution else IssueState.REGISTERED,
        text=text,
        category=category,
        solution=solution,
        enterprise_id=visit.enterprise_id,
        visit_id=visit.pk,
        area_id=visit.area_id,
        registered_by_id=actor.pk,
        first_receiver_id=actor.pk,
        extra=extra or {},
    )
    session.add(issue)
    session.flush()
    return issue


def next_number(session: Session) -> str:
    """Return the next number of this year's series, such as QY-2023-000042.

    The row stays locked until the transaction ends, so that numbers have neither gaps nor doubles; call it late.
    """
    series = f"{_PREFIX}-{clock.today().year}"
    statement = (
        insert(NumberSeries)
        .values(name=series, last=1)
        .on_conflict_do_update(index_elements=[col(NumberSeries.name)], set_={"last": col(NumberSeries.last) + 1})
        .returning(col(NumberSeries.last))
    )
    return f"{series}-{session.execute(statement).scalar_one():06d}"
