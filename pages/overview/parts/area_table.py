"""The areas below as a table whose cells open what they count; on a phone as cards."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from core.i18n import gettext as _
from core.i18n import whole_only
from pages.common import sheets, ui
from pages.home.tiles import Tile, tiles
from pages.overview.parts.area_figures import Question, Shown, Way, figures_of
from pages.overview.parts.area_walk import down, leave_for
from pages.shell.navigation import PAGES
from services.tallies.measures import PAIRS, Rate
from services.territory.figures import Line

_NAME = "name"
_TURN = "areas_turn"
_WIDTHS = {
    _NAME: 112, "targets": 48, "met": 56, "coverage": 74, "late": 68, "visits": 68, "open": 82, "overdue": 68
}  # fmt: skip
_RATES = {rate.value: rate for rate in Rate}
_RATE = 108
"""Pixels: the whole table fits a screen of 1440 without scrolling."""
_STYLE = """<style>
.figures { display: grid; grid-template-columns: 1fr 1fr; gap: .15rem 1rem; font-size: .9rem; }
.figures a { display: flex; justify-content: space-between; gap: .5rem; min-height: 2.2rem; align-items: center;
  color: inherit; text-decoration: none; border-bottom: 1px solid rgb(128 128 128 / 18%); }
.figures b { color: var(--q-blue); white-space: nowrap; } .figures b.warns { color: var(--q-red); }
</style>"""


def whole(question: Question, line: Line) -> None:
    """Show the figures of all that is asked, each a button to its rows."""
    found = []
    for shown in figures_of(question).values():
        file, query = shown.way(question, line)
        found.append(Tile(_(shown.label), shown.text(line), file, dict(query)))
    with st.container(key="wide_areas_whole"):
        tiles(found, key="areas")
    with st.container(key="narrow_areas_whole", border=True):
        _links(question, line)


def table(question: Question, lines: Sequence[Line], above: Line) -> None:
    """Show places: a press on the name goes down into one, a press on a figure opens its rows.

    Args:
        question: what the figures were asked of.
        lines: the places, in the order they are shown.
        above: what they lie in.
    """
    with st.container(key="wide_areas"):
        _grid(question, lines, f"areas_{above.place.id if above.place else ''}_{st.session_state.get(_TURN, 0)}")
    with st.container(key="narrow_areas", gap="small"):
        for line in lines:
            _card(question, line)


def excel(question: Question, lines: Sequence[Line], title: str) -> None:
    """Hand the table out as a workbook; rates stand there as numbers, with the counts behind them."""
    columns = {_NAME: _("By area")}
    for key, shown in figures_of(question).items():
        columns[key] = _(shown.label)
        if key in _RATES:
            part, whole = PAIRS[_RATES[key]]
            columns |= {f"{key}_count": _(part.label), f"{key}_of": _(whole.label)}
    rows = [{**_row(question, line), **_rates(line)} for line in lines]
    sheets.excel_button("areas", title, columns, rows, shares=["coverage", *_RATES])


def _rates(line: Line) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for key, rate in _RATES.items():
        share = line.issues.rate(rate)
        found |= {key: share.value, f"{key}_count": share.count, f"{key}_of": share.of}
    return found


def _grid(question: Question, lines: Sequence[Line], key: str) -> None:
    titles = {_NAME: _("By area"), **{key: _(shown.label) for key, shown in figures_of(question).items()}}

    def pressed() -> None:
        cells = st.session_state[key]["selection"]["cells"]
        st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1  # a new table, in which nothing is chosen
        if cells:
            place, title = cells[0]
            _press(question, lines[place], next(name for name, each in titles.items() if each == title))

    st.dataframe(
        pd.DataFrame([{titles[name]: value for name, value in _cells(question, line).items()} for line in lines]),
        hide_index=True,
        key=key,
        row_height=38,
        height=ui.table_height(len(lines), 30),
        column_config={titles[name]: config for name, config in _configs().items() if name in titles},
        selection_mode="single-cell",
        on_select=pressed,
        placeholder="–",
    )


def _cells(question: Question, line: Line) -> dict[str, Any]:
    """Return a row as the table shows it: shares in percent, for its bars have no decimals otherwise."""
    shares = {key: shown.value(line) for key, shown in figures_of(question).items() if shown.share}
    return {
        **_row(question, line),
        **{key: 100 * whole_only(share) for key, share in shares.items() if isinstance(share, float)},
    }


def _row(question: Question, line: Line) -> dict[str, Any]:
    values = {key: each.value(line) for key, each in figures_of(question).items()}
    return {_NAME: line.place.name if line.place else "", **values}


def _configs() -> Mapping[str, Any]:
    share = st.column_config.ProgressColumn(format="%.0f%%", min_value=0, max_value=100, width=_WIDTHS["coverage"])
    rates = {key: st.column_config.TextColumn(width=_RATE) for key in _RATES}
    columns = {key: st.column_config.Column(width=width) for key, width in _WIDTHS.items()}
    return {
        **columns,
        **rates,
        _NAME: st.column_config.TextColumn(pinned=True, width=_WIDTHS[_NAME]),
        "coverage": share,
    }


def _press(question: Question, line: Line, name: str) -> None:
    if shown := figures_of(question).get(name):
        leave_for(shown.way(question, line))
    elif line.place is not None:
        down(line.place.id)


def _card(question: Question, line: Line) -> None:
    if line.place is None:
        return
    with st.container(border=True, gap="xsmall"):
        st.button(
            f"**{ui.plain(line.place.name)}** ›", key=f"areas_open_{line.place.id}", type="tertiary",
            width="stretch", on_click=down, args=(line.place.id,),
        )  # fmt: skip
        _links(question, line)


def _links(question: Question, line: Line) -> None:
    links = "".join(_link(shown, question, line) for shown in figures_of(question).values())
    st.html(f'{_STYLE}<div class="figures">{links}</div>')


def _link(shown: Shown, question: Question, line: Line) -> str:
    warns = ' class="warns"' if shown.warns and shown.value(line) else ""
    address = escape(_address(shown.way(question, line)))
    return f'<a href="{address}" target="_self">{escape(_(shown.label))} <b{warns}>{escape(shown.text(line))}</b></a>'


def _address(way: Way) -> str:
    file, query = way
    page = next(entry for entry in PAGES if entry.file == file)
    return f"/{page.url_path}?{urlencode(query, doseq=True)}"
