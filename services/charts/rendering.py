"""Vega-Lite specifications as pictures, drawn on this machine without any network."""

import base64
import json
import logging
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from core.errors import UserError
from core.i18n import N_
from core.text import has_chinese
from services import fonts
from services.charts import style

Form = Literal["svg", "png"]
Spec = Mapping[str, Any]

WIDTH = 640
"""Pixels of a chart that leaves its width to its place on the screen."""
SCALE = 2.0
"""Pixels of a PNG for each of the chart, so that it is sharp on paper."""
_RENDERER = Path(__file__).with_name("renderer.py")
_SECONDS = 60
_COMPOSED = ("hconcat", "vconcat", "concat", "facet", "repeat", "spec")
_log = logging.getLogger(__name__)


class PictureError(UserError):
    """A chart could not be drawn."""

    def __init__(self) -> None:
        super().__init__(N_("The picture could not be drawn. Try again; if it fails again, tell an administrator."))


def svg(spec: Spec) -> bytes:
    """Return a chart as SVG in UTF-8; see `pictures`."""
    return pictures([spec], "svg")[0]


def png(spec: Spec) -> bytes:
    """Return a chart as PNG; see `pictures`."""
    return pictures([spec], "png")[0]


def pictures(specs: Sequence[Spec], form: Form) -> list[bytes]:
    """Return charts as pictures, in the house's look; one call for many is quicker, for the engine starts once (0.6 s).

    Args:
        specs: Vega-Lite specifications with their data inside; what one says of its look stands above the house's.
        form: SVG in UTF-8, whose texts stay texts, or PNG with `SCALE` pixels for each of the chart.

    Raises:
        NoChineseFontError: a PNG would show boxes, for there is Chinese in it and no font for it on this machine.
        PictureError: a specification is wrong, names data to be fetched, or takes longer than a minute.
    """
    ready = [_ready(spec) for spec in specs]
    asked = json.dumps({
        "locale": style.d3_locale(), "scale": SCALE, "charts": [{"form": form, "spec": spec} for spec in ready],
    }, ensure_ascii=False)  # fmt: skip
    if form == "png" and has_chinese(asked):
        fonts.require_chinese()
    return [base64.b64decode(each) for each in json.loads(_run(asked))] if specs else []


def _ready(spec: Spec) -> dict[str, Any]:
    """Give a specification what the browser would give it: the look, and a width."""
    config = style.merged(style.in_files(), spec.get("config", {}))
    own_width = isinstance(spec.get("width"), int | float | dict) or any(part in spec for part in _COMPOSED)
    return {**spec, "config": config} if own_width else {**spec, "config": config, "width": WIDTH}


def _run(asked: str) -> bytes:
    command = [sys.executable, "-I", str(_RENDERER)]
    try:
        done = subprocess.run(command, input=asked.encode("utf-8"), capture_output=True, timeout=_SECONDS, check=True)  # noqa: S603 - our own file
    except subprocess.TimeoutExpired as problem:
        _log.warning("chart not drawn within %s s", _SECONDS)
        raise PictureError from problem
    except subprocess.CalledProcessError as problem:
        _log.warning("chart not drawn: %s", problem.stderr.decode("utf-8", "replace").strip()[-500:])
        raise PictureError from problem
    return done.stdout
