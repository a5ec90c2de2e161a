"""Before a change of how deadlines are counted: its form, which deadlines it moves, and the person's confirmation.

Which dialog stands open is kept in the session: a page run from the start, as after a lost connection, shows it again.
"""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.errors import UserError
from core.i18n import format_moment, ngettext
from core.i18n import gettext as _
from pages.common import ui
from services import counting
from services.actor import Actor
from services.counting import Change, DayLost, Moved, Preview

_PENDING, _FORM = "counting_pending", "counting_form"
Form = tuple[str, Callable[[Actor, Any], None]]
"""A form's title, translated, and what draws it for an actor and the value it begins with."""
_SHOWN = 300


def open_form(name: str, value: object = None) -> None:
    """Open a form of the page's in a dialog.

    Args:
        name: its name among the forms handed to `dialogs`.
        value: what it begins with.
    """
    st.session_state[_FORM] = (name, value)
    st.rerun()


def ask(actor: Actor, change: Change, slots: Mapping[str, DeltaGenerator] | None = None) -> None:
    """Work out what a change moves and ask for confirmation; problems are told in `slots`."""
    with ui.told(slots):
        found = counting.preview(actor, change)
        _close()
        st.session_state[_PENDING] = (change, found)
        st.rerun()


def dialogs(actor: Actor, forms: Mapping[str, Form]) -> None:
    """Show the dialog that stands open, if one does; a page calls it once.

    Args:
        actor: who changes something.
        forms: name → (title, content) of each form.
    """
    if _PENDING in st.session_state:
        st.dialog(_("Affected deadlines"), width="medium", on_dismiss=_close)(_reviewing)(actor)
    elif _FORM in st.session_state:
        name, value = st.session_state[_FORM]
        title, content = forms[name]
        st.dialog(title, width="medium", on_dismiss=_close)(content)(actor, value)


def _reviewing(actor: Actor) -> None:
    change, preview = st.session_state[_PENDING]
    st.markdown(f"**{ui.plain(change.told())}**")
    _lost(preview)
    _affected(preview)
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button(_("Cancel"), key="counting_cancel"):
            _close()
            st.rerun()
        label = _("Confirm and recompute") if preview.moved else _("Confirm")
        if st.button(label, key="counting_confirm", type="primary", icon=":material/check:"):
            _confirm(actor, change, preview)


def _confirm(actor: Actor, change: Change, preview: Preview) -> None:
    try:
        count = counting.confirm(actor, change, preview.token)
    except UserError as problem:
        st.error(str(problem), icon=":material/error:")
        with ui.told():
            st.session_state[_PENDING] = (change, counting.preview(actor, change))
        return
    _close()
    told = ngettext("Saved; {count} deadline recomputed.", "Saved; {count} deadlines recomputed.", count)
    ui.flash(told.format(count=count) if count else _("Saved."))
    st.rerun()


def _lost(preview: Preview) -> None:
    if not preview.lost:
        return
    told = ngettext("{count} day in the calendar changes:", "{count} days in the calendar change:", len(preview.lost))
    lines = [f"- {ui.plain(_day(each))}" for each in preview.lost]
    with st.container(key="counting_lost"):
        st.markdown("\n".join([told.format(count=len(preview.lost)), "", *lines]))


def _day(each: DayLost) -> str:
    after = _(each.after.label) if each.after else _("As published")
    label = f"{each.day.isoformat()} {each.name}".strip()
    return _("{label}: {old} → {new}").format(label=label, old=_(each.before.label), new=after)


def _affected(preview: Preview) -> None:
    count = len(preview.moved)
    if not count:
        st.caption(_("No running deadline is affected."))
        return
    told = ngettext("{count} running deadline is affected:", "{count} running deadlines are affected:", count)
    st.markdown(told.format(count=count))
    rows = [_row(each) for each in preview.moved[:_SHOWN]]
    st.dataframe(rows, hide_index=True, height=ui.table_height(len(rows), 8), key="counting_moved")
    if count > _SHOWN:
        st.caption(_("The soonest {count} are shown.").format(count=_SHOWN))


def _row(each: Moved) -> dict[str, str]:
    after = format_moment(each.after)
    return {
        _("Issue number"): each.number,
        _("Stage"): _(each.stage.label),
        _("Deadline so far"): format_moment(each.before),
        _("New deadline"): _("{moment} (provisional)").format(moment=after) if each.provisional else after,
    }


def _close() -> None:
    st.session_state.pop(_PENDING, None)
    st.session_state.pop(_FORM, None)
