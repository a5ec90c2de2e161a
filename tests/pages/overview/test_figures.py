"""Each figure of the overview is the number of rows it opens."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlmodel import col, select

from core import clock
from core.db import transaction
from models.account import Role
from models.team import Team
from pages.overview.parts import links, now, period, teams
from pages.overview.parts.campaign import pressable
from services import progress_overview
from services.actor import SYSTEM, Actor
from services.campaigns import target_list
from services.campaigns.standing import Standing
from services.campaigns.target_list import Wanted
from services.issues import ledger
from services.issues.ledger_filters import QuickView
from services.progress_overview import Overview, Period, Question, choices, pressing
from services.tallies.measures import PAIRS, Measure
from services.teams import serving
from services.visits import promises
from tests.people import acting, hired

pytestmark = pytest.mark.usefixtures("demo_database")
_NUMBERS = ("area_id", "department_id", "campaign")


def _issues(actor: Actor, query: dict[str, Any]) -> int:
    """Count the rows the ledger shows at an address."""
    given = {key: value if isinstance(value, list) else [value] for key, value in query.items()}
    view = QuickView.of(given.pop("_view")[0]) if "_view" in given else QuickView.OPEN
    filters: dict[str, Any] = {key: [int(each) for each in given.pop(key)] for key in _NUMBERS if key in given}
    if "created_at" in given:
        first, _between, last = given.pop("created_at")[0].partition("..")
        filters["created_at"] = (_day(first), _day(last))
    if "supervised" in given:
        filters["supervised"] = [value == "yes" for value in given.pop("supervised")]
    return ledger.count(actor, ledger.Query(filters={**given, **filters}, view=view)).number


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _targets(actor: Actor, query: dict[str, Any]) -> int:
    """Count the rows a campaign's list of enterprises shows at an address."""
    wanted = Wanted(
        standing=[Standing.of(each) for each in query.get("standing", [])],
        team_id=query.get("team"),
        areas=query.get("area_id", ()),
        assignee_id=query.get("assignee"),
        until=_day(query.get("until", "")),
    )
    return target_list.find(actor, query["campaign"], wanted, page_size=1).total


def _coverage(actor: Actor, shown: Overview) -> list[tuple[int, int]]:
    setting, made = shown.setting, shown.advance
    assert made is not None
    found = [(made.coverage.progress[each], _targets(actor, links.targets(setting, each))) for each in Standing]
    marks, ways = pressable(setting, made)
    today = [mark for mark in marks if mark["day"] == clock.today().isoformat()]
    assert len({mark["way"] for mark in today}) == len(today), "met, and to be met: each its own enterprises"
    return found + [(mark["count"], _targets(actor, ways[mark["way"]][1])) for mark in [*marks[::4], *today]]


def _now(actor: Actor, shown: Overview) -> list[tuple[int, int]]:
    setting = shown.setting
    late = {"remaining": "overdue"}
    found = [(sum(each.count for each in shown.holders), _issues(actor, links.now(actor, setting, **late)))]
    for holder in shown.holders:
        _name, query = now.with_whom(holder)
        found.append((holder.count, _issues(actor, links.now(actor, setting, **late, **query))))
    for age in shown.ages:
        for count, left in ((age.overdue, now._LATE), (age.count - age.overdue, now._NOT_LATE)):
            found.append((count, _issues(actor, now._aged(actor, setting, age, left))))
    for group, query in now._ASKS.items():
        found.append((shown.decisions.counts[group], _issues(actor, links.now(actor, setting, **query))))
    lines = promises.promises(actor, promises.Wanted(promises.Shown.OVERDUE, setting.narrowed or ()))
    return [*found, (shown.promises_overdue, len(lines))]


def _raised(actor: Actor, shown: Overview) -> list[tuple[int, int]]:
    setting, counts = shown.setting, shown.counts
    measures = {each for pair in PAIRS.values() for each in pair} | {Measure.YELLOW, Measure.RED}
    found = [(counts[each], _issues(actor, links.raised(actor, setting, each))) for each in measures]
    for state, count in counts.states.items():
        found.append((count, _issues(actor, links.raised(actor, setting, state=state.value))))
    outcomes = period._outcomes(actor, setting, shown, shown.last_month)
    return found + [(count, _issues(actor, query)) for _key, _label, count, query in outcomes]


def _first_area(actor: Actor) -> int:
    return list(choices(actor).areas)[1]


