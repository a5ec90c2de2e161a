"""Subscribing to the weekly digest, for whoever answers for the whole zone."""

import streamlit as st

from core.i18n import gettext as _
from pages.common import ui
from services import accounts
from services.accounts import Profile
from services.actor import Actor
from services.permissions import Action, Scope, scope

_KEY = "weekly_digest"


def digest(actor: Actor, own: Profile) -> None:
    """Offer the digest: on Monday, about the week before, into the inbox and by the person's own channels."""
    if scope(actor, Action.PROGRESS_VIEW) is not Scope.ZONE:
        return
    st.subheader(_("Weekly digest"), anchor=False)
    st.session_state[_KEY] = own.weekly_digest
    st.toggle(
        _("Send me the figures of the week before every Monday morning"), key=_KEY, on_change=_changed, args=(actor,)
    )


def _changed(actor: Actor) -> None:
    wanted = bool(st.session_state[_KEY])
    accounts.subscribe(actor, wanted=wanted)
    ui.flash(_("You will get the weekly digest.") if wanted else _("You will get no more weekly digests."))
