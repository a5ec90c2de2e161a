import streamlit as st

from core.i18n import gettext as _
from models.account import Role
from pages.common import figure_links, ui
from pages.common.links import go, number_asked
from pages.common.options import apart
from pages.issues.parts.cards import card
from pages.issues.parts.ledger_address import VIEW
from pages.issues.parts.numbers import counted
from pages.shell.session import current_actor
from services.actor import Actor
from services.issues import board as services
from services.issues.board import STATES, Board, Column, Pile
from services.issues.ledger_filters import QuickView

_DEPARTMENT, _KEY = "department", "board_department"
_WIDE, _NARROW = 260, 110  # a column with issues, an empty one
_STYLE = """
<style>
.st-key-board { overflow-x: auto; padding-bottom: .5rem; scroll-snap-type: x proximity; }
.st-key-board > * { flex: 0 0 auto; scroll-snap-align: start; }
[class*="st-key-card_"] { padding: .5rem .75rem; }
[class*="st-key-card_"] [class*="st-key-open_"] :is(button, button > div, button > div > span) {
  justify-content: flex-start; text-align: left; width: 100%; }
</style>
"""


def page() -> None:
    """Show a department's issues by state, the most pressing of each first."""
    actor = current_actor()
    offered = services.departments(actor)
    if not offered:
        ui.header(_("Board"))
        ui.empty(_("There is no department yet"), _("An administrator enters departments."), icon="account_balance")
        return
    department_id = _choose(actor, offered)
    ui.header(_("Board"), offered[department_id])
    if actor.role is not Role.DEPARTMENT_OFFICER:
        _chooser(offered, department_id)
    st.html(_STYLE)
    _show(actor, department_id, services.board(actor, department_id))


def _choose(actor: Actor, offered: dict[int, str]) -> int:
    asked = number_asked(_DEPARTMENT)
    if asked in offered:
        return asked
    return services.busiest(actor) or next(iter(offered))


def _chooser(offered: dict[int, str], department_id: int) -> None:
    st.session_state[_KEY] = department_id
    st.selectbox(
        _("Department"), list(offered), format_func=apart(offered), key=_KEY, on_change=_chosen, width=340,
        label_visibility="collapsed",
    )  # fmt: skip


def _chosen() -> None:
    st.query_params[_DEPARTMENT] = str(st.session_state[_KEY])


def _show(actor: Actor, department_id: int, shown: Board) -> None:
    with st.container(horizontal=True, wrap=False, key="board", gap="small"):
        for pile in shown.piles:
            width = _WIDE if pile.lines else _NARROW
            with st.container(width=width, gap="small", key=f"pile_{pile.column}"):
                _pile(actor, department_id, pile, shown)


def _pile(actor: Actor, department_id: int, pile: Pile, shown: Board) -> None:
    st.markdown(f"**{_(pile.column.label)}** :gray-badge[{counted(pile.count)}]")
    for line in pile.lines:
        rule = shown.steps.get(line.issue.pk)
        card(actor, line, rule.step if rule else None)
    if not pile.lines:
        st.caption(_("Nothing here"))
    rest = pile.count - len(pile.lines)
    if rest > 0 and st.button(
        _("{count} more").format(count=counted(rest)), key=f"more_{pile.column}", width="stretch", type="tertiary"
    ):
        go("issues/ledger.py", department_id=department_id, **_asked(pile.column))


def _asked(column: Column) -> dict[str, object]:
    """Return what the ledger is asked for the issues of a column."""
    states: dict[str, object] = {"state": [each.value for each in STATES[column]]}
    if column is not Column.CLOSED:
        return states
    return {**states, VIEW: QuickView.CLOSED.value, "closed_at": figure_links.days(services.closed_since(), None)}


page()
