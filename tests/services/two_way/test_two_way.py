"""Both directions: each figure is the count of the rows it opens, for the zone, a team and an enterprise."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, col, select

from core.db import engine
from core.errors import NotAllowedError, NotFoundError
from models.area import Area
from models.enterprise import Enterprise
from models.issue import Issue
from models.team import Team
from services import commitments, entities
from services.actor import Actor
from services.commitments import listing as commitment_list
from services.entities import Query
from services.issues import ledger
from services.issues.ledger_filters import QuickView
from services.notices import received
from services.two_way import picture, place, unshared
from services.two_way.figures import Figure, Key, Rows
from services.two_way.place import Whose
from services.visits import listing, promises
from services.visits.entity import VISITS
from tests.people import acting

NOVEMBER = date(2023, 11, 1)


def _opened(actor: Actor, figure: Figure) -> int:
    """Return how many rows the list of a figure shows when it is opened by it."""
    return _LISTS[figure.rows](actor, dict(figure.asked))


def _needs(actor: Actor, asked: dict[str, Any]) -> int:
    return ledger.count(actor, ledger.Query(filters=asked, view=QuickView.ALL)).number


def _visits(actor: Actor, asked: dict[str, Any]) -> int:
    return entities.find(actor, VISITS, listing.narrow(Query(filters=asked))).total


def _commitments(actor: Actor, asked: dict[str, Any]) -> int:
    narrow = commitment_list.narrowing(actor, commitments.Shown.of(asked.pop("show")))
    return entities.find(actor, commitments.COMMITMENTS, narrow(Query(filters=asked))).total


def _promises(actor: Actor, asked: dict[str, Any]) -> int:
    wanted = promises.Wanted(
        promises.Shown.of(asked["show"]), asked.get("area_id", ()), *_ids(asked), asked.get("made", (None, None))
    )
    return len(promises.promises(actor, wanted))


def _notices(actor: Actor, asked: dict[str, Any]) -> int:
    _team, enterprise = _ids(asked)
    wanted = received.Wanted(
        received.Shown.of(asked["show"]), asked.get("area_id", ()), enterprise, asked.get("received", (None, None))
    )
    return len(received.received(actor, wanted, page_size=100_000))


def _untold(actor: Actor, asked: dict[str, Any]) -> int:
    return len(unshared.lines(actor, asked.get("area_id", ()), _ids(asked)[1]))


def _ids(asked: dict[str, Any]) -> tuple[int | None, int | None]:
    team, enterprise = (asked.get(name, [None])[0] for name in ("team_id", "enterprise_id"))
    return team, enterprise


_LISTS = {
    Rows.NEEDS: _needs,
    Rows.VISITS: _visits,
    Rows.COMMITMENTS: _commitments,
    Rows.PROMISES: _promises,
    Rows.NOTICES: _notices,
    Rows.UNTOLD: _untold,
}


def _first(model: type[Any], *where: Any) -> int:
    with Session(engine()) as session:
        found: int = session.exec(select(model.id).where(*where).order_by(model.id)).first()
        return found


def _busiest() -> int:
    """Return the enterprise with most needs."""
    with Session(engine()) as session:
        rows = session.exec(select(Issue.enterprise_id)).all()
    return max(set(rows), key=rows.count)


@pytest.mark.usefixtures("demo_database")
@pytest.mark.parametrize("name", ["manager", "lead"])
@pytest.mark.parametrize("of", ["all", "team", "enterprise"])
@pytest.mark.parametrize("months", [(None, None), (NOVEMBER, NOVEMBER)])
def test_each_figure_and_gap_of_the_demonstration_opens_as_many_rows(
    name: str, of: str, months: tuple[date | None, date | None]
) -> None:
    actor = acting(name)
    team = next(iter(actor.team_ids), None) or _first(Team)
    with Session(engine()) as session:
        area = session.get_one(Team, team).area_id
        inside = session.exec(select(Enterprise.id).where(col(Enterprise.area_id) == area)).first()
    enterprise = inside if name == "lead" else _busiest()
    whose = Whose(team if of == "team" else None, enterprise if of == "enterprise" else None, *months)

    found = picture.picture(actor, whose)

    assert set(found.figures) == set(Key)
    assert {key: each.count for key, each in found.figures.items()} == {
        key: _opened(actor, each) for key, each in found.figures.items()
    }
    assert {gap: each.count for gap, each in found.gaps.items()} == {
        gap: _opened(actor, each) for gap, each in found.gaps.items()
    }


@pytest.mark.usefixtures("demo_database")
def test_what_is_not_the_actors_is_told_as_not_existing() -> None:
    lead = acting("lead")
    with Session(engine()) as session:
        elsewhere = session.exec(
            select(Team.id)
            .join(Area, col(Area.id) == Team.area_id)
            .where(~col(Area.path).startswith(lead.area_paths[0]))
        ).first()

    with pytest.raises(NotFoundError):
        place.find(lead, Whose(team_id=elsewhere))
    with pytest.raises(NotFoundError):
        place.find(lead, Whose(enterprise_id=10**8))
    with pytest.raises(NotAllowedError):
        picture.picture(acting("worker"), Whose())
    assert elsewhere not in place.choices(lead).teams
    assert elsewhere in place.choices(acting("manager")).teams
