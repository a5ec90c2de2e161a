"""Figures as buttons: each opens the frozen rows it counts."""

from collections.abc import Sequence

import streamlit as st

from core.i18n import format_number
from core.i18n import gettext as _
from models.bulletin import Ranked
from models.issue import IssueKind, IssueState
from pages.bulletin.parts.opening import opener
from pages.common import ui
from services.bulletin.catalogue import FIGURES
from services.bulletin.printed import Part, Printed
from services.bulletin.reading import Opened, opened_by
from services.bulletin.writing import interval_text, percent, share_text, whose_of
from services.tallies.measures import PAIRS, Rate

_WORSE = frozenset({"open", "overdue", "carded", "late", "uncalled", "promises_overdue", "commitments_overdue"})
"""Figures of which more is worse."""
_LABELS = {each.value: each.label for each in (*IssueKind, *IssueState)}


def tiles(printed: Printed, keys: Sequence[str], *, key: str) -> None:
    """Show figures side by side, each a button with its change; two in a row on a phone."""
    with st.grid(columns=min(max(len(keys), 3), 6), min_column_width=150, key=f"figures_{key}"):
        for each in keys:
            st.button(
                _face(printed, each), key=f"figure_{each}", width="stretch", wrap=True, on_click=opener(Opened(each)),
                disabled=not printed.count(each),
            )  # fmt: skip


def rates(printed: Printed) -> None:
    """Show the four rates of the month with their intervals; both counts of each are buttons."""
    with st.grid(columns=4, min_column_width=160, key="rates"):
        for rate in Rate:
            _rate(printed, rate)


def overdue(printed: Printed) -> None:
    """Show with whom what is overdue is as a row of buttons, the most first."""
    with st.container(horizontal=True, gap="xsmall"):
        for place, part in enumerate(printed.overdue):
            st.button(
                f"{ui.plain(whose_of(part))} **{format_number(part.count)}**", key=f"part_overdue_{place}",
                type="tertiary", on_click=opener(opened_by(printed, part)),
            )  # fmt: skip


def parts(found: Sequence[Part], *, figure: str, field: str, names: dict[str, str] | None = None) -> None:
    """Show how a figure divides as a row of buttons, the most first."""
    with st.container(horizontal=True, gap="xsmall"):
        for place, part in enumerate(found):
            name = (names or {}).get(part.key) or part.name or _(_LABELS.get(part.key, "")) or part.key or _("None")
            st.button(
                f"{ui.plain(name)} **{format_number(part.count)}**", key=f"part_{figure}_{field}_{place}",
                type="tertiary", on_click=opener(_narrowed(figure, field, part.key)),
            )  # fmt: skip


def _narrowed(figure: str, field: str, value: str) -> Opened:
    return Opened(figure, **{field: value})  # type: ignore[arg-type]  # kind, state or category


def _face(printed: Printed, key: str) -> str:
    change = printed.change(key)
    shown = ""
    if change:
        bad = (change > 0) == (key in _WORSE)
        colour = "gray" if key not in _WORSE and change < 0 else "red" if bad else "green"
        shown = f" :small[:{colour}[{'↑' if change > 0 else '↓'}{format_number(abs(change))}]]"
    return f"**{format_number(printed.count(key))}**{shown}  \n:small[{ui.plain(_(FIGURES[key].label))}]"


def _rate(printed: Printed, rate: Rate) -> None:
    part, whole = PAIRS[rate]
    share = printed.share(part.value, whole.value)
    with st.container(border=True, gap="xsmall"):
        st.markdown(f":small[:gray[{_(Ranked.of(rate.value).label)}]]")
        st.markdown(f"### {percent(share.interval.value) if share.of else '–'}")
        before = printed.share_before(part.value, whole.value)
        was = _("month before {share}").format(share=share_text(before)) if before and before.of else ""
        interval = _("interval {interval}").format(interval=interval_text(share)) if share.of else ""
        st.caption(ui.plain(" · ".join(each for each in (interval, was) if each)) or "–")
        with st.container(horizontal=True, gap="xsmall"):
            for measure in (part, whole):
                count = printed.count(measure.value)
                st.button(
                    f"{ui.plain(_(measure.label))} **{format_number(count)}**", type="tertiary", disabled=not count,
                    key=f"rate_{rate.value}_{measure.value}", on_click=opener(Opened(measure.value)),
                )  # fmt: skip
