"""Official papers to take away: the dispatch sheet of an issue, the ledger as it is filtered."""

from functools import partial

import streamlit as st

from core import clock
from core.i18n import gettext as _
from core.i18n import in_locale
from services import exporting
from services.actor import Actor
from services.documents import docx
from services.issues.dispatch_sheet import dispatch_sheet
from services.issues.ledger import Query
from services.issues.ledger_xlsx import Paper, ledger_workbook
from services.permissions import Action, allows

_PAPERS: tuple[Paper, ...] = ("A3", "A4")


def issue_downloads(actor: Actor, issue_id: int, number: str) -> None:
    """Offer the dispatch sheet of an issue to whoever may export it; it is made when the button is pressed.

    Args:
        actor: who looks.
        issue_id: the issue.
        number: its number, for the name of the file.
    """
    if not allows(actor, Action.ISSUE_EXPORT):
        return
    st.download_button(
        _("Dispatch sheet"),
        partial(_sheet, actor, issue_id),
        file_name=f"{_('Dispatch sheet')}-{number}.docx",
        mime=docx.TYPE,
        key=f"dispatch_sheet_{issue_id}",
        icon=":material/print:",
        on_click="ignore",
        help=_("A Word document to print, sign and file"),
    )


def ledger_downloads(actor: Actor, query: Query) -> None:
    """Offer the official ledger of the issues a query leaves, on either paper, to whoever may export it.

    Args:
        actor: who looks.
        query: search, filters and order of the ledger at present.
    """
    if not allows(actor, Action.ISSUE_EXPORT):
        return
    with st.popover(_("Official ledger"), icon=":material/print:", type="tertiary", key="official_ledger"):
        st.caption(_("Everything that search and filters leave, laid out to be printed in landscape."))
        for paper in _PAPERS:
            st.download_button(
                _("Excel for {paper} paper").format(paper=paper),
                partial(_ledger, actor, query, paper),
                file_name=f"{_('Issue ledger')}-{clock.today():%Y%m%d}.xlsx",
                mime=exporting.XLSX_TYPE,
                key=f"official_ledger_{paper}",
                on_click="ignore",
                width="stretch",
            )


def _sheet(actor: Actor, issue_id: int) -> bytes:
    with in_locale(actor.locale):  # Streamlit asks for the file outside the page's run
        return dispatch_sheet(actor, issue_id).content


def _ledger(actor: Actor, query: Query, paper: Paper) -> bytes:
    with in_locale(actor.locale):
        return ledger_workbook(actor, query, paper=paper)
