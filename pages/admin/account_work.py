"""What an account still has to do, for whoever would deactivate it."""

import streamlit as st

from core.i18n import gettext as _
from core.i18n import ngettext
from pages.common import ui
from services import accounts
from services.accounts import OpenWork
from services.actor import Actor


def work_in_hand(actor: Actor, account_id: int) -> None:
    """Show how much of each kind somebody has in hand and who sees to it without them; nothing if there is none."""
    found = accounts.open_work(actor, account_id)
    if not found:
        return
    st.markdown(ui.labelled(_("Work in hand"), ui.plain(" · ".join(_parts(found)))))
    if found.leads:
        st.caption(_("Before it is deactivated, name another lead under “Service teams”."))
    st.caption(_("Deactivated, it stops at once; leads and coordinators, or the department, are reminded of its work."))


def _parts(found: OpenWork) -> list[str]:
    counted = [
        (found.visits, ngettext("{count} open visit", "{count} open visits", found.visits)),
        (found.issues, ngettext("{count} issue to act on", "{count} issues to act on", found.issues)),
        (found.promises, ngettext("{count} promise to keep", "{count} promises to keep", found.promises)),
        (found.commitments, ngettext("{count} commitment followed", "{count} commitments followed", found.commitments)),
    ]
    leads = [_("leads {team}").format(team=found.leads)] if found.leads else []
    return [text.format(count=count) for count, text in counted if count] + leads
