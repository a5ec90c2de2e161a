"""A visit's record as others read it."""

from itertools import groupby

import streamlit as st

from core.errors import UserError
from core.i18n import format_date, format_moment
from core.i18n import gettext as _
from models.fields import FieldKind, FieldSpec
from models.issue import Issue
from models.visit import Attachment, Promise
from pages.common.fields import shown
from pages.common.ui import labelled, plain
from pages.issues.parts.alike import issue_link
from services import attachments
from services.actor import Actor
from services.visits.files import THUMBNAIL
from services.visits.review import Record

_FULL = 1600


def record_view(actor: Actor, record: Record) -> None:
    """Show everything that belongs to a visit."""
    visit = record.visit
    _facts(record)
    if visit.return_reason:
        st.warning(_("Returned for completion: {reason}").format(reason=plain(visit.return_reason)))
    if visit.summary:
        st.markdown(f"**{_('Summary')}**")
        st.text(visit.summary)
    _answers(actor, record)
    _issues(record.issues)
    _promises(record.promises)
    _photos(actor, [each for each in record.attachments if not each.field], _("Photos"))
    _history(record)


def _facts(record: Record) -> None:
    visit = record.visit
    badges = [f":blue-badge[{_(visit.state.label)}]"]
    if visit.mode:
        badges.append(f":gray-badge[{_(visit.mode.label)}]")
    if visit.outcome:
        badges.append(f":{'green' if visit.outcome.value == 'met' else 'orange'}-badge[{_(visit.outcome.label)}]")
    st.markdown(" ".join(badges))
    facts = {
        _("Campaign"): record.campaign,
        _("Visitor"): f"{record.assignee} · {record.team}",
        _("Planned for"): format_date(visit.planned_on),
        _("Recorded"): format_moment(visit.recorded_at),
        _("Who was met"): visit.met_person,
    }
    _table(facts)


def _table(facts: dict[str, str]) -> None:
    """Show labels and values as lines that wrap well on a phone."""
    rows = [f":gray[{plain(label)}]&ensp;{plain(value)}" for label, value in facts.items() if value]
    if rows:
        st.markdown("  \n".join(rows))


def _answers(actor: Actor, record: Record) -> None:
    answered = [spec for spec in record.questions if spec.key in record.answers]
    given = {spec.label: _answer(spec, record.answers[spec.key]) for spec in answered}
    given |= {_(spec.label): _answer(spec, record.own.get(spec.key)) for spec in record.extra}
    if any(given.values()):
        version = _("version {number} of the form").format(number=record.form_version)
        st.markdown(f"**{_('Answers')}** :small[:gray[{version}]]")
        _table(given)
    for key, group in groupby((each for each in record.attachments if each.field), lambda each: each.field):
        label = next((spec.label for spec in record.questions if spec.key == key), key)
        _photos(actor, list(group), label)


def _answer(spec: FieldSpec, value: object) -> str:
    return "" if spec.kind is FieldKind.ATTACHMENT else shown(spec, value).replace("\n", " ")


def _issues(issues: list[Issue]) -> None:
    if issues:
        st.markdown(f"**{_('What the enterprise needs')}**")
    for issue in issues:
        with st.container(border=True, gap="xxsmall"):
            state = f":gray-badge[{_(issue.state.label)}]"
            with st.container(horizontal=True, vertical_alignment="center"):
                issue_link(issue.pk, issue.number)
                st.markdown(f":blue-badge[{_(issue.kind.label)}] {state}", width="content")
            st.text(issue.text)
            if issue.solution:
                st.caption(labelled(_("How it was resolved"), plain(issue.solution)))


def _promises(promises: list[Promise]) -> None:
    if promises:
        st.markdown(f"**{_('Promises')}**")
    for promise in promises:
        kept = f":green-badge[{_('Kept')}]" if promise.kept_at else f":gray-badge[{format_date(promise.due_on)}]"
        st.markdown(f"{kept} {plain(promise.text)}")


def _photos(actor: Actor, attachments: list[Attachment], label: str) -> None:
    if not attachments:
        return
    st.markdown(f"**{plain(label)}**")
    with st.container(horizontal=True, gap="small"):
        for each in attachments:
            _photo(actor, each)


def _photo(actor: Actor, attachment: Attachment) -> None:
    if not attachment.media_type.startswith("image/"):
        _download(actor, attachment)
        return
    with st.container(width=150, gap="xxsmall"):
        try:
            picture = attachments.served(actor, attachment.pk, width=THUMBNAIL).content
        except UserError:
            st.caption(_("The file {name} is no longer there.").format(name=plain(attachment.file_name)))
            return
        st.image(picture, width=148, alt=attachment.file_name)
        with st.popover(_("Enlarge"), width="stretch", key=f"photo_{attachment.pk}", on_change="rerun") as enlarged:
            if enlarged.open:
                st.image(attachments.served(actor, attachment.pk, width=_FULL).content, alt=attachment.file_name)


def _download(actor: Actor, attachment: Attachment) -> None:
    st.download_button(
        attachment.file_name,
        lambda: attachments.served(actor, attachment.pk).content,
        file_name=attachment.file_name,
        mime=attachment.media_type,
        key=f"file_{attachment.pk}",
        icon=":material/download:",
    )


def _history(record: Record) -> None:
    if record.history:
        with st.expander(_("History"), icon=":material/history:"):
            for step in record.history:
                reason = f": {plain(step.reason)}" if step.reason else ""
                st.markdown(f":gray[{format_moment(step.at)}] {plain(step.by)} · {_(step.state.label)}{reason}")
