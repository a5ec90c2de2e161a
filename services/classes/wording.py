"""An effect in words that need no statistics to be understood."""

from core.i18n import format_percent, gettext
from models.stats import Interval
from services.classes.effect import LEAST_DAYS, LEAST_ISSUES, Effect, Verdict


def effect_sentence(effect: Effect) -> str:
    """Return in the present language what a measure has changed, with the interval chance leaves open."""
    if effect.ratio is None:
        return gettext(
            "Too few issues to tell yet: {before} before it took effect, {after} since. It takes {issues} together, "
            "and {days} days on either side."
        ).format(before=effect.before.issues, after=effect.after.issues, issues=LEAST_ISSUES, days=LEAST_DAYS)
    return rates(effect) + change(effect.verdict, effect.ratio)


def rates(effect: Effect) -> str:
    """Return how often the issues came before and after."""
    return gettext("Before: {before} a month per 1,000 enterprises; since: {after}, ").format(
        before=_rate(effect.before.rate), after=_rate(effect.after.rate)
    )


def change(verdict: Verdict, ratio: Interval) -> str:
    """Return by how much, with its interval."""
    if verdict is Verdict.FELL:
        low, high = 1 - ratio.high, 1 - ratio.low
        text = gettext("down by {share} (95% confidence interval {low}–{high})")
        return text.format(share=format_percent(1 - ratio.value), low=format_percent(low), high=format_percent(high))
    if verdict is Verdict.ROSE:
        text = gettext("{times} times as many (95% confidence interval {low}–{high} times)")
    else:
        text = gettext("no clear difference ({times} times, 95% confidence interval {low}–{high} times)")
    return text.format(times=_times(ratio.value), low=_times(ratio.low), high=_times(ratio.high))


def _rate(rate: float) -> str:
    return f"{rate:.1f}" if rate < 100 else f"{rate:.0f}"


def _times(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio < 1000 else "∞"
