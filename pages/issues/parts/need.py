"""The need itself: what the enterprise said, who it is and how to reach it, and what came of it."""

import streamlit as st

from core.i18n import format_date, format_moment
from core.i18n import gettext as _
from models.issue import IssueState
from pages.common import fields, ui
from pages.common.links import page_path, profile_link
from pages.enterprises.contacts import person
from services.actor import Actor
from services.issues.events import AGAIN
from services.issues.reading import Shown


def need(shown: Shown) -> None:
    """Show what the enterprise said and the facts of its registration."""
    issue = shown.issue
    with st.container(border=True, gap="small", key="issue_need"):
        st.markdown(f"**{_('What the enterprise said')}**")
        st.markdown(ui.plain(issue.text))
        facts = {
            _("Category"): shown.category,
            _("Source"): _(issue.source.label),
            _("Registered at"): format_moment(issue.created_at),
            _("First receiver"): shown.names.person(issue.first_receiver_id),
            _("Lead department"): shown.names.department(issue.department_id),
            _("Handled by"): shown.names.person(issue.handler_id),
            _("Review on"): format_date(issue.review_on),
        }
        own = [(spec.label, fields.shown(spec, issue.extra.get(spec.key))) for spec in shown.names.own_fields]
        with st.grid(columns=3, min_column_width=150):
            for label, text in [*facts.items(), *own]:
                if text:
                    st.markdown(f":small[:gray[{ui.plain(label)}]]  \n{ui.plain(text)}")
        if issue.instruction and issue.department_id:
            st.markdown(f":small[:gray[{_('Instruction')}]]  \n{ui.plain(issue.instruction)}")
        if again := next((each.reason for each in reversed(shown.events) if each.verb in AGAIN), ""):
            st.markdown(f":small[:gray[{_('Why it is handled again')}]]  \n{ui.plain(again)}")


def enterprise(actor: Actor, shown: Shown) -> None:
    """Show whose need it is, where they are and whom one talks to."""
    with st.container(border=True, gap="small", key="issue_enterprise"):
        st.markdown(f"**{_('Enterprise')}**")
        place = shown.enterprise.address or " › ".join(shown.place)
        st.markdown(f"{ui.plain(shown.enterprise.name)}  \n:small[:gray[{ui.plain(place)}]]")
        for each in shown.contacts:
            person(actor, each)
        with st.container(horizontal=True, gap="small"):
            if shown.profile:
                profile_link(shown.enterprise.pk)
            if shown.visit_id:
                st.page_link(
                    page_path("visits/record_view.py"), label=_("Visit record"), icon=":material/description:",
                    query_params={"visit": str(shown.visit_id)},
                )  # fmt: skip


def result(shown: Shown) -> None:
    """Show how it was resolved, what the enterprise was told, and what it said to that."""
    issue = shown.issue
    parts = [
        (_("How it was resolved"), issue.solution, _by(shown, issue.resolved_by_id, issue.resolved_at)),
        (_("What the enterprise was told"), issue.answer, _by(shown, issue.answered_by_id, issue.answered_at)),
    ]
    answers = _answers(shown)
    if not answers and not any(text for _label, text, _when in parts):
        return
    with st.container(border=True, gap="small"):
        st.markdown(f"**{_('Result')}**")
        if issue.solution and issue.resolved_at is None:
            st.caption(_("This was found not good enough; it is being redone."))
        for label, text, by in parts:
            if text:
                st.markdown(f":small[:gray[{label}{by}]]  \n{ui.plain(text)}")
        if answers:
            st.markdown(answers)


def _by(shown: Shown, account_id: int | None, at: object) -> str:
    name = shown.names.person(account_id)
    return f" · {ui.plain(name)} {format_moment(at)}" if name and at else ""  # type: ignore[arg-type]  # a moment


def _answers(shown: Shown) -> str:
    """Return the two answers of the call-back as badges, in Markdown."""
    issue = shown.issue
    if issue.solved is None and issue.satisfied is None:
        return _("Call-back by {name}").format(name=ui.plain(shown.names.person(issue.caller_id))) if (
            issue.state is IssueState.CALL_BACK
        ) else ""  # fmt: skip
    solved = _("solved") if issue.solved else _("not solved")
    satisfied = _("satisfied") if issue.satisfied else _("not satisfied")
    told = [(issue.solved, solved), (issue.satisfied, satisfied)]
    return " ".join(f":{'green' if good else 'red'}-badge[{text}]" for good, text in told)
