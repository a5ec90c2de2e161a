"""The ranking of departments and teams: a bar with its interval, the counts as ways to their rows, the load beside."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.i18n import format_number
from core.i18n import gettext as _
from models.bulletin import Ranked
from pages.bulletin.parts import bars
from pages.bulletin.parts.opening import open_rows, opener
from pages.common import address, ui
from services.bulletin.catalogue import RANKED
from services.bulletin.printed import Printed, Unit, UnitKind
from services.bulletin.reading import Opened
from services.bulletin.writing import interval_text, percent, share_text

_BAR = 260


def show(printed: Printed, kind: UnitKind) -> None:
    """Show the units of a kind by one of the shares; which one stands in the address."""
    name = f"by_{kind.value}"
    offered = [rate for rate in Ranked if rate is not Ranked.VISITS or kind is UnitKind.TEAM]
    given = address.read(name)
    rate = Ranked.of(given) if given in {each.value for each in offered} else printed.rules.rate(kind)
    st.session_state[name] = rate
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"**{_(kind.label)}**", width="content")
        st.segmented_control(
            _("Ranked by"), offered, format_func=lambda each: _(each.label), key=name, label_visibility="collapsed",
            required=True, on_change=_chosen, args=(name,),
        )  # fmt: skip
    units = printed.units.get(kind, ())
    ranked = sorted((unit for unit in units if rate in unit.ranks), key=lambda unit: unit.ranks[rate])
    if ranked:
        _table(printed, kind, rate, ranked)
        _cards(printed, kind, rate, ranked)
    else:
        st.caption(_("Nobody has {count} cases.").format(count=printed.rules.minimum_sample))
    _left_out(printed, kind, rate, printed.too_few(kind, rate))


def _chosen(name: str) -> None:
    address.write({name: st.session_state[name].value})


def _table(printed: Printed, kind: UnitKind, rate: Ranked, units: Sequence[Unit]) -> None:
    part, whole = RANKED[rate]
    titles = _titles(kind, rate)
    rows = [{titles[name]: value for name, value in _cells(printed, kind, rate, unit).items()} for unit in units]
    turn = f"ranking_{kind.value}_turn"
    key = f"ranking_{kind.value}_{rate.value}_{st.session_state.get(turn, 0)}"

    def pressed() -> None:
        cells = st.session_state[key]["selection"]["cells"]
        st.session_state[turn] = st.session_state.get(turn, 0) + 1
        if cells:
            place, title = cells[0]
            figure = _OPENS.get(next(name for name, shown in titles.items() if shown == title), whole.key)
            open_rows(_of_unit(part.key if title == titles["count"] else figure, kind, units[place]))

    with st.container(key=f"wide_ranking_{kind.value}"):
        st.dataframe(
            pd.DataFrame(rows), hide_index=True, key=key, height=ui.table_height(len(rows), 20), row_height=38,
            column_config={titles["bar"]: st.column_config.ImageColumn(width=_BAR + 20)},
            selection_mode="single-cell", on_select=pressed, placeholder="",
        )  # fmt: skip


_OPENS = {"load": "window_registered", "open": "open", "visits": "visits"}


def _titles(kind: UnitKind, rate: Ranked) -> dict[str, str]:
    part, whole = RANKED[rate]
    titles = {
        "rank": _("Rank"), "name": _(kind.label), "share": _(rate.label), "bar": _("Share and interval"),
        "count": _(part.label), "of": _(whole.label), "interval": _("95% interval"), "load": _("Issues a member"),
        "open": _("Issues open"),
    }  # fmt: skip
    return titles | ({"visits": _("Visits a member")} if kind is UnitKind.TEAM else {})


def _cells(printed: Printed, kind: UnitKind, rate: Ranked, unit: Unit) -> dict[str, Any]:
    share = unit.shares[rate]
    picture = bars.svg(
        share.interval, honour=printed.rules.honour_percent / 100, shame=printed.rules.shame_percent / 100
    )
    cells: dict[str, Any] = {
        "rank": unit.ranks[rate], "name": unit.name, "share": percent(share.interval.value),
        "bar": bars.address(picture), "count": share.count, "of": share.of, "interval": interval_text(share),
        "load": _a_member(unit, "window_registered"), "open": unit.counts.get("open", 0),
    }  # fmt: skip
    return cells | ({"visits": _a_member(unit, "visits")} if kind is UnitKind.TEAM else {})


def _cards(printed: Printed, kind: UnitKind, rate: Ranked, units: Sequence[Unit]) -> None:
    rules = printed.rules
    with st.container(key=f"narrow_ranking_{kind.value}", gap="small"):
        for unit in units:
            share = unit.shares[rate]
            load = _("{count} issues a member").format(count=_a_member(unit, "window_registered"))
            below = ui.plain(f"{_('interval {interval}').format(interval=interval_text(share))} · {load}")
            st.button(
                f"**{unit.ranks[rate]} {ui.plain(unit.name)}** {ui.plain(share_text(share))}  \n:small[:gray[{below}]]",
                key=f"ranking_{kind.value}_{unit.id}", width="stretch",
                on_click=opener(_of_unit(RANKED[rate][1].key, kind, unit)),
            )  # fmt: skip
            st.image(
                bars.svg(share.interval, honour=rules.honour_percent / 100, shame=rules.shame_percent / 100),
                width="stretch",
            )


def _left_out(printed: Printed, kind: UnitKind, rate: Ranked, units: Sequence[Unit]) -> None:
    """Name those who have too few cases, with what they have."""
    if not units:
        return
    label = _("{count} with fewer than {least} cases: not ranked").format(
        count=len(units), least=printed.rules.minimum_sample
    )
    with st.expander(label, icon=":material/hourglass_empty:"), st.container(horizontal=True, gap="xsmall"):
        for unit in units:
            st.button(
                f"{ui.plain(unit.name)} {ui.plain(share_text(unit.shares[rate]))}", type="tertiary",
                key=f"left_{kind.value}_{unit.id}", on_click=opener(_of_unit(RANKED[rate][1].key, kind, unit)),
            )  # fmt: skip


def _of_unit(figure: str, kind: UnitKind, unit: Unit) -> Opened:
    named: Mapping[str, int] = {"department_id" if kind is UnitKind.DEPARTMENT else "team_id": unit.id}
    return Opened(figure, **named)  # type: ignore[arg-type]  # one of the two


def _a_member(unit: Unit, figure: str) -> str:
    load = unit.load(figure)
    return "–" if load is None else format_number(round(load, 1))
