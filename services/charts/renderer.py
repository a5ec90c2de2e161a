"""Draws charts, as a program of its own: JSON on standard input, JSON on standard output.

The library holds Python's lock while it draws, so that a web process that drew charts itself would answer nobody
meanwhile; and it keeps the memory of a browser's engine. `services.charts.rendering` starts this file by its path.
"""

import base64
import json
import sys
from typing import Any

import vl_convert


def main() -> None:
    """Draw what is asked: `{"locale": …, "scale": …, "charts": [{"form": "svg" | "png", "spec": {…}}]}`."""
    asked = json.load(sys.stdin)
    made = [_drawn(chart, asked["locale"], asked["scale"]) for chart in asked["charts"]]
    json.dump([base64.b64encode(each).decode("ascii") for each in made], sys.stdout)


def _drawn(chart: dict[str, Any], locale: Any, scale: float) -> bytes:
    svg = vl_convert.vegalite_to_svg(
        chart["spec"], format_locale=locale, time_format_locale=locale, allowed_base_urls=[]
    )
    if "<image" in svg:  # texts are escaped; the library would fetch an image for a PNG, whatever is allowed
        sys.exit("images are not drawn")
    return svg.encode("utf-8") if chart["form"] == "svg" else vl_convert.svg_to_png(svg, scale=scale)


if __name__ == "__main__":
    main()
