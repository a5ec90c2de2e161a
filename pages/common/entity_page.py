"""A whole page of an entity from its declaration: see `docs/howto-entity.md`."""

from collections.abc import Callable

import streamlit as st

from core.i18n import gettext as _
from pages.common import entity_form, entity_list, ui
from pages.common.links import go
from pages.shell.session import current_actor
from services import entities
from services.actor import Actor
from services.entities import Entity
from services.importing.registry import importable
from services.permissions import allows


def entity_page(
    entity: Entity,
    *,
    title: str = "",
    caption: str = "",
    above: Callable[[], None] | None = None,
    preview: entity_form.Preview | None = None,
) -> None:
    """Show an entity's list with search, filters, order and pages, and its rows in a drawer to see or change them.

    Args:
        entity: the declaration.
        title: the page's title, translated; the entity's own if empty.
        caption: what the page is for, translated.
        above: shows what stands between the title and the list, such as a choice of one of several lists.
        preview: shows below the form what the entered values make.
    """
    actor = current_actor()
    may_edit = allows(actor, entity.edit)
    described = entities.describe(actor, entity)
    with ui.header(title or _(entity.labels), caption):
        _import_button(actor, entity)
        if may_edit:
            st.button(
                _("New: {entity}").format(entity=_(entity.label)), key=f"{entity.key}_new", type="primary",
                icon=":material/add:", on_click=entity_form.open_row, args=(entity_form.NEW,),
            )  # fmt: skip
    if above is not None:
        above()
    entity_form.show_undo(actor, entity)
    query, found = entity_list.view(actor, entity, described)
    if found.rows:
        entity_list.table(entity, query, found, entity_form.open_row)
    else:
        hint = _("Press “New” at the top to make the first one.") if may_edit else _("Nothing has been entered so far.")
        entity_list.nothing(query, entity, hint)
    entity_form.drawer(actor, entity, described, entity_form.Look(preview))


def _import_button(actor: Actor, entity: Entity) -> None:
    if entity.within or entity.key not in {importer.entity.key for importer in importable(actor)}:
        return
    if st.button(_("Import"), key=f"{entity.key}_import", icon=":material/upload_file:"):
        st.session_state["entity"] = entity.key  # what the import page asks first
        go("imports/start.py")
