"""Why somebody got a message: a little window that leads back to rule and subject."""

import streamlit as st

from core.i18n import format_moment
from core.i18n import gettext as _
from models.reminder import Effect
from pages.common import ui
from services.actor import Actor
from services.inbox import explaining
from services.inbox.explaining import Sent, Why
from services.inbox.ladders import Step
from services.inbox.listing import Line


def reason(actor: Actor, shown: Line) -> None:
    """Show the button that tells why; what it tells is read only once it is pressed."""
    window = st.popover(
        "", key=f"why_{shown.id}", icon=":material/help:", type="tertiary", on_change="rerun",
        help=_("Why did I get this?"),
    )  # fmt: skip
    if window.open:
        with window:
            _tell(explaining.why(actor, shown.id))


def _tell(why: Why) -> None:
    st.markdown(f"**{_('Why did I get this?')}**")
    facts = {
        _("Rule"): why.rule,
        _("Reason"): why.because,
        _(why.subject.label): why.about,
        _("Deadline"): why.due,
    }
    for label, text in facts.items():
        if text:
            st.markdown(f":small[:gray[{label}]]  \n{ui.plain(text)}")
    _list(_("What comes next, unless it is done before"), [step_text(step) for step in why.next])
    _list(_("Stopped by confirming receipt"), [step_text(step) for step in why.stopped])
    _list(_("Where it went"), [_inbox(why), *(_sent(each) for each in why.sent)])


def step_text(step: Step) -> str:
    """Return a step of a ladder as Markdown: when, which rule, and to whom or what happens."""
    whom = _(step.relation.label) if step.relation else ""
    does = _(step.effect.label) if step.effect is not Effect.NONE and not step.relation else ""
    parts = [format_moment(step.due_at), step.rule, whom or does]
    return " · ".join(ui.plain(part) for part in parts if part)


def _list(title: str, lines: list[str]) -> None:
    if lines:
        st.markdown(f":small[:gray[{title}]]\n\n" + "\n".join(f"- {text}" for text in lines))


def _inbox(why: Why) -> str:
    return f"{_('Inbox')} · {ui.plain(format_moment(why.told_at))}"


def _sent(sent: Sent) -> str:
    state = _("Kept in the viewer of sent mail") if sent.kept_only else _(sent.state.label)
    return " · ".join(ui.plain(part) for part in (_(sent.kind.label), state, format_moment(sent.at)))
