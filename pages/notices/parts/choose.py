"""Step 1: to whom a notice goes, by filters or by a pasted list, counted at once."""

from typing import Any

import streamlit as st

from core.i18n import format_number, ngettext
from core.i18n import gettext as _
from models.addressees import Choice, EnterpriseChoice, StaffChoice
from models.reminder import Audience
from pages.common import deed, filters, ui
from pages.common.links import go
from pages.common.pasted import bad_lines, first_names
from pages.notices.parts import standing as parts
from services.actor import Actor
from services.enterprises.pasting import Named
from services.notices import choosing, drafting, previewing
from services.notices.audience import Reach
from services.notices.reading import Standing

_NOBODY = (0,)
"""What a list that names nobody means: not everybody."""
_FRESH = EnterpriseChoice.of("", {"status": ["active"]})  # who has closed down is not written to


def choose(actor: Actor, draft: Standing | None) -> None:
    """Let the person choose an audience, count it and keep it."""
    begun = draft.choice if draft else _FRESH
    prefix = f"notice_{draft.batch.pk if draft else 'new'}"
    with st.container(border=True, key="audience_card"):
        audience = st.segmented_control(
            _("Audience"), list(Audience), default=draft.batch.audience if draft else Audience.ENTERPRISES,
            format_func=lambda each: f":material/{parts.ICONS[each]}: {_(each.label)}", key=f"{prefix}_audience",
            required=True,
        )  # fmt: skip
        chosen = _enterprises if audience is Audience.ENTERPRISES else _staff
        choice: Choice = chosen(actor, begun, prefix)
    found = previewing.reach(actor, choice)
    _count(found, choice)
    if st.button(
        _("Next: what it says"), key="next", type="primary", icon=":material/arrow_forward:", icon_position="right",
        disabled=not found.reachable,
    ):  # fmt: skip
        with ui.told():
            deed.once(
                "choose",
                lambda: drafting.choose(actor, choice, draft.batch.pk if draft else None),
                leave=lambda kept: go("notices/new.py", batch=kept, step=2),
            )


def _enterprises(actor: Actor, begun: Choice, prefix: str) -> EnterpriseChoice:
    present = begun if isinstance(begun, EnterpriseChoice) else _FRESH
    only = _list(actor, present, prefix)
    search = st.text_input(
        _("Name, credit code or address contains"), present.search, key=f"{prefix}_search", placeholder=_("Any part")
    )
    asked = _filters(actor, Audience.ENTERPRISES, parts.asked_of(present), prefix)
    return EnterpriseChoice.of(search, asked).model_copy(update={"only": only})


def _staff(actor: Actor, begun: Choice, prefix: str) -> StaffChoice:
    present = begun if isinstance(begun, StaffChoice) else StaffChoice()
    search = st.text_input(
        _("Name or user name contains"), present.search, key=f"{prefix}_staff_search", placeholder=_("Any part")
    )
    asked = _filters(actor, Audience.STAFF, parts.asked_of(present), f"{prefix}_staff")
    return StaffChoice(search=search.strip(), **{key: tuple(value) for key, value in asked.items()})


def _filters(actor: Actor, audience: Audience, present: dict[str, Any], prefix: str) -> dict[str, Any]:
    offered = choosing.offered(actor, audience)
    if present.keys() - {spec.key for spec in offered.specs}:
        st.warning(_("This draft was narrowed by a filter not offered any more. What stands here may mean more."))
    with st.grid(columns=3, min_column_width=220):
        return filters.show(offered.specs, prefix=prefix, references=offered.references, present=present)


def _list(actor: Actor, present: EnterpriseChoice, prefix: str) -> tuple[int, ...]:
    """Take a pasted list, such as one of the licences that run out; the filters then choose among these only."""
    turn = f"{prefix}_turn"
    kept = present.only if turn not in st.session_state else ()
    with st.expander(_("Only enterprises of a list"), icon=":material/content_paste:", expanded=bool(kept)):
        if kept:
            st.markdown(_("A list of **{count}** enterprises is kept.").format(count=format_number(len(kept))))
            if st.button(_("Paste another list"), key=f"{prefix}_forget", icon=":material/restart_alt:"):
                st.session_state[turn] = 1
                st.rerun()
            return kept
        pasted = st.text_area(
            _("Names or credit codes, one a line"), key=f"{prefix}_list", height=140,
            placeholder=_("Copy a column from Excel and paste it here"),
        )  # fmt: skip
        if not pasted.strip():
            return ()
        with ui.told():
            return _named(choosing.named(actor, pasted))
        return _NOBODY  # type: ignore[unreachable]  # reached after an error was told


def _named(found: Named) -> tuple[int, ...]:
    """Show what a list named and return the ids."""
    count = len(found.enterprises)
    text = ngettext("**{count}** enterprise found", "**{count}** enterprises found", count)
    st.markdown(text.format(count=format_number(count)))
    first_names(found.enterprises.values())
    bad_lines(found.bad)
    return tuple(found.enterprises) or _NOBODY


def _count(found: Reach, choice: Choice) -> None:
    """Say how many it means and who cannot be reached, while it is being chosen."""
    if isinstance(choice, StaffChoice):
        meant = ngettext("**{count}** person gets it", "**{count}** persons get it", found.total)
    else:
        meant = ngettext("**{count}** enterprise fits", "**{count}** enterprises fit", found.total)
    text = meant.format(count=format_number(found.total))
    if found.unreachable:
        text += " · " + _("{count} can be reached").format(count=format_number(found.reachable))
        reasons = [f"{_(why.label)} {format_number(count)}" for why, count in found.obstacles.items()]
        text += " · " + _("{count} cannot be reached ({reasons})").format(
            count=format_number(found.unreachable), reasons=_(", ").join(reasons)
        )
    st.markdown(text)
