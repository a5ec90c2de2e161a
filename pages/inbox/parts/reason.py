"""Why somebody got a message: a little window that leads back to rule and subject."""

from urllib.parse import parse_qsl, urlsplit

import streamlit as st

from core.i18n import format_moment
from core.i18n import gettext as _
from pages.common import ui
from pages.common.links import entry_at, page_path
from services.actor import Actor
from services.inbox import explaining
from services.inbox.explaining import Sent, Why
from services.inbox.ladders import Step
from services.inbox.listing import Line
from services.reminders import wording


def reason(actor: Actor, shown: Line) -> None:
    """Show the button that tells why; what it tells is read only once it is pressed."""
    window = st.popover(
        "", key=f"why_{shown.id}", icon=":material/help:", type="tertiary", on_change="rerun",
        help=_("Why did I get this?"),
    )  # fmt: skip
    if window.open:
        with window:
            _tell(actor, explaining.why(actor, shown.id))


def _tell(actor: Actor, why: Why) -> None:
    st.markdown(f"**{_('Why did I get this?')}**")
    facts = {
        _("Rule"): why.rule, _("Reason"): why.because, _(why.subject.label): why.about, _("Deadline"): why.due,
    }  # fmt: skip
    st.markdown("  \n".join(f":gray[{label}] {ui.plain(text)}" for label, text in facts.items() if text))
    _subject(actor, why)
    _list(_("What comes next, unless it is done before"), [_step(step) for step in why.next])
    _list(_("Stopped by confirming receipt"), [_step(step) for step in why.stopped])
    _list(_("Where it went"), [_inbox(why), *(_sent(each) for each in why.sent)])


def _subject(actor: Actor, why: Why) -> None:
    """Show the way to what it is about, if the person may open its page."""
    entry = entry_at(why.link, actor)
    if entry:
        query = dict(parse_qsl(urlsplit(why.link).query))
        st.page_link(page_path(entry.file), label=_("Open it"), icon=":material/arrow_forward:", query_params=query)


def _step(step: Step) -> str:
    whom = wording.to_whom((_(each.label) for each in step.relations), step.effect)
    parts = [format_moment(step.due_at), step.rule, whom]
    return " · ".join(ui.plain(part) for part in parts if part)


def _list(title: str, lines: list[str]) -> None:
    if lines:
        st.markdown("\n".join([f":gray[{title}]", *(f"- :small[{text}]" for text in lines)]))


def _inbox(why: Why) -> str:
    return f"{_('Inbox')} · {ui.plain(format_moment(why.told_at))}"


def _sent(sent: Sent) -> str:
    state = _("Kept in the viewer of sent mail") if sent.kept_only else _(sent.state.label)
    return " · ".join(ui.plain(part) for part in (_(sent.kind.label), state, format_moment(sent.at)))
