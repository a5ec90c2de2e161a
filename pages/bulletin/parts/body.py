"""A bulletin as it is read: its text, and after each section the figures it speaks of, as ways to their rows."""

from collections.abc import Callable

import streamlit as st

from core.i18n import gettext as _
from pages.bulletin.parts import numbers, ranking
from pages.bulletin.parts.opening import opener
from pages.common import ui
from services.bulletin import naming, writing
from services.bulletin.printed import Printed, Unit, UnitKind
from services.bulletin.reading import Opened, Shown

_NUMERALS = "一二三四五六七八九十"


def show(shown: Shown, language: str) -> None:
    """Show it in the present language.

    Args:
        shown: the bulletin.
        language: that language; Chinese numbers sections as official documents do.
    """
    st.markdown(f"#### {ui.plain(naming.title(shown.bulletin.month))}")
    st.markdown(ui.plain(writing.opening(shown.bulletin)))
    for place, section in enumerate(writing.sections(shown.bulletin, shown.printed)):
        number = f"{_NUMERALS[place]}、" if language == "zh_CN" else f"{place + 1}. "
        st.subheader(ui.plain(f"{number}{section.heading}"), anchor=False)
        if section.key != "flags":
            for paragraph in section.paragraphs:
                st.markdown(ui.plain(paragraph))
        if section.key in _AFTER:
            _AFTER[section.key](shown.printed)


def _overall(printed: Printed) -> None:
    numbers.tiles(
        printed,
        ("registered", "resolved_now", "closed_now", "open", "visits", "enterprises"),
        key="overall",
    )
    numbers.rates(printed)
    with st.expander(_("By kind, state and category"), icon=":material/donut_small:"):
        names = {part.key: part.name for part in printed.categories}
        for label, field, found in (
            (_("Kind"), "kind", printed.kinds), (_("State"), "state", printed.states),
            (_("Category"), "category", printed.categories),
        ):  # fmt: skip
            st.markdown(f":small[:gray[{label}]]")
            numbers.parts(found, figure="registered", field=field, names=names)


def _ranking(printed: Printed) -> None:
    st.caption(
        _(
            "Ranked by the lower end of the interval: what each reaches at least, whatever luck did. "
            "The line shows the interval; press a number for its rows."
        )
    )
    for kind in UnitKind:
        ranking.show(printed, kind)


def _lists(printed: Printed) -> None:
    with st.grid(columns=2, min_column_width=300, key="lists"):
        _list(printed, _("Honour list"), "green", "emoji_events", printed.honoured)
        _list(printed, _("Shame list"), "red", "report", printed.shamed)


def _list(
    printed: Printed, title: str, colour: str, icon: str, chosen: Callable[[UnitKind], list[Unit]]
) -> None:  # fmt: skip
    with st.container(border=True, gap="small"):
        st.markdown(f"**:{colour}[:material/{icon}: {title}]**")
        named = [(kind, unit) for kind in UnitKind for unit in chosen(kind)]
        if not named:
            st.caption(_("Nobody"))
        for kind, unit in named:
            rate = printed.rules.rate(kind)
            opened = Opened(f"window_{_WHOLE[rate.value]}" if rate.value in _WHOLE else "window_planned")
            st.button(
                f"{ui.plain(unit.name)} {ui.plain(writing.share_text(unit.shares[rate]))}",
                key=f"list_{colour}_{kind.value}_{unit.id}", type="tertiary",
                on_click=opener(_of(opened, kind, unit)),
            )  # fmt: skip


_WHOLE = {"response": "answerable", "on_time": "resolved", "resolution": "called_back", "satisfaction": "rated"}


def _of(opened: Opened, kind: UnitKind, unit: Unit) -> Opened:
    if kind is UnitKind.DEPARTMENT:
        return Opened(opened.figure, department_id=unit.id)
    return Opened(opened.figure, team_id=unit.id)


def _overdue(printed: Printed) -> None:
    numbers.overdue(printed)
    numbers.tiles(
        printed,
        ("overdue", "carded", "promised", "kept", "promises_overdue", "commitments_overdue"),
        key="overdue",
    )


def _last_month(printed: Printed) -> None:
    numbers.tiles(
        printed, ("last_registered", "last_resolved", "last_solved", "last_verified", "last_open"), key="last_month"
    )


def _flags(printed: Printed) -> None:
    st.caption(_("These are questions to be looked into, not findings."))
    for flag in printed.flags:
        st.button(
            ui.plain(writing.flag_text(flag, printed)), key=f"flag_{flag.mark}", icon=":material/flag:", wrap=True,
            type="tertiary", on_click=opener(Opened(flag.mark)),
        )  # fmt: skip


def _classes(printed: Printed) -> None:
    with st.container(horizontal=True, gap="xsmall"):
        for line in printed.classes:
            st.button(
                f"{ui.plain(line.title)} **{line.month}**", key=f"class_{line.id}", type="tertiary",
                disabled=not line.month, on_click=opener(Opened(line.mark)),
            )  # fmt: skip


_AFTER: dict[str, Callable[[Printed], None]] = {
    "overall": _overall,
    "ranking": _ranking,
    "lists": _lists,
    "overdue": _overdue,
    "last_month": _last_month,
    "classes": _classes,
    "flags": _flags,
}
