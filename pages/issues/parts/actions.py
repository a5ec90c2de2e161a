"""What the person can do with an issue now: main steps as buttons, others in a menu, one form open at a time."""

from collections.abc import Iterable

import streamlit as st

from core.errors import InvalidError, UserError
from core.i18n import gettext as _
from models.issue import IssueState
from models.lifecycle import Verb
from pages.common import fields, ui
from pages.issues.parts import extending, kept, log, pressed
from pages.issues.parts.form import Form
from pages.issues.parts.forms import FORMS
from services.actor import Actor
from services.issues import StaleError
from services.issues.reading import Shown

_V, _S = Verb, IssueState
_ASSIST = (_V.FINISH_TASK, _V.RETURN_TASK)
_MAIN: dict[IssueState, tuple[Verb, ...]] = {
    _S.REGISTERED: (_V.ACCEPT, _V.DECLINE, _V.RESOLVE_ON_SITE),
    _S.RESOLVED_ON_SITE: (_V.ANSWER,),
    _S.ACCEPTED: (_V.DISPATCH,),
    _S.DISPATCHED: (_V.ACKNOWLEDGE, _V.RETURN, *_ASSIST),
    _S.HANDLING: (_V.RESOLVE, _V.REQUEST_EXTENSION, *_ASSIST),
    _S.RETURNED: (_V.REDISPATCH,),
    _S.EXTENSION_REQUESTED: (_V.APPROVE_EXTENSION, _V.REFUSE_EXTENSION, *_ASSIST),
    _S.SHELVING_REQUESTED: (_V.APPROVE_SHELVING, _V.REFUSE_SHELVING, *_ASSIST),
    _S.SHELVED: (_V.RESUME, *_ASSIST),
    _S.RESOLVED: (_V.PASS_REVIEW, _V.FAIL_REVIEW, _V.ANSWER),
    _S.ANSWERED: (_V.START_CALL_BACK,),
    _S.CALL_BACK: (_V.CLOSE, _V.CALL_BACK),
}
"""What moves an issue on in each state, the most wanted first."""
_ASKED: dict[IssueState, tuple[Verb, ...]] = {
    _S.RETURNED: (_V.RETURN,),
    _S.EXTENSION_REQUESTED: (_V.REQUEST_EXTENSION,),
    _S.SHELVING_REQUESTED: (_V.REQUEST_SHELVING,),
    _S.HANDLING: (_V.FAIL_REVIEW,),
    _S.DISPATCHED: (_V.REDO,),
}
"""Whose words whoever acts next has to know."""
_FEW = 2


def actions(actor: Actor, shown: Shown) -> None:
    """Show who acts next and what the person can do."""
    with st.container(border=True, gap="small"):
        st.markdown(f"**{_('Next step')}**")
        _who(shown)
        open_verb = pressed.opened(shown.id)
        main = main_steps(shown)
        if open_verb is None:
            _buttons(shown, main)
            _refused(shown)
        else:
            _form(actor, shown, open_verb)


def main_steps(shown: Shown) -> list[Verb]:
    """Return the one or two steps that move the issue on and that the person can take now."""
    wanted = _MAIN.get(shown.issue.state, ())
    return [verb for verb in wanted if verb in shown.allowed and shown.allowed[verb] is None][:_FEW]


def _who(shown: Shown) -> None:
    if shown.issue.state is _S.SHELVED:
        st.markdown(_("Shelved; it is taken up again on its review date."))
    elif shown.who:
        st.markdown(_("Waiting for **{who}**").format(who=ui.plain(shown.who)))
    else:
        st.markdown(_("Nobody has to act any more."))
    verbs = _ASKED.get(shown.issue.state, ())
    last = next((event for event in reversed(shown.events) if event.verb in verbs), None)
    if last is not None and last.round == shown.issue.round:
        log.line(last, shown.names)
    if shown.extension is not None:
        extending.asked(shown.issue.extension_days, shown.extension)


def _buttons(shown: Shown, main: list[Verb]) -> None:
    if not shown.allowed:
        return
    with st.container(horizontal=True, gap="small"):
        for place, verb in enumerate(main):
            _button(shown, verb, primary=place == 0)
        others = [verb for verb in FORMS if verb not in main and _offered(shown, verb)]
        if others:
            more = st.popover(_("More steps"), icon=":material/more_horiz:", key="issue_more")
            with more, st.container(gap="xsmall"):
                _menu(shown, others)


