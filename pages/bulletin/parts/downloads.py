"""A bulletin as files, each made only when its button is pressed."""

from functools import partial

import streamlit as st

from core.i18n import gettext as _
from core.i18n import in_locale, locale
from services import exporting, fonts
from services.actor import Actor
from services.bulletin import documents, naming, sheets
from services.bulletin.documents import Form
from services.bulletin.reading import Shown


def downloads(actor: Actor, shown: Shown, language: str) -> None:
    """Offer the bulletin as files.

    Args:
        actor: who asks.
        shown: the bulletin.
        language: that of its text, in which the documents are written too.
    """
    name = naming.numbered(shown.bulletin.month)
    without = "" if fonts.chinese() else str(fonts.NoChineseFontError())
    offered: tuple[tuple[Form, str], ...] = (("docx", _("Word document")), ("pdf", _("PDF document")))
    with st.popover(_("Download"), icon=":material/download:", key="downloads"):
        for form, label in offered:
            st.download_button(
                label, partial(_document, actor, shown.bulletin.pk, language, form), key=f"download_{form}",
                file_name=f"{name}.{form}", mime=documents.TYPES[form], on_click="ignore", width="stretch",
                disabled=bool(without), help=without or None,
            )  # fmt: skip
        st.download_button(
            _("Excel workbook"), partial(_workbook, actor, shown.bulletin.pk, locale()), key="download_xlsx",
            file_name=f"{name}.xlsx", mime=exporting.XLSX_TYPE, on_click="ignore", width="stretch",
        )  # fmt: skip


def _document(actor: Actor, bulletin_id: int, language: str, form: Form) -> bytes:
    with in_locale(language):  # Streamlit asks for the file outside the page's run
        return documents.document(actor, bulletin_id, form)


def _workbook(actor: Actor, bulletin_id: int, language: str) -> bytes:
    with in_locale(language):  # as above
        return sheets.workbook(actor, bulletin_id)
