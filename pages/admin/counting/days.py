"""Forms of the calendar's year: single days, and the notice of a year."""

from datetime import date

import streamlit as st

from core.i18n import N_, format_date
from core.i18n import gettext as _
from models.configuration import CalendarDay, DayKind
from pages.admin.counting import review
from pages.common import fields, ui
from pages.common.options import apart
from services.actor import Actor
from services.counting import DaysChange, NoticeChange, NoticeRemoval, Refresh, reading
from services.counting.reading import YearShown
from services.working_time import explaining

_PUBLISHED = "published"


def pressed(day: str) -> None:
    """Open the form for a day pressed in the year; a browser may send anything."""
    try:
        found = date.fromisoformat(day)
    except ValueError:
        return
    review.open_form("days", found)


def change(actor: Actor, day: date) -> None:
    """Show the form that changes days, beginning with one."""
    slots: fields.Slots = {}
    told = reading.day_shown(actor, day)
    st.caption(f"{day.isoformat()} {explaining.weekday(told)} · {ui.plain(explaining.reason(told))}")
    left, right = st.columns(2)
    first = left.date_input(_("First day"), day, key=f"counting_first_{day}", format="YYYY-MM-DD")
    last = right.date_input(_("Last day"), day, key=f"counting_last_{day}", format="YYYY-MM-DD")
    slots["last"] = st.empty()
    kinds = {value: _(label) for value, label in _KINDS.items()}
    kind = st.segmented_control(
        _("These days are"), list(kinds), format_func=apart(kinds), key="counting_kind",
        default=(DayKind.HOLIDAY if told.counted else DayKind.WORKDAY).value, required=True, width="stretch",
    )  # fmt: skip
    name = st.text_input(_("Name"), key="counting_name", max_chars=100, placeholder=_("such as: power cut"))
    if st.button(_("Preview"), key="counting_days", type="primary", width="stretch"):
        wanted = None if kind == _PUBLISHED else DayKind.of(str(kind))
        review.ask(actor, DaysChange(first, last, wanted, name), slots)


def own_days(shown: YearShown) -> None:
    """List the days that depart from what was published."""
    if not shown.own:
        return
    with st.expander(_("Own days ({count})").format(count=len(shown.own)), expanded=len(shown.own) < 8):
        for row in shown.own:
            st.markdown(_line(row))


_KINDS = {DayKind.HOLIDAY.value: N_("Day off"), DayKind.WORKDAY.value: N_("Working"), _PUBLISHED: N_("As published")}


def banner(actor: Actor, shown: YearShown) -> None:
    """Say whether the year is certain, and offer what can be done about it."""
    if not shown.published:
        st.warning(
            _(
                "The holiday notice of {year} is not in the calendar yet: only the holidays fixed by law are known, no "
                "make-up days. Deadlines in {year} are provisional and are recomputed when the notice is entered."
            ).format(year=shown.year),
            icon=":material/pending:",
        )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if shown.published:
            st.caption(_source(shown), width="content")
        if not reading.known_to_product(shown.year) and st.button(
            _("Enter the notice of {year}").format(year=shown.year), key="counting_notice", icon=":material/post_add:",
            type="secondary" if shown.published else "primary",
        ):  # fmt: skip
            review.open_form("notice", shown.year)
        if shown.notice and st.button(_("Take back"), key="counting_take_back"):
            review.ask(actor, NoticeRemoval(shown.year))
        if st.button(_("Check running deadlines"), key="counting_refresh", type="tertiary", icon=":material/sync:"):
            review.ask(actor, Refresh())


def notice(actor: Actor, year: int) -> None:
    """Show the form that takes the notice of a year."""
    slots: fields.Slots = {}
    st.caption(_("Paste the text of the notice as the State Council published it; the days are read from it."))
    text = st.text_area(
        _("Text of the notice"), key="notice_text", height=260,
        placeholder="一、元旦：1月1日（周五）至3日（周日）放假，共3天。\n二、春节：……放假调休，共9天。……（周六）上班。",
    )  # fmt: skip
    slots["text"] = st.empty()
    left, right = st.columns([1, 2])
    published = left.date_input(_("Published on"), value=None, key="notice_published", format="YYYY-MM-DD")
    source = right.text_input(_("Source"), key="notice_source", max_chars=300, placeholder="国办发明电〔2026〕7号")
    change = NoticeChange(year, published, source, text)
    days = change.read().days
    if days:
        off, worked = [each for each in days if each.off], [each for each in days if not each.off]
        st.caption(
            _("{off} days off and {worked} make-up working days were read.").format(off=len(off), worked=len(worked))
        )
    if st.button(_("Preview"), key="notice_preview", type="primary"):
        review.ask(actor, change, slots)


def _source(shown: YearShown) -> str:
    if shown.notice is None:
        return _("As published by the State Council.")
    parts = [shown.notice.source, format_date(shown.notice.published_on)]
    return _("As entered from the notice: {source}").format(source=ui.plain(" ".join(filter(None, parts))) or "–")


def _line(row: CalendarDay) -> str:
    kind = _(_KINDS[row.kind.value])
    return f"{row.day.isoformat()} · {kind}" + (f" · {ui.plain(row.name)}" if row.name else "")
