"""What can be said from counts: a share and a ratio of two rates, each with the interval chance leaves open.

Nothing but arithmetic: no rows, no clock. Both intervals stay honest with few cases, which is what they are for.
"""

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

_PRECISE = 1e-12
"""How exactly a quantile is sought."""
_TINY = 1e-300
"""Stands for zero where it is divided by."""


@dataclass(frozen=True)
class Interval:
    """A figure as observed and the interval it may lie in.

    Args:
        value: what was observed.
        low: lower end, at most the value.
        high: upper end, at least the value; infinite where nothing bounds it.
    """

    value: float
    low: float
    high: float


def wilson(successes: int, trials: int, confidence: float = 0.95) -> Interval:
    """Return the share of successes with its score interval.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
    American Statistical Association 22 (1927), 209-212. It keeps within 0 and 1 and is usable with few trials, where
    the share plus or minus its standard error is not (L. D. Brown, T. T. Cai, A. DasGupta, "Interval estimation for a
    binomial proportion", Statistical Science 16 (2001), 101-133).

    Args:
        successes: how many of the trials succeeded.
        trials: how many there were.
        confidence: how sure the interval is to hold the true share, between 0 and 1.

    Returns:
        The share between 0 and 1. Without a trial nothing is known: a share of 0, anywhere from 0 to 1.

    Raises:
        ValueError: negative counts, more successes than trials, or a confidence outside 0 to 1.
    """
    _check(confidence, successes, trials - successes)
    if trials == 0:
        return Interval(0.0, 0.0, 1.0)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = successes / trials
    spread = z * math.sqrt(share * (1 - share) / trials + (z / trials / 2) ** 2)
    middle = share + z * z / trials / 2
    whole = 1 + z * z / trials
    # The ends meet 0 and 1 exactly at none and at all; rounding would put them a hair beside.
    return Interval(
        share, min(max((middle - spread) / whole, 0.0), share), max(min((middle + spread) / whole, 1.0), share)
    )


def rate_ratio(
    before: int, before_exposure: float, after: int, after_exposure: float, confidence: float = 0.95
) -> Interval:  # fmt: skip
    """Return the rate after divided by the rate before, of two Poisson counts, with its exact interval.

    Given how many cases there were together, those after are binomial: each is one of them with probability
    p = r*t2 / (t1 + r*t2), r being the ratio and t1, t2 the exposures (J. Przyborowski, H. Wilenski, "Homogeneity of
    results in testing samples from Poisson series", Biometrika 31 (1940), 313-323). The interval of p by C. J. Clopper
    and E. S. Pearson ("The use of confidence or fiducial limits illustrated in the case of the binomial", Biometrika
    26 (1934), 404-413) is carried over to r. It holds the true ratio at least as often as it says whatever the counts
    are, so that no count, zero included, needs a correction as the log-normal approximation does.

    Args:
        before: cases before.
        before_exposure: what they were counted over, as enterprise-months; more than 0.
        after: cases after.
        after_exposure: the same afterwards, in the same unit; more than 0.
        confidence: how sure the interval is to hold the true ratio, between 0 and 1.

    Returns:
        The ratio: 1 is no change, below 1 a decline. Infinite where there was no case before, and with no case at all
        not a number, from 0 to infinity.

    Raises:
        ValueError: negative counts, an exposure that is not more than 0, or a confidence outside 0 to 1.
    """
    _check(confidence, before, after)
    if not (before_exposure > 0 and after_exposure > 0):
        raise ValueError("An exposure must be more than 0.")
    scale = before_exposure / after_exposure
    share = _exact(after, before + after, (1 - confidence) / 2)
    return Interval(*(odds * scale for odds in (_odds(after, before), *(_odds(end, 1 - end) for end in share))))


def _check(confidence: float, *counts: int) -> None:
    if min(counts) < 0:
        raise ValueError("Counts must not be negative, nor successes more than trials.")
    if not 0 < confidence < 1:
        raise ValueError("A confidence lies between 0 and 1.")


def _odds(part: float, rest: float) -> float:
    if rest > 0:
        return part / rest
    return math.inf if part > 0 else math.nan


def _exact(successes: int, trials: int, tail: float) -> tuple[float, float]:
    """Return the ends of the Clopper-Pearson interval of a share, each leaving so much probability beyond it."""
    failures = trials - successes
    low = _rising(lambda p: _beta(p, successes, failures + 1), tail) if successes else 0.0
    high = _rising(lambda p: _beta(p, successes + 1, failures), 1 - tail) if failures else 1.0
    return low, high


def _rising(function: Callable[[float], float], wanted: float) -> float:
    """Return where between 0 and 1 a function that rises reaches what is wanted."""
    low, high = 0.0, 1.0
    while high - low > _PRECISE * high:
        middle = (low + high) / 2
        if function(middle) < wanted:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _beta(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b): P(at least a of a + b - 1 trials succeed), each at x.

    Source: NIST Digital Library of Mathematical Functions, 8.17.4 (symmetry), 8.17.5 (binomial sums) and 8.17.22
    (continued fraction, which converges quickly below (a + 1) / (a + b + 2)).
    """
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(1 - x, b, a)
    front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(front) / a / _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    """Return 1 + d1 / (1 + d2 / ...) of 8.17.22 by the method of W. J. Lentz, Applied Optics 15 (1976), 668-671."""
    found = above = 1.0
    below = 0.0
    for step in itertools.count(1):
        m = step // 2
        inner = -(a + m) * (a + b + m) / (a + 2 * m + 1) if step % 2 else m * (b - m) / (a + 2 * m - 1)
        term = inner * x / (a + 2 * m)
        below = 1 / ((1 + term * below) or _TINY)
        above = (1 + term / above) or _TINY
        change = above * below
        found *= change
        if abs(change - 1) < _PRECISE / 10:
            break
    return found
