"""Figures of visits: how many met somebody, and which lack a record or a result."""

from collections import Counter
from typing import Any

from sqlalchemy import func
from sqlmodel import col

from models.campaign import VisitMode
from models.visit import RECORD_STATES, Outcome, Visit
from services.actor import Actor
from services.entities import Query
from services.entities.fields import fields
from services.entities.queries import matching
from services.permissions import Action
from services.tallies import reading
from services.two_way.figures import Figure, Gap, Key, Rows
from services.two_way.lacking import VisitLacks, visit
from services.two_way.place import Place
from services.use_case import use_case
from services.visits.entity import VISITS

_MODES = {Key.ON_SITE: VisitMode.ON_SITE, Key.PHONE: VisitMode.PHONE, Key.WECHAT: VisitMode.WECHAT}
_MEETING = {"outcome": [Outcome.MET.value], "state": [each.value for each in RECORD_STATES]}
_LACKS = {Gap.UNRECORDED: VisitLacks.RECORD, Gap.RESULTLESS: VisitLacks.RESULT}


def figures(actor: Actor, place: Place) -> dict[Key, Figure]:
    """Return the visits recorded in the months asked for that met somebody, by mode."""
    met = _met(actor, place)
    base = _asked(place) | _MEETING
    if place.days != (None, None):
        base["recorded_at"] = place.days
    found = {
        key: Figure(met.get(mode, 0), Rows.VISITS, base | {"mode": [mode.value]}) for key, mode in _MODES.items()
    }  # fmt: skip
    return found | {Key.MET: Figure(sum(met.values()), Rows.VISITS, base)}


def gaps(actor: Actor, place: Place) -> dict[Gap, Figure]:
    """Return how many visits lack something today, whenever they were."""
    base = _asked(place)
    with use_case(actor, Action.PROGRESS_VIEW) as session:
        counted = [func.count().filter(visit([each])) for each in _LACKS.values()]
        some = Query(filters=base, where=(visit(list(_LACKS.values())),))
        found = matching(actor, VISITS, some, fields(session, VISITS))
        row = session.execute(found.with_only_columns(*counted)).one()
    return {
        gap: Figure(count, Rows.VISITS, base | {"lacking": [lacks.value]})
        for (gap, lacks), count in zip(_LACKS.items(), row, strict=True)
    }


def _met(actor: Actor, place: Place) -> dict[VisitMode, int]:
    """Return mode → visits from the tables of figures; an enterprise's few visits are counted themselves."""
    if place.whose.enterprise_id is not None:
        return _of_enterprise(actor, place)
    found: Counter[VisitMode] = Counter()
    for month in reading.visits(actor, place.months, team_id=place.whose.team_id).values():
        found.update(month.met)
    return found


def _of_enterprise(actor: Actor, place: Place) -> dict[VisitMode, int]:
    asked = Query(filters=_asked(place) | _MEETING | {"recorded_at": place.days})
    with use_case(actor, Action.PROGRESS_VIEW) as session:
        found = matching(actor, VISITS, asked, fields(session, VISITS))
        by = found.with_only_columns(col(Visit.mode), func.count()).group_by(col(Visit.mode))
        return dict(session.execute(by).all())


def _asked(place: Place) -> dict[str, Any]:
    """Return what the list of visits is narrowed to: a team's are its own, wherever they were."""
    whose = place.whose
    found = {"area_id": list(place.own), "team_id": [whose.team_id], "enterprise_id": [whose.enterprise_id]}
    return {key: value for key, value in found.items() if value not in ([], [None])}
