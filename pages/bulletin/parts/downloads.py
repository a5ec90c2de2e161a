"""A bulletin as files, each made only when its button is pressed."""

from functools import partial

import streamlit as st

from core.i18n import gettext as _
from core.i18n import in_locale, locale
from services import exporting
from services.actor import Actor
from services.bulletin import naming, sheets
from services.bulletin.reading import Shown


def downloads(actor: Actor, shown: Shown) -> None:
    """Offer the bulletin as files."""
    with st.popover(_("Download"), icon=":material/download:", key="downloads"):
        st.download_button(
            _("Excel workbook"), partial(_workbook, actor, shown.bulletin.pk, locale()), key="download_xlsx",
            file_name=f"{naming.numbered(shown.bulletin.month)}.xlsx", mime=exporting.XLSX_TYPE, on_click="ignore",
            width="stretch",
        )  # fmt: skip


def _workbook(actor: Actor, bulletin_id: int, language: str) -> bytes:
    with in_locale(language):  # Streamlit asks for the file outside the page's run
        return sheets.workbook(actor, bulletin_id)
