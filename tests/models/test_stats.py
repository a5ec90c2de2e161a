"""Intervals of shares and of ratios of rates: against published figures, and for whatever counts there are."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.stats import rate_ratio, wilson

COUNTS = st.integers(0, 5000)
EXPOSURES = st.floats(0.5, 100_000)
CONFIDENCES = st.floats(0.5, 0.999)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_of_a_share_is_the_published_one(successes: int, trials: int, low: float, high: float) -> None:
    found = wilson(successes, trials)

    assert found.value == successes / trials
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_of_no_trial_nothing_is_known() -> None:
    found = wilson(0, 0)

    assert (found.value, found.low, found.high) == (0.0, 0.0, 1.0)


@given(COUNTS, COUNTS, CONFIDENCES)
def test_a_share_lies_in_its_interval_and_that_between_0_and_1(good: int, bad: int, confidence: float) -> None:
    found = wilson(good, good + bad, confidence)

    assert 0 <= found.low <= found.value <= found.high <= 1


@given(st.integers(1, 500), st.integers(1, 500), CONFIDENCES)
def test_successes_and_failures_mirror_each_other(good: int, bad: int, confidence: float) -> None:
    one, other = wilson(good, good + bad, confidence), wilson(bad, good + bad, confidence)

    assert one.low == pytest.approx(1 - other.high)
    assert one.high == pytest.approx(1 - other.low)


@given(st.integers(0, 50), st.integers(1, 50))
def test_the_same_share_of_more_trials_is_surer_at_its_low_end(good: int, bad: int) -> None:
    few, many = wilson(good, good + bad), wilson(good * 10, (good + bad) * 10)

    assert many.low >= few.low


def test_the_interval_of_a_ratio_is_the_published_one() -> None:
    # The example of poisson.test in R: 11 cases in 800, 21 in 3,011 person-years.
    found = rate_ratio(21, 1083 + 1050 + 878, 11, 800)

    assert found.value == pytest.approx(1.971488, abs=1e-6)
    assert found.low == pytest.approx(0.8584264, abs=1e-6)
    assert found.high == pytest.approx(4.2772659, abs=1e-6)


def test_no_case_afterwards_still_bounds_the_ratio_from_above() -> None:
    found = rate_ratio(10, 1, 0, 1)

    assert (found.value, found.low) == (0.0, 0.0)
    assert found.high == pytest.approx(0.025 ** (-1 / 10) - 1, abs=1e-9)  # p = 1 - 0.025^(1/10), its odds


def test_no_case_before_bounds_the_ratio_from_below_only() -> None:
    found = rate_ratio(0, 1, 10, 1)

    assert found.value == found.high == math.inf
    assert 1 < found.low < math.inf


def test_of_no_case_at_all_nothing_is_known() -> None:
    found = rate_ratio(0, 3, 0, 4)

    assert math.isnan(found.value)
    assert (found.low, found.high) == (0.0, math.inf)


@given(st.integers(1, 3000), EXPOSURES, st.integers(1, 3000), EXPOSURES, CONFIDENCES)
def test_a_ratio_lies_in_its_interval(before: int, t1: float, after: int, t2: float, confidence: float) -> None:
    found = rate_ratio(before, t1, after, t2, confidence)

    assert 0 < found.low < found.value < found.high < math.inf


@given(st.integers(1, 3000), EXPOSURES, st.integers(1, 3000), EXPOSURES)
def test_before_and_after_exchanged_give_the_inverse(before: int, t1: float, after: int, t2: float) -> None:
    one, other = rate_ratio(before, t1, after, t2), rate_ratio(after, t2, before, t1)

    assert one.low == pytest.approx(1 / other.high, rel=1e-6)
    assert one.high == pytest.approx(1 / other.low, rel=1e-6)


@given(st.integers(0, 3000), st.integers(0, 3000), EXPOSURES, EXPOSURES, st.floats(0.01, 100))
def test_the_unit_of_the_exposure_does_not_matter(before: int, after: int, t1: float, t2: float, unit: float) -> None:
    one, other = rate_ratio(before, t1, after, t2), rate_ratio(before, t1 * unit, after, t2 * unit)

    assert one.low == pytest.approx(other.low)
    assert one.high == pytest.approx(other.high)


@given(st.integers(1, 400), st.integers(1, 400), st.floats(0.6, 0.95))
def test_to_be_surer_takes_a_wider_interval(before: int, after: int, confidence: float) -> None:
    sure, surer = rate_ratio(before, 1, after, 1, confidence), rate_ratio(before, 1, after, 1, confidence + 0.04)

    assert surer.low < sure.low
    assert surer.high > sure.high


@pytest.mark.parametrize("true", [0.2, 0.5, 1.0, 3.0])
def test_the_true_ratio_lies_in_the_interval_at_least_as_often_as_it_says(true: float) -> None:
    together, share = 25, true / (1 + true)  # of cases given together, those after are binomial with this share
    covered = sum(
        math.comb(together, after) * share**after * (1 - share) ** (together - after)
        for after in range(together + 1)
        if (found := rate_ratio(together - after, 1, after, 1)).low <= true <= found.high
    )

    assert covered >= 0.95


@pytest.mark.parametrize(
    "given_",
    [
        (-1, 1.0, 0, 1.0, 0.95),
        (0, 1.0, -1, 1.0, 0.95),
        (1, 0.0, 1, 1.0, 0.95),
        (1, 1.0, 1, 0.0, 0.95),
        (1, 1.0, 1, 1.0, 1.0),
        (1, 1.0, 1, 1.0, 0.0),
    ],
)
def test_what_cannot_be_is_refused(given_: tuple[int, float, int, float, float]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        rate_ratio(*given_)


@pytest.mark.parametrize(("successes", "trials"), [(3, 2), (-1, 4)])
def test_more_successes_than_trials_are_refused(successes: int, trials: int) -> None:
    with pytest.raises(ValueError, match="negative"):
        wilson(successes, trials)
