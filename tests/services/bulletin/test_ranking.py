"""Who is ranked, who comes first, who is praised and who is blamed: never by luck."""

from models.bulletin import Ranked
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
