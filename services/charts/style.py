"""The look of every chart, on screen and in files, in one place.

The colours follow the theme in `.streamlit/config.toml`. Those of categories are close to the eight of Okabe and Ito
("Color Universal Design", 2008), which people with any kind of colour blindness can tell apart; those that judge
(`GOOD`, `BAD`, …) differ in lightness too. All stand out on white and on the dark theme.
"""

from collections.abc import Mapping
from typing import Any

from core.i18n import locale

MAIN = "#1f5fbf"
"""The one colour of a chart that needs one."""
SOFT = "#a9c4ea"
"""What stands beside `MAIN` as its background: the whole of a part, the month before."""
GOOD, WARNING, BAD, MUTED = "#1b8a5a", "#f0b64c", "#d64545", "#c3c9d4"
"""What a figure means: done, take care, overdue, no longer of interest."""
YELLOW_CARD, RED_CARD = "#f2c230", "#d64545"
GOAL = "#8a5a00"
"""The line that should be reached."""
CATEGORIES = (MAIN, "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#7f8c9f", "#8a6d1f")
"""Colours of categories, in the order they are taken."""
DEGREES = ("#e3ecf9", "#b4cdf0", "#7fa8e2", "#4a82d0", "#1f5fbf", "#123f82")
"""Colours of little to much."""

_TEXT, _LINE = "#1c2733", "#d9e1ec"
FONT = "'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif"
"""The fonts of every chart, the first that the reader's machine has."""


def on_screen() -> dict[str, Any]:
    """Return the Vega-Lite configuration for the browser, whose theme chooses letters, lines and background."""
    return {
        "font": FONT,
        "bar": {"color": MAIN, "cornerRadiusEnd": 3},
        "rect": {"cornerRadius": 2},
        "arc": {"innerRadius": 0, "padAngle": 0.01},
        "line": {"color": MAIN, "strokeWidth": 2.5, "interpolate": "monotone"},
        "area": {"color": MAIN, "opacity": 0.25, "interpolate": "monotone"},
        "point": {"color": MAIN, "filled": True, "size": 50},
        "rule": {"color": GOAL, "strokeDash": [4, 3]},
        "range": {"category": list(CATEGORIES), **{kind: list(DEGREES) for kind in ("ordinal", "ramp", "heatmap")}},
        "view": {"stroke": None},
        "axis": {"domain": False, "ticks": False, "labelPadding": 6, "titleFontWeight": "normal"},
        "scale": {"barBandPaddingInner": 0.3, "rectBandPaddingInner": 0.04},
        "axisX": {"grid": False},
        "axisXDiscrete": {"labelAngle": 0, "labelOverlap": "greedy"},
        "axisTemporal": {"format": "%m-%d", "tickCount": 8, "labelFlush": False},
        "axisQuantitative": {"grid": True, "tickCount": 5},
        "legend": {"orient": "top", "symbolType": "square", "titleLimit": 0},
    }  # fmt: skip


def in_files() -> dict[str, Any]:
    """Return the configuration for pictures, which stand on white paper."""
    words = {"labelColor": _TEXT, "titleColor": _TEXT, "labelFontSize": 12, "titleFontSize": 12}
    paper = {
        "background": "#ffffff",
        "padding": 12,
        "title": {"color": _TEXT, "fontSize": 15, "anchor": "start", "offset": 12},
        "axis": {"gridColor": _LINE, **words},
        "legend": words,
        "text": {"color": _TEXT, "fontSize": 12},
    }
    return merged(on_screen(), paper)


def merged(lower: Mapping[str, Any], upper: Mapping[str, Any]) -> dict[str, Any]:
    """Return two configurations as one; where both say something, `upper` counts."""
    both: dict[str, Any] = dict(lower)
    for name, value in upper.items():
        below = both.get(name)
        both[name] = merged(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return both


def d3_locale() -> str:
    """Return the present language as D3 names it, for dates and numbers on axes."""
    return "zh-CN" if locale() == "zh_CN" else "en-US"