def _offered(shown: Shown, verb: Verb) -> bool:
    """Return whether a step belongs in the menu: not those of a task or a link where there is none."""
    if verb in _ASSIST and not any(each.own for each in shown.tasks):
        return False
    if verb is _V.UNLINK and not shown.links:
        return False
    return verb in shown.allowed and verb is not _V.COMMENT


def _button(shown: Shown, verb: Verb, *, primary: bool) -> None:
    form = FORMS[verb]
    act = pressed.press if form.direct else pressed.open_form
    st.button(
        _(verb.label), key=f"do_{verb.value}", icon=f":material/{form.icon}:",
        type="primary" if primary else "secondary", on_click=act,
        args=(shown.id, verb, shown.issue.version) if form.direct else (shown.id, verb),
    )  # fmt: skip


def _menu(shown: Shown, verbs: Iterable[Verb]) -> None:
    for verb in verbs:
        refusal = shown.allowed[verb]
        form = FORMS[verb]
        direct = form.direct
        st.button(
            _(verb.label), key=f"do_{verb.value}", icon=f":material/{form.icon}:", type="tertiary",
            disabled=refusal is not None, on_click=pressed.press if direct else pressed.open_form,
            args=(shown.id, verb, shown.issue.version) if direct else (shown.id, verb),
        )  # fmt: skip
        if refusal is not None:
            st.caption(ui.plain(refusal))


def _refused(shown: Shown) -> None:
    """Say why what would move the issue on is refused to whom it is meant for."""
    if shown.leads or not main_steps(shown):
        for verb in _MAIN.get(shown.issue.state, ()):
            refusal = shown.allowed.get(verb)
            if refusal is not None and verb not in _ASSIST:
                st.caption(f":material/block: {ui.labelled(_(verb.label), ui.plain(refusal))}")


def _form(actor: Actor, shown: Shown, verb: Verb) -> None:
    form = FORMS[verb]
    st.markdown(f":material/{form.icon}: **{_(verb.label)}**")
    if form.question:
        st.warning(_(form.question), icon=":material/help:")
    slots: fields.Slots = {}
    frame = (
        st.container(gap="small") if form.live else st.form(f"form_{verb.value}", border=False, enter_to_submit=False)
    )
    with frame:
        ask(actor, shown, verb, slots)
        refusal = _why_not(shown, verb)
        if refusal:
            st.warning(refusal, icon=":material/block:")
        _submit(shown, verb, form, refused=bool(refusal))
    tell(shown, pressed.problem_of(shown.id, verb), slots)


def ask(actor: Actor, shown: Shown, verb: Verb, slots: fields.Slots) -> None:
    """Show the fields of a form."""
    form, prefix = FORMS[verb], pressed.prefix(shown.id, verb)
    begin = kept.begin(shown, verb)
    fields.inputs(form.specs(shown), begin, prefix=prefix, references=form.references(shown), slots=slots)
    if form.draw is not None:
        form.draw(actor, shown, prefix)


def tell(shown: Shown, problem: UserError | None, slots: fields.Slots) -> None:
    """Show why the last press was refused, and what others did if that is why."""
    if problem is None:
        return
    if isinstance(problem, StaleError):
        stays = f" {_('What you entered is kept.')}" if pressed.typed(shown.id) else ""
        st.warning(f"{ui.inline(str(problem))}{stays}", icon=":material/group:")
        for event in problem.events:
            log.line(event, shown.names)
        return
    with ui.told(slots):
        if isinstance(problem, InvalidError):
            raise problem
        st.error(str(problem), icon=":material/error:")


def _why_not(shown: Shown, verb: Verb) -> str:
    if verb in shown.allowed:
        return shown.allowed[verb] or ""
    state = _(shown.issue.state.label)
    return _("This is not possible while the issue is “{state}”.").format(state=state)


def _submit(shown: Shown, verb: Verb, form: Form, *, refused: bool) -> None:
    button = st.button if form.live else st.form_submit_button
    with st.container(horizontal=True, gap="small"):
        button(
            _(verb.label), key=f"submit_{verb.value}", type="primary", disabled=refused, on_click=pressed.press,
            args=(shown.id, verb, shown.issue.version),
        )  # fmt: skip
        button(_("Not now"), key="issue_cancel", type="tertiary", on_click=pressed.close_form)
