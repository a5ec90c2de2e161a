"""Who is ranked, who comes first, who is praised and who is blamed: never by luck."""

from datetime import date, datetime

import pytest

from core import clock
from core.i18n import in_locale
from models.bulletin import Bulletin, Ranked
from services.bulletin import writing
from services.bulletin.printed import Printed, Rules, Unit, UnitKind
from services.bulletin.ranking import ranked

RULES = Rules(
    window_months=3, minimum_sample=10, department_rate=Ranked.SATISFACTION, team_rate=Ranked.SATISFACTION,
    honour_percent=80, shame_percent=60, bunched_percent=40, copied_times=3, quick_minutes=10, burst_visits=4,
    burst_km=3,
)  # fmt: skip


def _unit(number: int, satisfied: int, rated: int) -> Unit:
    counts = {"window_satisfied": satisfied, "window_rated": rated}
    return Unit(id=number, name=f"{number} 队", members=4, counts=counts)


def _printed(*units: Unit) -> Printed:
    return Printed(rules=RULES, counts={}, units={UnitKind.TEAM: ranked(units, 10, Ranked.SATISFACTION)})


def test_two_of_two_do_not_top_the_list() -> None:
    printed = _printed(_unit(1, 2, 2), _unit(2, 90, 100), _unit(3, 10, 10))

    assert [unit.id for unit in printed.ranked(UnitKind.TEAM)] == [2, 3]
    assert [unit.id for unit in printed.unranked(UnitKind.TEAM)] == [1]


def test_equals_share_a_place_and_the_next_is_left_out() -> None:
    printed = _printed(_unit(1, 18, 20), _unit(2, 18, 20), _unit(3, 10, 20))

    assert [unit.ranks[Ranked.SATISFACTION] for unit in printed.ranked(UnitKind.TEAM)] == [1, 1, 3]


def test_the_honour_list_needs_the_lower_end_and_the_shame_list_the_upper() -> None:
    printed = _printed(_unit(1, 40, 40), _unit(2, 10, 10), _unit(3, 5, 10), _unit(4, 10, 40))

    assert [unit.id for unit in printed.honoured(UnitKind.TEAM)] == [1], "10 of 10 may be luck"
    assert [unit.id for unit in printed.shamed(UnitKind.TEAM)] == [4], "5 of 10 may be bad luck"


def test_the_load_stands_beside() -> None:
    unit = Unit(id=1, name="一队", members=4, counts={"window_registered": 10})

    assert unit.load("window_registered") == 2.5
    assert Unit(id=2, name="二队", members=0).load("window_registered") is None


@pytest.mark.parametrize(("units", "first", "last"), [
    ([(20, 20), (18, 20), (18, 20), (18, 20), (10, 20), (9, 20)], [1, 2, 3, 4], [5, 6]),
    ([(40, 40), (18, 20), (16, 20), (10, 20), (9, 20), (9, 20), (9, 20)], [1, 2, 3], [5, 6, 7]),
    ([(40, 40), (39, 40), (38, 40), (10, 10), (10, 10)], [1, 2, 3], []),
    ([(40, 40), (30, 40), (20, 40), (10, 40)], [1, 2, 3], [4]),
    ([(40, 40), (39, 40), (38, 40), *[(5, 10)] * 7], [1, 2, 3], []),
    ([(10, 10)], [1], []),
])  # fmt: skip
def test_equals_are_named_together_and_nobody_with_the_best_share_last(
    units: list[tuple[int, int]], first: list[int], last: list[int]
) -> None:
    told = _text(*units)
    best, _, worst = told.partition("居后：")

    assert [number for number in range(1, 20) if f"{number} 队 " in best] == first
    assert [number for number in range(1, 20) if f"{number} 队 " in worst] == last


@pytest.mark.parametrize(("units", "words"), [
    ([(20, 20)] * 5, "各单位相同，均为 100.0%（20/20），不分先后。"),
    ([*[(20, 20)] * 7, (10, 20)], "7 个并列第一，均为 100.0%（20/20）。居后：8 队 50.0%"),
])  # fmt: skip
def test_many_equals_are_counted_not_named(units: list[tuple[int, int]], words: str) -> None:
    assert words in _text(*units)


def _text(*units: tuple[int, int]) -> str:
    """Return what a bulletin's text says of the ranking of teams, numbered from 1."""
    printed = _printed(*(_unit(place + 1, *counts) for place, counts in enumerate(units)))
    moment = datetime(2023, 12, 1, tzinfo=clock.zone())
    bulletin = Bulletin(month=date(2023, 11, 1), until=moment, frozen_at=moment)
    with in_locale("zh_CN"):
        found = next(each for each in writing.sections(bulletin, printed) if each.key == "ranking")
    return next(each for each in found.paragraphs if "排名，参加" in each)
