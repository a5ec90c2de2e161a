"""What visits brought back: each question summed up, and every answer as a workbook."""

import streamlit as st

from core import clock
from core.i18n import format_date, format_number, format_percent, ngettext
from core.i18n import gettext as _
from models.answers import Summary
from models.campaign import Campaign
from models.fields import FieldKind
from pages.campaigns.question_text import kind_icon
from pages.common import ui
from pages.common.fields import shown
from services.actor import Actor
from services.campaigns import answers
from services.exporting import XLSX_TYPE
from services.permissions import Action, allows

_NUMBERS = (FieldKind.INTEGER, FieldKind.NUMBER)


def answers_tab(actor: Actor, campaign: Campaign) -> None:
    """Show what the answers to each question add up to."""
    count, summaries = answers.summaries(actor, campaign.pk)
    if not count:
        ui.empty(_("No record yet"), _("As visits are recorded, their answers add up here."), icon="bar_chart")
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        text = ngettext("{count} record", "{count} records", count).format(count=format_number(count))
        st.caption(text, width="content")
        if allows(actor, Action.VISIT_EXPORT):
            _download(actor, campaign)
    with st.grid(columns=2, min_column_width=320):
        for summary in summaries:
            _question(summary, count)


def _download(actor: Actor, campaign: Campaign) -> None:
    st.download_button(
        _("All answers as Excel"),
        lambda: answers.export(actor, campaign.pk),
        f"{campaign.name}-{clock.today():%Y%m%d}.xlsx",
        XLSX_TYPE,
        key="export_answers",
        icon=":material/download:",
        on_click="ignore",
    )


def _question(summary: Summary, count: int) -> None:
    spec = summary.spec
    with st.container(border=True, height="stretch"):
        st.markdown(f"{kind_icon(spec.kind)} **{ui.plain(spec.label)}**")
        text = _("{answered} of {count} answered").format(answered=summary.answered, count=count)
        st.caption(text)
        if not summary.answered:
            return
        if spec.kind in _NUMBERS:
            _numbers(summary)
        if spec.kind is FieldKind.RATING:
            st.markdown(f"### ★ {summary.mean:.1f}")
        if summary.counts:
            _bars(summary)
        if summary.first_day and summary.last_day:
            st.markdown(f"{format_date(summary.first_day)} – {format_date(summary.last_day)}")
        if summary.files:
            st.markdown(ngettext("{count} file", "{count} files", summary.files).format(count=summary.files))
        for answer, enterprise, day in summary.latest:
            st.markdown(
                f"{ui.plain(shown(spec, answer))}  \n:small[:gray[{ui.plain(enterprise)} · {format_date(day)}]]"
            )


def _numbers(summary: Summary) -> None:
    cells = [
        (_("Sum"), summary.total),
        (_("Average"), round(summary.mean or 0, 1)),
        (_("Smallest"), min(summary.numbers)),
        (_("Largest"), max(summary.numbers)),
    ]
    with st.container(horizontal=True, gap="medium"):
        for label, value in cells:
            st.metric(label, format_number(value), width="content")


def _bars(summary: Summary) -> None:
    for label, number in summary.counts.items():
        share = number / summary.answered
        text = f"{ui.plain(label)} :gray[· {format_number(number)} · {format_percent(share)}]"
        st.progress(min(1.0, share), text)
