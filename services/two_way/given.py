"""Figures of what was promised, undertaken and told: promises, commitments and notices."""

from typing import Any

from services import commitments
from services.actor import Actor
from services.commitments import listing as undertaken
from services.notices import received
from services.two_way.figures import Figure, Gap, Key, Rows
from services.two_way.place import Place
from services.visits import promises

_PROMISES = {
    Key.PROMISED: promises.Shown.ALL,
    Key.KEPT: promises.Shown.KEPT,
    Key.UNKEPT: promises.Shown.OPEN,
    Key.BROKEN: promises.Shown.OVERDUE,
}
_COMMITMENTS = {
    Key.COMMITTED: commitments.Shown.ALL,
    Key.MADE_GOOD: commitments.Shown.MADE_GOOD,
    Key.OWED: commitments.Shown.OPEN,
    Key.OWED_LATE: commitments.Shown.OVERDUE,
}
_NOTICES = {Key.TOLD: received.Shown.ALL, Key.READ: received.Shown.READ, Key.UNREAD: received.Shown.UNREAD}


def promised(actor: Actor, place: Place) -> dict[Key, Figure]:
    """Return what became of the promises made in the months asked for."""
    wanted = promises.Wanted(
        areas=place.own, team_id=place.whose.team_id, enterprise_id=place.whose.enterprise_id, made=place.days
    )
    counts = promises.counts(actor, wanted)
    base = _of_visits(place) | _dated("made", place)
    return {key: Figure(counts[each], Rows.PROMISES, base | {"show": each.value}) for key, each in _PROMISES.items()}


def broken(actor: Actor, place: Place) -> dict[Gap, Figure]:
    """Return how many promises are past their date today, whenever they were made."""
    overdue, whose = promises.Shown.OVERDUE, place.whose
    wanted = promises.Wanted(overdue, place.own, whose.team_id, whose.enterprise_id)
    return {
        Gap.BROKEN: Figure(promises.count(actor, wanted), Rows.PROMISES, _of_visits(place) | {"show": overdue.value})
    }


def undertakings(actor: Actor, place: Place) -> dict[Key, Figure]:
    """Return what became of the commitments enterprises gave in the months asked for."""
    base = _of_enterprises(place) | ({"approved_on": place.days} if place.days != (None, None) else {})
    counts = undertaken.counts(actor, base)
    return {
        key: Figure(counts[each], Rows.COMMITMENTS, base | {"show": each.value}) for key, each in _COMMITMENTS.items()
    }


def notices(actor: Actor, place: Place) -> dict[Key, Figure]:
    """Return the notices enterprises received in the months asked for."""
    wanted = received.Wanted(areas=place.areas, enterprise_id=place.whose.enterprise_id, received=place.days)
    counts = received.counts(actor, wanted)
    base = _of_enterprises(place) | _dated("received", place)
    return {key: Figure(counts[each], Rows.NOTICES, base | {"show": each.value}) for key, each in _NOTICES.items()}


def _of_visits(place: Place) -> dict[str, Any]:
    whose = place.whose
    found = {"area_id": list(place.own), "team_id": [whose.team_id], "enterprise_id": [whose.enterprise_id]}
    return {key: value for key, value in found.items() if value not in ([], [None])}


def _of_enterprises(place: Place) -> dict[str, Any]:
    found = {"area_id": place.areas, "enterprise_id": [place.whose.enterprise_id]}
    return {key: value for key, value in found.items() if value not in ([], [None])}


def _dated(name: str, place: Place) -> dict[str, Any]:
    return {name: place.days} if place.days != (None, None) else {}
