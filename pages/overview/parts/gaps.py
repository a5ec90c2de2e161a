"""What is missing between the two sides, each a count that opens its rows."""

from collections.abc import Mapping

import streamlit as st

from core.i18n import N_
from core.i18n import gettext as _
from pages.overview.parts import figure
from services.two_way.figures import Figure, Gap

_MEANINGS = {
    Gap.UNTAKEN: N_("Registered or dispatched, and nobody has acknowledged it"),
    Gap.UNTOLD: N_("Resolved, but the enterprise has no answer yet"),
    Gap.UNRECORDED: N_("Planned for a day that is over"),
    Gap.RESULTLESS: N_("No summary, no answer to a question, no need, no promise"),
    Gap.BROKEN: N_("Promised to an enterprise and not kept in time"),
    Gap.UNSHARED: N_("A measure is in force, and enterprises with the same need do not know"),
}


def gaps(found: Mapping[Gap, Figure]) -> None:
    """Show the gaps there are, in red; what is closed is said in one line."""
    st.markdown(f"#### :material/link_off: {_('Gaps')}")
    st.caption(_("As of today, whenever they began. Each figure opens its rows."))
    there = {gap: each for gap, each in found.items() if each.count}
    with st.grid(columns=3, min_column_width=280):
        for gap, each in there.items():
            with st.container(border=True, gap="xxsmall", height="stretch"):
                figure.gap(_(gap.label), each, gap.value)
                st.caption(_(_MEANINGS[gap]))
    closed = [_(gap.label) for gap in found if gap not in there]
    if closed:
        st.caption(f":green[:material/check_circle:] {_('None of:')} {_(', ').join(closed)}")
