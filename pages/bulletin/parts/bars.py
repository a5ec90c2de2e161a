"""A share as a small picture: a bar for what was observed, a line with two ends for the interval it may lie in."""

import base64

from models.stats import Interval
from services.charts import style

_WIDTH, _HEIGHT, _PAD = 260, 26, 6
_TRACK, _LINE = "#E6EAF0", "#26324A"


def svg(interval: Interval, *, honour: float, shame: float) -> str:
    """Return the picture as SVG.

    Args:
        interval: the share, 0 to 1, with its interval.
        honour: from this lower end on the bar is green.
        shame: below this upper end it is red.
    """
    colour = style.GOOD if interval.low >= honour else style.BAD if interval.high < shame else style.MAIN
    value, low, high = (_x(each) for each in (interval.value, interval.low, interval.high))
    middle = _HEIGHT / 2
    ends = "".join(f'<path d="M{x:.1f} {middle - 6}V{middle + 6}"/>' for x in (low, high))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}">'
        f'<rect x="{_PAD}" y="7" width="{_WIDTH - 2 * _PAD}" height="12" rx="2" fill="{_TRACK}"/>'
        f'<rect x="{_PAD}" y="7" width="{max(value - _PAD, 0):.1f}" height="12" rx="2" fill="{colour}"/>'
        f'<g stroke="{_LINE}" stroke-width="1.6" fill="none"><path d="M{low:.1f} {middle}H{high:.1f}"/>{ends}</g></svg>'
    )


def address(picture: str) -> str:
    """Return a picture as an address that holds it, for cells of tables."""
    return f"data:image/svg+xml;base64,{base64.b64encode(picture.encode()).decode()}"


def _x(share: float) -> float:
    return _PAD + share * (_WIDTH - 2 * _PAD)
