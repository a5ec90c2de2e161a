"""To which class an issue belongs, and putting it into one."""

import streamlit as st

from core.i18n import gettext as _
from core.text import excerpt
from pages.common import ui
from pages.common.links import go
from pages.common.options import apart
from services import classes, entities
from services.actor import Actor
from services.classes import CLASSES, Belonging
from services.issues.reading import Shown
from services.permissions import Action, allows

_MEASURE = 80


def issue_class(actor: Actor, shown: Shown) -> None:
    """Show to which class an issue belongs, to whoever may see classes."""
    if not allows(actor, Action.CLASS_VIEW):
        return
    found = classes.belonging(actor, shown.id)
    if found.class_id is not None:
        _belongs(found, found.class_id)
    elif allows(actor, Action.CLASS_EDIT) and shown.issue.category:
        _put(actor, shown, found)


def _belongs(found: Belonging, class_id: int) -> None:
    with st.container(border=True, gap="xsmall"):
        st.markdown(f":small[:gray[{_('Belongs to the class')}]]")
        if st.button(ui.inline(found.title), key="issue_class", type="tertiary", icon=":material/category:"):
            go("overview/one_class.py", id=class_id)
        if found.measure:
            st.caption(ui.plain(excerpt(found.measure, _MEASURE)))


def _put(actor: Actor, shown: Shown, found: Belonging) -> None:
    with st.popover(_("Others have this need too"), icon=":material/category:", key="into_class"):
        if found.offered:
            _existing(actor, shown, found)
        _new(actor, shown)


def _existing(actor: Actor, shown: Shown, found: Belonging) -> None:
    chosen = st.selectbox(
        _("Put into the class"), list(found.offered), format_func=apart(found.offered), key="class_chosen"
    )
    if st.button(_("Put in"), key="class_put", type="primary", width="stretch"):
        with ui.told():
            classes.add(actor, chosen, [shown.id])
            ui.flash(_("Put into the class."))
            st.rerun()


def _new(actor: Actor, shown: Shown) -> None:
    names = entities.describe(actor, CLASSES).references["department_id"]
    own = shown.issue.department_id
    department = st.selectbox(
        _("New class, in charge:"), list(names), list(names).index(own) if own in names else None,
        format_func=apart(names), key="class_department", placeholder=_("Department"),
    )  # fmt: skip
    if st.button(_("Begin a class"), key="class_begin", width="stretch", icon=":material/add:"):
        with ui.told(), st.spinner(_("Looking through the ledger of the past year…")):
            go("overview/one_class.py", id=classes.begin(actor, shown.id, department))