def _first_team(actor: Actor) -> int:
    return next(iter(choices(actor).teams))


def _street_team(actor: Actor) -> int:
    return next(each for each, name in choices(actor).teams.items() if name.startswith("中埠镇"))


@pytest.mark.parametrize(
    ("who", "question"),
    [
        ("manager", lambda _actor: Question()),
        ("manager", lambda actor: Question(area_id=_first_area(actor), period=Period.RAISED)),
        ("manager", lambda actor: Question(team_id=_first_team(actor), period=Period.ALL)),
        ("manager", lambda actor: Question(team_id=_street_team(actor), period=Period.QUARTER)),
        ("manager", lambda actor: Question(category=next(iter(choices(actor).categories)), period=Period.YEAR)),
        ("lead", lambda _actor: Question(period=Period.ALL)),
    ],
)
def test_each_figure_is_the_number_of_rows_it_opens(who: str, question: Callable[[Actor], Question]) -> None:
    actor = acting(who)

    shown = progress_overview.look(actor, question(actor))

    for figures in (_coverage(actor, shown), _now(actor, shown), _raised(actor, shown)):
        assert [count for count, _rows in figures] == [rows for _count, rows in figures]
        assert any(count for count, _rows in figures)


def _nobody() -> Actor:
    return hired("nobody", Role.TEAM_LEAD)


def test_a_lead_without_a_team_is_shown_nothing() -> None:
    """Given a team lead who leads no active team, then all figures are 0, no issue is told, and the lists are empty."""
    actor = _nobody()

    shown = progress_overview.look(actor, Question(period=Period.ALL))

    for figures in (_coverage(actor, shown), _now(actor, shown), _raised(actor, shown)):
        assert {*figures} <= {(0, 0)}
    assert (shown.teams, shown.decisions.lines, shown.advance and shown.advance.goal) == ([], (), 0)


def test_a_team_whose_area_other_teams_serve_stands_for_its_area() -> None:
    """Given the zone's own team, then all figures are the zone's, each with its rows, and all alike."""
    actor = acting("manager")
    with transaction(actor=SYSTEM) as session:
        teams_there = session.exec(select(Team).where(col(Team.active))).all()
        team = next(each for each in teams_there if not serving.ground(session, each))

    shown = progress_overview.look(actor, Question(team_id=team.pk, period=Period.ALL))
    of_area = progress_overview.look(actor, Question(area_id=team.area_id, period=Period.ALL))

    assert shown.setting.place == team.name
    assert (shown.counts, shown.holders, shown.ages) == (of_area.counts, of_area.holders, of_area.ages)
    for figures in (_coverage(actor, shown), _now(actor, shown), _raised(actor, shown)):
        assert [count for count, _rows in figures] == [rows for _count, rows in figures]
        assert any(count for count, _rows in figures)


def test_all_that_is_overdue_is_counted() -> None:
    shown = progress_overview.look(acting("manager"), Question())

    assert pressing.total(shown.holders) == sum(age.overdue for age in shown.ages)


def _area_of_a_team(actor: Actor) -> int:
    """Return a village in which a team has overdue visits, which has others elsewhere too."""
    for area_id in choices(actor).areas:
        if any(each.progress.overdue for each in progress_overview.look(actor, Question(area_id=area_id)).teams):
            found = area_id
    return found


@pytest.mark.parametrize(
    ("who", "question"),
    [
        ("manager", lambda _actor: Question()),
        ("manager", lambda actor: Question(area_id=_area_of_a_team(actor))),
        ("lead", lambda _actor: Question()),
    ],
)
def test_each_reason_a_team_is_behind_opens_as_many_enterprises(
    who: str, question: Callable[[Actor], Question]
) -> None:
    actor = acting(who)

    shown = progress_overview.look(actor, question(actor))

    for team in shown.teams:
        made = team.progress
        figures = {
            "unassigned": made[Standing.UNASSIGNED],
            "overdue": made.overdue,
            "returned": made[Standing.RETURNED],
            "open": made[Standing.OPEN],
            "debtor": team.debtor.count if team.debtor else 0,
        }
        for name, _label, query in teams._reasons(shown.setting, team):
            assert _targets(actor, query) == figures[name]
    assert shown.advance is not None
    assert sum(team.progress.targets for team in shown.teams) == shown.advance.coverage.progress.targets > 0
    assert [team.behind for team in shown.teams] == sorted((each.behind for each in shown.teams), reverse=True)
