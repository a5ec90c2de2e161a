"""Working on several issues at once: what will be done is shown first, what was done afterwards."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core.i18n import gettext as _
from core.i18n import ngettext
from models.lifecycle import Verb
from pages.common import ui
from pages.common.options import apart
from pages.shell.errors import told
from services.actor import Actor
from services.issues import bulk, ledger_fields
from services.issues.bulk import Done, Planned
from services.issues.steps import ACTIONS
from services.permissions import allows

_ICONS = {Verb.DISPATCH: "send", Verb.URGE: "notifications_active", Verb.START_CALL_BACK: "call"}
# The bar stays in sight while rows further up are chosen.
_STYLE = """
<style>
[data-testid="stLayoutWrapper"]:has(> .st-key-ledger_bulk) { position: sticky; bottom: 1rem; z-index: 10; }
.st-key-ledger_bulk { background: var(--q-paper); box-shadow: 0 4px 16px rgb(20 40 80 / 16%); }
@media (max-width: 640px) { .st-key-ledger_bulk { display: none; } }
</style>
"""
_DONE, _PLANNED = "ledger_bulk_done", "ledger_bulk_planned"
_SHOWN = 8


def offered(actor: Actor) -> list[Verb]:
    """Return the steps the actor may take with several issues at once."""
    return [verb for verb in bulk.OFFERED if allows(actor, ACTIONS[verb])]


def bar(actor: Actor, chosen: Sequence[int]) -> None:
    """Show what can be done with the chosen issues."""
    if not chosen:
        return
    st.html(_STYLE)
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="ledger_bulk"):
        count = ngettext("{count} issue chosen", "{count} issues chosen", len(chosen)).format(count=len(chosen))
        st.markdown(f"**{count}**", width="content")
        for verb in offered(actor):
            if st.button(_(verb.label), key=f"bulk_{verb}", icon=f":material/{_ICONS[verb]}:"):
                _forget()
                _dialog(actor, verb, list(chosen))


def _dialog(actor: Actor, verb: Verb, chosen: list[int]) -> None:
    @st.dialog(_(verb.label), icon=f":material/{_ICONS[verb]}:", width="medium", on_dismiss=_forget)
    def dialog() -> None:
        ask(actor, verb, chosen)

    dialog()


def ask(actor: Actor, verb: Verb, chosen: list[int]) -> None:
    """Show what a step would do with the chosen issues, and do it; what a dialog holds."""
    _FORMS[verb](actor, chosen)


def _dispatch(actor: Actor, chosen: list[int]) -> None:
    departments = ledger_fields.describe(actor).references["department_id"]
    accepting = False
    if allows(actor, ACTIONS[Verb.ACCEPT]):
        accepting = st.toggle(_("Accept registered issues on the way"), key="bulk_accepting")
    planned = _preview(actor, chosen, Verb.DISPATCH, accepting=accepting)
    department = st.selectbox(
        _("Lead department"), list(departments), None, apart(departments), "bulk_department",
        placeholder=_("Choose"),
    )  # fmt: skip
    instruction = st.text_area(_("Instruction"), key="bulk_instruction", max_chars=1000)
    if department is not None or not planned:
        _act(planned, lambda: bulk.dispatch_all(actor, planned, department or 0, instruction or ""), Verb.DISPATCH)
    else:
        st.caption(_("Choose the department that leads."))


def _urge(actor: Actor, chosen: list[int]) -> None:
    planned = _preview(actor, chosen, Verb.URGE)
    note = st.text_area(_("What to tell them (optional)"), key="bulk_note", max_chars=1000)
    _act(planned, lambda: bulk.urge_all(actor, planned, note or ""), Verb.URGE)


def _start_call_backs(actor: Actor, chosen: list[int]) -> None:
    people = bulk.callers(actor)
    planned = _preview(actor, chosen, Verb.START_CALL_BACK)
    caller = st.selectbox(
        _("Who calls"), list(people), None, apart(people), "bulk_caller", placeholder=_("Myself"),
        help=_("Nobody calls about what they handled themselves."),
    )  # fmt: skip
    _act(planned, lambda: bulk.start_call_backs(actor, planned, caller), Verb.START_CALL_BACK)


_FORMS: dict[Verb, Callable[[Actor, list[int]], None]] = {
    Verb.DISPATCH: _dispatch,
    Verb.URGE: _urge,
    Verb.START_CALL_BACK: _start_call_backs,
}


def _plan(actor: Actor, chosen: list[int], verb: Verb, **more: Any) -> list[Planned]:
    """Plan once for what is asked: a press counts for the versions the person looked at, not for those at the press."""
    asked = (verb, chosen, more)
    known: tuple[object, list[Planned]] | None = st.session_state.get(_PLANNED)
    if known is None or known[0] != asked:
        known = st.session_state[_PLANNED] = (asked, bulk.plan(actor, chosen, verb, **more))
    return known[1]


def _forget() -> None:
    """Plan anew next time; a callback."""
    st.session_state.pop(_PLANNED, None)


def _preview(actor: Actor, chosen: list[int], verb: Verb, **more: Any) -> list[Planned]:
    """Show what will be done and what is left out and why; return what will be done."""
    planned: list[Planned] = []
    with told():
        planned = _plan(actor, chosen, verb, **more)
    todo = [each for each in planned if each.steps]
    left = [each for each in planned if not each.steps]
    if todo:
        text = ngettext("{count} issue will be changed", "{count} issues will be changed", len(todo))
        _list(f":material/check_circle: {text.format(count=len(todo))}", [(each, _how(each, verb)) for each in todo])
    if left:
        text = ngettext("{count} issue is left out", "{count} issues are left out", len(left))
        _list(f":material/block: {text.format(count=len(left))}", [(each, each.refusal) for each in left])
    return todo


def _list(title: str, lines: Sequence[tuple[Planned, str]]) -> None:
    with st.expander(title, expanded=len(lines) <= _SHOWN):
        st.markdown("\n".join(f"- {_line(each, why)}" for each, why in lines))


def _line(each: Planned, why: str) -> str:
    shown = f"**{ui.plain(each.number)}** {ui.plain(each.enterprise)}"
    return f"{shown}  \n  :gray[{ui.plain(why)}]" if why else shown


def _how(each: Planned, verb: Verb) -> str:
    """Say what is done besides the step itself."""
    return "" if each.steps == (verb,) else " → ".join(_(step.label) for step in each.steps)


def _act(planned: Sequence[Planned], do: Callable[[], list[Done]], verb: Verb) -> None:
    label = _("{step}: {count}").format(step=_(verb.label), count=len(planned))
    if st.button(label, key="bulk_do", type="primary", disabled=not planned, width="stretch"):
        with told():
            st.session_state[_DONE] = (verb, do())
            _forget()
            st.rerun()


def results() -> None:
    """Show what became of each issue, until the person has read it."""
    if _DONE not in st.session_state:
        return
    verb, done = st.session_state[_DONE]
    refused = [each for each in done if each.refusal]
    step, count = _(verb.label), len(done) - len(refused)
    text = _("{step}: {done} done").format(step=step, done=count)
    if refused:
        text = _("{step}: {done} done, {refused} refused").format(step=step, done=count, refused=len(refused))
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        lines = "".join(f"\n- **{ui.plain(each.number)}** {ui.plain(each.refusal)}" for each in refused)
        icon = ":material/warning:" if refused else ":material/check_circle:"
        st.markdown(f"{icon} {ui.plain(text)}{lines}", width="content")
        st.button(_("Dismiss"), key="bulk_dismiss", type="tertiary", on_click=st.session_state.pop, args=(_DONE, None))
