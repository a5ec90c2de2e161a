"""How the product is, for administrators."""

import streamlit as st

from core.i18n import format_moment
from core.i18n import gettext as _
from core.settings import settings
from pages.common import ui
from pages.common.links import go
from pages.common.ui import Figure
from services import health, overview
from services.actor import Actor
from services.backups import planning

_PAGES = (
    ("admin/accounts.py", "manage_accounts"),
    ("admin/sessions.py", "devices"),
    ("admin/audit.py", "history"),
)


def system(actor: Actor) -> None:
    """Show figures, what is wrong, and the way to the pages of administration."""
    now = overview.system(actor)
    ui.figures(
        [
            Figure(_("Active accounts"), now.accounts),
            Figure(_("Signed in now"), now.signed_in),
            Figure(_("Work owed"), now.owed, _("Pieces of work that are due: reminders, imports, clean-up")),
            Figure(_("Work that failed"), now.parked, _("Given up after several attempts; the log says why")),
            Figure(_("Imports waiting"), now.imports),
        ]
    )
    parts = {"database": _("The database does not answer as it should."), "queue": _("The queue does not answer.")}
    problems = health.readiness().problems
    for part, problem in problems.items():
        advice = _("“qianqi doctor” says what to do.")
        st.error(f"{parts[part]} {advice}  \n:small[{ui.plain(problem)}]", icon=":material/error:")
    if not problems:
        st.success(_("Database and queue answer; nothing is wrong."), icon=":material/check_circle:")
    _backups()
    labels = (_("Accounts"), _("Sign-ins"), _("Audit log"))
    with st.container(horizontal=True):
        for (page, icon), label in zip(_PAGES, labels, strict=True):
            if st.button(label, key=page, icon=f":material/{icon}:"):
                go(page)


def _backups() -> None:
    """Say when the last backup was made; one that is not well is an error, and real data want backups."""
    found = planning.standing()
    if found is None:
        if settings().mode == "production":
            st.warning(_("No backups are made by themselves: set QIANQI_BACKUP_DIR."), icon=":material/backup:")
        return
    last = format_moment(found.last) if found.last else _("no backup yet")
    if found.well:
        st.caption(":material/backup: " + _("Last backup: {moment}").format(moment=last))
        return
    said = _("The latest backup failed, lacks files or is too old; the last one: {moment}.").format(moment=last)
    advice = _("“qianqi doctor” says what to do.")
    st.error(f"{said} {advice}  \n:small[{ui.plain(found.problem)}]", icon=":material/error:")
