import streamlit as st

from core.i18n import gettext as _
from pages.common import entity_list, ui
from pages.common.links import asked, go
from pages.enterprises.back import LIST_ADDRESS
from pages.shell.session import current_actor
from services.actor import Actor
from services.enterprises import ENTERPRISES, duplicates, listing
from services.permissions import Action, allows

_OPENED = "opened_enterprise"


def page() -> None:
    """Show the enterprises the person is responsible for; a click on one opens its profile."""
    actor = current_actor()
    st.session_state[LIST_ADDRESS] = asked()
    if opened := st.session_state.pop(_OPENED, None):
        go("enterprises/profile.py", enterprise=opened)
    with ui.header(_("Enterprises"), _("A click on a row opens the enterprise’s profile.")):
        _buttons(actor)
    query, found = entity_list.view(actor, ENTERPRISES, listing.describe(actor), narrow=listing.narrow)
    if found.rows:
        entity_list.table(ENTERPRISES, query, listing.with_columns(actor, found), _open)
    elif allows(actor, Action.ENTERPRISE_IMPORT):
        entity_list.nothing(query, ENTERPRISES, _("Enter one, or import a list from Excel."))
    else:
        entity_list.nothing(query, ENTERPRISES, _("A coordinator imports them."))


def _buttons(actor: Actor) -> None:
    if not allows(actor, Action.ENTERPRISE_EDIT):
        return
    if (waiting := duplicates.count(actor)) and st.button(
        _("{count} perhaps twice").format(count=waiting), key="duplicates", icon=":material/content_copy:"
    ):
        go("enterprises/duplicates.py")
    if allows(actor, Action.ENTERPRISE_IMPORT) and st.button(_("Import"), key="import", icon=":material/upload_file:"):
        go("imports/start.py", entity=ENTERPRISES.key)
    if st.button(_("New enterprise"), key="new", type="primary", icon=":material/add:"):
        go("enterprises/edit.py")


def _open(enterprise_id: int) -> None:
    """Remember what was pressed: a callback runs before the page and cannot leave it."""
    st.session_state[_OPENED] = enterprise_id


page()
