from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from core.i18n import gettext as _
from models.configuration import Extensible
from pages.common import address, fields
from pages.common.entity_page import entity_page
from pages.shell.session import current_actor
from services.configuration.extra_fields import extra_fields_of, previewed

_OF = "_of"


def page() -> None:
    """Give enterprises, visits and issues fields of their own."""
    given = address.read(_OF)
    entity = Extensible(given) if given in list(Extensible) else Extensible.ENTERPRISE  # type: ignore[call-arg]  # a member by its value
    entity_page(
        extra_fields_of(entity),
        caption=_("Fields of your own; they appear in forms, lists, filters, imports and exports at once."),
        above=_switch,
        preview=partial(_preview, entity),
    )


def _switch() -> None:
    address.switch(_OF, {entity.value: _(entity.label) for entity in Extensible}, _("Entity"))


def _preview(entity: Extensible, entered: Mapping[str, Any]) -> None:
    with st.container(border=True):
        st.caption(_("Preview"))
        spec = previewed(current_actor(), entity, entered)
        if spec is None:
            st.markdown(_("The field appears here once it has a name and a kind."))
            return
        fields.field_input(spec, None, key=f"extra_field_preview_{spec.kind}")


page()
