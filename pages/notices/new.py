import streamlit as st

from core.errors import NotFoundError
from core.i18n import gettext as _
from models.reminder import BatchState
from pages.common import address, ui
from pages.common.links import go, number_asked, page_path
from pages.notices.parts.check import check
from pages.notices.parts.choose import choose
from pages.notices.parts.write import write
from pages.shell.session import current_actor
from services.actor import Actor
from services.notices import reading
from services.notices.reading import Standing


def page() -> None:
    """Write a notice in three steps: to whom, what, check and send. The draft is kept from the first step on."""
    actor = current_actor()
    st.page_link(page_path("notices/list.py"), label=_("Notices"), icon=":material/arrow_back:")
    draft = _draft(actor)
    number = f"{draft.batch.number} · " if draft else ""
    ui.header(_("Write a notice"), number + _("The draft is kept; you may leave and come back."))
    step = _step(draft)
    ui.steps([_("Audience"), _("What"), _("Check and send")], step)
    if draft is None or step == 1:
        choose(actor, draft)
    elif step == 2:
        write(actor, draft)
    else:
        check(actor, draft)


def _draft(actor: Actor) -> Standing | None:
    batch_id = number_asked("batch")
    if batch_id is None:
        return None
    try:
        found = reading.get(actor, batch_id)
    except NotFoundError as problem:
        ui.empty(str(problem), _("Choose one from the list."), icon="search_off")
        st.stop()
    if found.batch.state is not BatchState.DRAFT:
        go("notices/batch.py", batch=batch_id)
    return found


def _step(draft: Standing | None) -> int:
    """Return which step the address asks for, or the first that is not done."""
    asked = address.read("step")
    if draft is None:
        return 1
    if asked in {"1", "2"} or (asked == "3" and draft.batch.body):
        return int(asked)
    return 3 if draft.batch.body else 2


page()
