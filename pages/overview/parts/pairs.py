"""The two sides facing each other: what was done for enterprises, what they need, and what links the two."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from core.i18n import N_, format_percent
from core.i18n import gettext as _
from pages.overview.parts import figure
from services.two_way.figures import Figure, Key

Figures = Mapping[Key, Figure]


@dataclass(frozen=True)
class Pair:
    """Something done and the need that faces it.

    Args:
        done: the main figure on the left, and parts of it.
        needed: the main figure on the right, and parts of it.
        link: what links the two, as a share: its words, the part and the whole.
        linked: figures of the link itself.
    """

    done: tuple[Key, ...]
    needed: tuple[Key, ...]
    link: tuple[str, Key, Key]
    linked: tuple[Key, ...] = ()


PAIRS = (
    Pair(
        (Key.MET, Key.ON_SITE, Key.PHONE, Key.WECHAT),
        (Key.RAISED, Key.SUGGESTIONS, Key.DIFFICULT, Key.ENQUIRIES),
        (N_("of the needs were raised in visits"), Key.RAISED_IN_VISITS, Key.RAISED),
        (Key.RAISED_IN_VISITS, Key.RESOLVED_IN_VISITS, Key.VERIFIED_IN_VISITS),
    ),
    Pair(
        (Key.RESOLVED, Key.RESOLVED_ON_SITE),
        (Key.WAITING, Key.LATE),
        (N_("of the needs are resolved"), Key.RESOLVED, Key.RAISED),
    ),
    Pair(
        (Key.VERIFIED, Key.ASKED, Key.SATISFIED),
        (Key.UNSOLVED, Key.UNSATISFIED),
        (N_("of those who said so are satisfied"), Key.SATISFIED, Key.RATED),
    ),
    Pair(
        (Key.PROMISED, Key.KEPT),
        (Key.UNKEPT, Key.BROKEN),
        (N_("of the promises are kept"), Key.KEPT, Key.PROMISED),
    ),
    Pair(
        (Key.COMMITTED, Key.MADE_GOOD),
        (Key.OWED, Key.OWED_LATE),
        (N_("of the commitments are made good"), Key.MADE_GOOD, Key.COMMITTED),
    ),
    Pair((Key.TOLD, Key.READ), (Key.UNREAD,), (N_("of the notices were read"), Key.READ, Key.TOLD)),
)
_STYLE = """
<style>
[class*="st-key-big_"] a, [class*="st-key-part_"] a { padding: 0; }
[class*="st-key-big_"] a p { font-size: 1rem; white-space: normal; }
[class*="st-key-big_"] a strong { font-size: 1.9rem; font-weight: 600; margin-right: .35rem; }
[class*="st-key-part_"] a p { font-size: .875rem; }
[class*="st-key-done_"], [class*="st-key-needed_"] { min-height: 6.6rem; }
[class*="st-key-done_"] { border-left: 4px solid #1f5fbf; }
[class*="st-key-needed_"] { border-left: 4px solid #d9822b; }
</style>
"""


def pairs(figures: Figures) -> None:
    """Show each pair as a row: done, the link, needed; on a phone one below the other."""
    st.html(_STYLE)
    left, _between, right = st.columns([5, 4, 5])
    left.markdown(f"#### :blue[:material/arrow_forward:] {_('What we did for enterprises')}")
    right.markdown(f"#### :orange[:material/arrow_back:] {_('What enterprises need us to do')}")
    for pair in PAIRS:
        left, between, right = st.columns([5, 4, 5], vertical_alignment="center")
        with left:
            _side("done", pair.done, figures)
        with between:
            _between_them(pair, figures)
        with right:
            _side("needed", pair.needed, figures)


def _side(side: str, keys: tuple[Key, ...], figures: Figures) -> None:
    main, *parts = keys
    with st.container(border=True, gap="xsmall", key=f"{side}_{main.value}"):
        figure.big(main, figures[main])
        with st.container(horizontal=True, gap="medium"):
            for part in parts:
                figure.small(part, figures[part])


def _between_them(pair: Pair, figures: Figures) -> None:
    words, part, whole = pair.link
    count, of = figures[part].count, figures[whole].count
    with st.container(gap="xsmall", horizontal_alignment="center"):
        if not of:
            return
        st.markdown(f"**{format_percent(count / of)}** :small[{_(words)}]", text_alignment="center")
        st.progress(min(count / of, 1.0))
        with st.container(horizontal=True, horizontal_alignment="center", gap="small"):
            for each in pair.linked:
                figure.small(each, figures[each])
