"""The suggested plan: properties that hold for every question, and examples of each reason."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.geo import Point
from models.planning import Candidate, Stop, suggest

MONDAY = date(2023, 12, 4)
DAYS = [MONDAY + timedelta(days=n) for n in range(5)]

_points = st.none() | st.builds(
    Point, longitude=st.floats(117.9, 118.3, allow_nan=False), latitude=st.floats(36.7, 36.9, allow_nan=False)
)
_grids = st.sampled_from(["1.2.", "1.3.", "1.4."])
_stops = st.lists(
    st.builds(Stop, enterprise_id=st.integers(1, 10_000), area_path=_grids, place=_points),
    max_size=40, unique_by=lambda stop: stop.enterprise_id,
)  # fmt: skip
_candidates = st.lists(
    st.builds(
        Candidate,
        account_id=st.integers(1, 1000),
        load=st.integers(0, 6),
        grid_path=st.just("") | _grids,
        place=_points,
        away=st.frozensets(st.sampled_from(DAYS)),
        planned=st.dictionaries(st.sampled_from(DAYS), st.integers(0, 4)),
    ),
    max_size=8, unique_by=lambda each: each.account_id,
)  # fmt: skip


@given(_stops, _candidates)
def test_each_enterprise_is_placed_once_unless_nobody_is_there(stops, candidates):
    plan = suggest(stops, candidates, DAYS, per_day=3)
    somebody = any(set(DAYS) - each.away for each in candidates)
    assert [line.enterprise_id for line in plan] == ([stop.enterprise_id for stop in stops] if somebody else [])


@given(_stops, _candidates)
def test_nobody_is_sent_on_a_day_of_leave(stops, candidates):
    away = {each.account_id: each.away for each in candidates}
    for line in suggest(stops, candidates, DAYS, per_day=3):
        assert line.planned_on in DAYS
        assert line.planned_on not in away[line.account_id]


@given(_stops, _candidates, st.integers(1, 4))
def test_loads_end_within_the_allowed_imbalance_or_no_further_apart_than_they_began(stops, candidates, imbalance):
    present = {each.account_id: each.load for each in candidates if set(DAYS) - each.away}
    plan = suggest(stops, candidates, DAYS, per_day=3, imbalance=imbalance)
    loads = Counter(present)
    loads.update(line.account_id for line in plan)
    if present:
        before = max(present.values()) - min(present.values())
        ends = [loads[account] for account in present]
        assert max(ends) - min(ends) <= max(imbalance, before)


@given(_stops, _candidates, st.randoms())
def test_the_same_question_gets_the_same_plan_in_whatever_order_it_is_asked(stops, candidates, random):
    shuffled_stops, shuffled_people = list(stops), list(candidates)
    random.shuffle(shuffled_stops)
    random.shuffle(shuffled_people)
    one = suggest(stops, candidates, DAYS, per_day=3)
    other = suggest(shuffled_stops, shuffled_people, DAYS, per_day=3)
    assert sorted(one, key=lambda line: line.enterprise_id) == sorted(other, key=lambda line: line.enterprise_id)


def test_own_grid_comes_before_the_shorter_way():
    near = Candidate(1, grid_path="1.3.", place=Point(118.00, 36.80))
    owner = Candidate(2, grid_path="1.2.", place=Point(118.20, 36.80))
    (line,) = suggest([Stop(7, "1.2.9.", Point(118.0, 36.8))], [near, owner], DAYS, per_day=3)
    assert (line.account_id, line.own_grid) == (2, True)


def test_without_a_grid_the_nearer_one_goes():
    near, far = Candidate(2, place=Point(118.00, 36.80)), Candidate(1, place=Point(118.20, 36.80))
    (line,) = suggest([Stop(7, "1.9.", Point(118.01, 36.8))], [near, far], DAYS, per_day=3)
    assert line.account_id == 2
    assert line.distance is not None
    assert round(line.distance, 1) == 0.9


def test_a_full_day_is_followed_by_the_next_and_leave_is_passed_over():
    person = Candidate(1, away=frozenset({DAYS[1]}), planned={DAYS[0]: 2})
    plan = suggest([Stop(n, "1.") for n in range(1, 5)], [person], DAYS, per_day=3)
    assert [line.planned_on for line in plan] == [DAYS[0], DAYS[2], DAYS[2], DAYS[2]]
    assert [line.around_leave for line in plan] == [False, True, True, True]
