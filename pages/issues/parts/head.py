"""The head of an issue's page: what it is, where it stands on its way, and how much time is left."""

from html import escape

import streamlit as st

from core.i18n import N_
from core.i18n import gettext as _
from models.issue import IssueState, Urgency
from pages.issues.parts.badges import signals
from pages.issues.parts.due import deadline
from services.issues.reading import Shown

_S = IssueState
_WAY = (
    N_("Register"), N_("Accept"), N_("Dispatch"), N_("Handle"), N_("Review"), N_("Feedback"), N_("Call back"),
    N_("Close the issue"),
)  # fmt: skip
_AT = {
    _S.REGISTERED: 1, _S.DECLINED: 1, _S.ACCEPTED: 2, _S.RETURNED: 2, _S.DISPATCHED: 3, _S.HANDLING: 3,
    _S.EXTENSION_REQUESTED: 3, _S.SHELVING_REQUESTED: 3, _S.SHELVED: 3, _S.RESOLVED: 4, _S.RESOLVED_ON_SITE: 5,
    _S.ANSWERED: 6, _S.CALL_BACK: 6, _S.CLOSED: 8,
}  # fmt: skip
_STATES = {_S.CLOSED: "green", _S.DECLINED: "gray", _S.RETURNED: "orange", _S.SHELVED: "gray"}
_URGENCY = {Urgency.URGENT: "orange", Urgency.EMERGENCY: "red"}
_STYLE = """
<style>
.qianqi-way { display: flex; list-style: none; margin: 0 !important; padding: 0 !important; gap: 2px; }
.qianqi-way li { flex: 1; text-align: center; font-size: .8125rem; line-height: 1.5; color: var(--q-soft);
  margin: 0 !important; border-top: 4px solid var(--q-track); padding-top: 4px; white-space: nowrap; }
.qianqi-way li.done { border-color: #9db8e0; color: var(--q-ink); }
.qianqi-way li.now { border-color: var(--q-blue); color: var(--q-blue); font-weight: 600; }
.qianqi-way li.over { border-color: #8a94a6; color: var(--q-ink); font-weight: 600; }
.qianqi-way li.skipped { border-top-style: dashed; }
@media (max-width: 640px) {
  .qianqi-way { flex-wrap: wrap; row-gap: 6px; }
  .qianqi-way li { flex: 1 0 auto; font-size: .75rem; padding-inline: 2px; }
}
</style>
"""


def head(shown: Shown) -> None:
    """Show number, state and marks, the way through the life cycle, and the deadline."""
    with st.container(border=True, gap="small", key="issue_head"):
        st.markdown(badges(shown))
        st.html(_STYLE + _way(shown))
        deadline(shown)


def badges(shown: Shown) -> str:
    """Return state, kind, urgency and marks as badges, in Markdown."""
    issue = shown.issue
    found = [
        f":{_STATES.get(issue.state, 'blue')}-badge[**{_(issue.state.label)}**]",
        f":gray-badge[{_(issue.kind.label)}]",
    ]
    if issue.urgency in _URGENCY:
        found.append(f":{_URGENCY[issue.urgency]}-badge[:material/priority_high: {_(issue.urgency.label)}]")
    if issue.round > 1:
        found.append(f":orange-badge[{_('Round {number}').format(number=issue.round)}]")
    found += signals(issue)
    if issue.urges:
        found.append(f":orange-badge[{_('Urged {count}×').format(count=issue.urges)}]")
    if issue.ruled:
        found.append(f":gray-badge[:material/gavel: {_('Ruled by the coordinator')}]")
    if issue.cross_department:
        found.append(f":gray-badge[{_('Across departments')}]")
    return " ".join(found)


def position(shown: Shown) -> int:
    """Return which step of the way is next; past the last one when the issue is closed."""
    issue = shown.issue
    if issue.state is _S.RESOLVED and issue.reviewed_by_id is not None:
        return 5
    if issue.state is _S.CALL_BACK and issue.solved and issue.satisfied:
        return 7
    return _AT[issue.state]


def _way(shown: Shown) -> str:
    now, state = position(shown), shown.issue.state
    on_site = shown.issue.dispatched_at is None and now > 2
    items = []
    for place, name in enumerate(_WAY):
        kind = "done" if place < now else "now" if place == now else ""
        if on_site and 1 <= place <= 4:
            kind = "skipped"
        ended = state is _S.DECLINED and place == now
        current = ' aria-current="step"' if place == now else ""
        text = _(state.label) if ended else _(name)
        items.append(f'<li class="{"over" if ended else kind}"{current}>{escape(text)}</li>')
    return f'<ol class="qianqi-way">{"".join(items)}</ol>'
