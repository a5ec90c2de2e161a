import streamlit as st

from core.errors import NotFoundError
from core.i18n import gettext as _
from models.lifecycle import Verb
from pages.common import ui
from pages.common.links import go, number_asked
from pages.issues.parts import (
    actions,
    attachments,
    downloads,
    head,
    joint,
    kept,
    kind,
    layout,
    log,
    need,
    pressed,
    reminders,
    same,
    seen,
    talk,
)
from pages.issues.parts.forms import take_of
from pages.shell.session import current_actor
from services.actor import Actor
from services.issues import joining, reading
from services.issues.reading import Shown


def page() -> None:
    """Show everything about one issue, and let the person take their next step with it."""
    actor = current_actor()
    shown = _asked(actor)
    if shown is None:
        return
    with ui.header(shown.enterprise.name, f"{shown.issue.number} · {' › '.join(shown.place)}"):
        downloads.issue_downloads(actor, shown.id, shown.issue.number)
        _buttons()
    head.head(shown)
    seen.tell_news(actor, shown)
    left, act, beside = layout.board()
    with act:
        actions.actions(actor, shown)
    with left:
        need.need(shown)
        need.result(shown)
        joint.tasks(shown)
        talk.conversation(actor, shown)
        _files(actor, shown)
        joint.links(shown)
        same.same_matter(actor, shown)
    with beside:
        need.enterprise(actor, shown)
        kind.issue_class(actor, shown)
        reminders.reminders(actor, shown.id)
        log.time_line(shown)
    kept.watch(actor, shown)


def _asked(actor: Actor) -> Shown | None:
    issue_id = number_asked("issue") or _of_task(actor)
    if issue_id is None:
        below = ui.empty(_("No issue chosen"), _("Open one from the ledger."), icon="report")
    else:
        pressed.take(actor, issue_id, take_of)
        try:
            return reading.read(actor, issue_id)
        except NotFoundError as problem:
            hint = _("It may have gone on to somebody else.")
            below = ui.empty(str(problem), hint, icon="report_off")
    with below:
        _buttons()
    if issue_id is not None:
        _typed(issue_id)
    return None


def _of_task(actor: Actor) -> int | None:
    """Return the issue of the task the address names: reminders of tasks lead here."""
    task_id = number_asked("task")
    try:
        return None if task_id is None else joining.issue_of(actor, task_id)
    except NotFoundError:
        return None


def _typed(issue_id: int) -> None:
    """Give back what was entered for an issue that went out of sight before it could be stored."""
    texts = pressed.typed(issue_id)
    if texts:
        st.markdown(_("What you entered, to copy:"))
    for text in texts:
        st.code(text, language=None, wrap_lines=True)


def _files(actor: Actor, shown: Shown) -> None:
    with st.container(border=True, gap="small"):
        st.markdown(f"**{_('Attachments')}**")
        attachments.attachments(actor, shown.id, may_add=Verb.ATTACH in shown.allowed)


def _buttons() -> None:
    if st.button(_("Issue ledger"), key="ledger", icon=":material/arrow_back:", type="tertiary"):
        go("issues/ledger.py")


page()
