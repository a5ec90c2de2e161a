"""Figures of needs: what was raised, what came of it, and what of it waits or lacks something."""

from typing import Any

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from models.issue import UNRESOLVED_STATES, Issue, IssueKind, IssueSource
from services import access
from services.actor import Actor
from services.issues import ledger_fields, ledger_filters
from services.issues.ledger_filters import QuickView
from services.issues.remaining import Remaining
from services.permissions import Action
from services.tallies import keeping, reading
from services.tallies.measures import CONDITIONS, Measure
from services.tallies.reading import Counts
from services.two_way.figures import Figure, Gap, Key, Rows
from services.two_way.lacking import NeedLacks, need
from services.two_way.place import Place
from services.use_case import use_case

_MEASURES = {
    Key.RESOLVED: Measure.RESOLVED,
    Key.RESOLVED_ON_SITE: Measure.ON_SITE,
    Key.VERIFIED: Measure.VERIFIED,
    Key.ASKED: Measure.CALLED_BACK,
    Key.RATED: Measure.RATED,
    Key.SATISFIED: Measure.SATISFIED,
}
_KINDS = {
    Key.SUGGESTIONS: IssueKind.SUGGESTION,
    Key.DIFFICULT: IssueKind.DIFFICULT_ISSUE,
    Key.ENQUIRIES: IssueKind.ENQUIRY,
}
_IN_VISITS = {
    Key.RAISED_IN_VISITS: Measure.REGISTERED,
    Key.RESOLVED_IN_VISITS: Measure.RESOLVED,
    Key.VERIFIED_IN_VISITS: Measure.VERIFIED,
}
_LACKS = {Gap.UNTAKEN: NeedLacks.RESPONSE, Gap.UNTOLD: NeedLacks.ANSWER}


def figures(actor: Actor, place: Place) -> dict[Key, Figure]:
    """Return what became of the needs raised in the months asked for."""
    whole, in_visits = _counts(actor, place, in_visits=False), _counts(actor, place, in_visits=True)
    base = _asked(place, dated=True)
    found = {key: _figure(whole[each], base, measure=[each.value]) for key, each in _MEASURES.items()}
    found |= {key: _figure(whole.kinds.get(kind, 0), base, kind=[kind.value]) for key, kind in _KINDS.items()}
    raised = base | {"source": [IssueSource.VISIT.value]}
    found |= {key: _figure(in_visits[each], raised, measure=[each.value]) for key, each in _IN_VISITS.items()}
    waiting = sum(whole.states.get(state, 0) for state in UNRESOLVED_STATES)
    unresolved = base | {"state": [state.value for state in UNRESOLVED_STATES]}
    late = unresolved | {"remaining": [Remaining.OVERDUE.value]}
    return found | {
        Key.RAISED: _figure(whole[Measure.REGISTERED], base),
        Key.WAITING: _figure(waiting, unresolved),
        Key.LATE: _figure(_count(actor, late), late),
        Key.UNSOLVED: _figure(whole[Measure.CALLED_BACK] - whole[Measure.SOLVED], base, solved=[False]),
        Key.UNSATISFIED: _figure(whole[Measure.RATED] - whole[Measure.SATISFIED], base, satisfied=[False]),
    }


def gaps(actor: Actor, place: Place) -> dict[Gap, Figure]:
    """Return how many needs lack something today, whenever they were raised."""
    base = _asked(place, dated=False)
    with use_case(actor, Action.PROGRESS_VIEW) as session:
        where = _where(session, actor, base)
        counted = [func.count().filter(need([each])) for each in _LACKS.values()]
        some = need(list(_LACKS.values()))
        row = session.execute(_own(actor, counted).where(*where, some)).one()
    return {
        gap: _figure(count, base, lacking=[lacks.value])
        for (gap, lacks), count in zip(_LACKS.items(), row, strict=True)
    }


def _counts(actor: Actor, place: Place, *, in_visits: bool) -> Counts:
    """Return the figures from the tables of figures; an enterprise's few needs are counted themselves."""
    if place.whose.enterprise_id is not None:
        return _of_enterprise(actor, place, in_visits=in_visits)
    keeping.catch_up()
    with use_case(actor, Action.PROGRESS_VIEW) as session:
        return reading.grouped(session, place.needs(in_visits=in_visits), None, place.ground).get(None, Counts())


def _of_enterprise(actor: Actor, place: Place, *, in_visits: bool) -> Counts:
    asked = _asked(place, dated=True) | ({"source": [IssueSource.VISIT.value]} if in_visits else {})
    with use_case(actor, Action.PROGRESS_VIEW) as session:
        where = _where(session, actor, asked)
        sums = [func.count().filter(CONDITIONS[each]) for each in Measure]
        by = [col(Issue.state), col(Issue.kind)]
        return reading.counted(session.execute(_own(actor, [*by, *sums]).where(*where).group_by(*by)).all())


def _count(actor: Actor, asked: dict[str, Any]) -> int:
    with use_case(actor, Action.PROGRESS_VIEW) as session:
        where = _where(session, actor, asked)
        count: int = session.execute(_own(actor, [func.count()]).where(*where)).scalar_one()
        return count


def _where(session: Session, actor: Actor, asked: dict[str, Any]) -> list[ColumnElement[bool]]:
    """Return the conditions of the ledger narrowed so."""
    known = ledger_fields.fields(session)
    return ledger_filters.conditions(session, actor, "", asked, QuickView.ALL, known=known)


def _own(actor: Actor, columns: list[Any]) -> Any:
    return select(*columns).select_from(Issue).where(access.condition(actor, Action.ISSUE_VIEW, Issue))


def _asked(place: Place, *, dated: bool) -> dict[str, Any]:
    """Return what the ledger is narrowed to."""
    enterprise = place.whose.enterprise_id
    found: dict[str, Any] = {
        "area_id": place.areas,
        "enterprise_id": [] if enterprise is None else [enterprise],
        "created_at": place.days if dated else (None, None),
    }
    return {key: value for key, value in found.items() if value not in ([], (None, None))}


def _figure(count: int, base: dict[str, Any], **more: Any) -> Figure:
    return Figure(count, Rows.NEEDS, base | more)
