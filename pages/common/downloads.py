"""Buttons that hand a list out as a file, made only when one is pressed."""

from functools import partial
from typing import Literal

import streamlit as st

from core import clock
from core.i18n import gettext as _
from core.i18n import in_locale
from services import exporting
from services.actor import Actor
from services.entities import Entity, Query
from services.permissions import allows

_TYPES: dict[Literal["xlsx", "csv"], str] = {"xlsx": exporting.XLSX_TYPE, "csv": exporting.CSV_TYPE}


def export_menu(actor: Actor, entity: Entity, query: Query) -> None:
    """Offer the whole list that search and filters leave as Excel and CSV, to whom may have it."""
    if not allows(actor, entity.exporting or entity.view):
        return
    with st.popover(_("Export"), icon=":material/download:", type="tertiary", key=f"{entity.key}_export"):
        st.caption(_("Everything that search and filters leave, not only this page."))
        for form, media_type in _TYPES.items():
            st.download_button(
                _("Excel workbook") if form == "xlsx" else _("CSV file"),
                partial(_content, actor, entity, query, form),
                file_name=f"{_(entity.labels)}-{clock.today():%Y%m%d}.{form}",
                mime=media_type,
                key=f"{entity.key}_export_{form}",
                on_click="ignore",
                width="stretch",
            )


def _content(actor: Actor, entity: Entity, query: Query, form: Literal["xlsx", "csv"]) -> bytes:
    with in_locale(actor.locale):  # Streamlit asks for the file outside the page's run
        return exporting.export(actor, entity, query, form=form)
