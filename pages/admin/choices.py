import streamlit as st

from core.i18n import gettext as _
from pages.common import address
from pages.common.entity_page import entity_page
from pages.shell.session import current_actor
from services import entities
from services.configuration.choice_lists import CHOICE_LISTS, choice_items
from services.entities import Query

_OF = "_of"


def page() -> None:
    """Keep the values that fields can have: industries, issue categories and lists of your own."""
    rows = entities.find(current_actor(), CHOICE_LISTS, Query(page_size=500)).rows
    lists = {str(row["key"]): str(row["name"]) for row in rows}
    if not lists:
        entity_page(CHOICE_LISTS)
        return
    given = address.read(_OF)
    chosen = given if given in lists else next(iter(lists))
    entity_page(
        choice_items(chosen),
        title=_("Choice lists"),
        caption=_("The values that fields offer. A value may lie below another, as subcategories do."),
        above=lambda: _switch(lists),
    )


def _switch(lists: dict[str, str]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        address.switch(_OF, lists, _("List"))
        st.page_link("../admin/choice_lists.py", label=_("Edit the lists"), icon=":material/edit_note:")


page()
