"""The files of an enterprise, on its profile."""

from functools import partial

import streamlit as st

from core.i18n import gettext as _
from pages.common.attaching import Shelf
from pages.common.attachments import shelf
from services.actor import Actor
from services.enterprises import attachments as services


def files(actor: Actor, enterprise_id: int, *, may_add: bool) -> None:
    """Show the files of an enterprise, such as its licence or a signed letter; folded away until asked for.

    Args:
        actor: who looks.
        enterprise_id: the enterprise.
        may_add: whether the actor may change its record; services ask again.
    """
    with st.expander(
        _("Files"), icon=":material/attach_file:", key=f"files_{enterprise_id}", on_change="rerun"
    ) as part:
        if part.open:
            where = Shelf(
                key=f"enterprise_{enterprise_id}",
                attached=partial(services.attached, actor, enterprise_id),
                attach=partial(services.attach, actor, enterprise_id),
                withdraw=partial(services.withdraw, actor),
            )
            shelf(actor, where, may_add=may_add)
