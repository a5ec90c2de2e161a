"""The forms that ask for more time or for none to run, with the deadline they would lead to."""

from datetime import date

import streamlit as st

from core.errors import InvalidError
from core.i18n import gettext as _
from core.i18n import ngettext
from models.worktime import Deadline
from pages.issues.parts.pressed import Values
from services import issues
from services.actor import Actor
from services.issues import choosing
from services.issues.reading import Shown
from services.working_time import explaining


def preview(actor: Actor, shown: Shown, prefix: str) -> None:
    """Show the deadline that the days entered would give."""
    days = st.session_state.get(f"{prefix}_days")
    found = choosing.extended(actor, shown.id, int(days)) if days else None
    if found is not None:
        _tell(found)


def asked(days: int, granted: Deadline) -> None:
    """Show how many working days more are asked for, and the deadline they would give."""
    st.markdown(ngettext("{count} working day more", "{count} working days more", days).format(count=days))
    _tell(granted)


def request(actor: Actor, issue_id: int, values: Values, seen: int) -> str:
    """Ask for more working days."""
    issues.request_extension(actor, issue_id, int(values.get("days") or 0), values.get("reason") or "", seen=seen)
    return _("The extension is asked for; the clock stands still until it is decided.")


def request_shelving(actor: Actor, issue_id: int, values: Values, seen: int) -> str:
    """Ask to shelve the issue."""
    issues.request_shelving(actor, issue_id, _day(values), values.get("reason") or "", seen=seen)
    return _("Shelving is asked for; the clock stands still until it is decided.")


def approve_shelving(actor: Actor, issue_id: int, values: Values, seen: int) -> str:
    """Shelve the issue."""
    issues.approve_shelving(actor, issue_id, review_on=_day(values), note=values.get("note") or "", seen=seen)
    return _("The issue is shelved.")


def _day(values: Values) -> date:
    chosen = values.get("review_on")
    if not isinstance(chosen, date):
        raise InvalidError({"review_on": _("Choose the day on which it is looked at again.")})
    return chosen


def _tell(found: Deadline) -> None:
    st.info(_("If granted today: {deadline}").format(deadline=explaining.summary(found)), icon=":material/event:")
