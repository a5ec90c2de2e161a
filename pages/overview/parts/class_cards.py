"""A class of issues as a card: what it is, who answers for it, what it has brought."""

import streamlit as st

from core.i18n import format_date, format_number
from core.i18n import gettext as _
from core.text import excerpt
from models.issue_class import ClassState, Standing
from pages.common import ui
from pages.common.links import go
from services import classes
from services.actor import Actor
from services.classes import Effect, Shown, Verdict

_COLOURS = {
    ClassState.SUGGESTED: "orange", ClassState.CONFIRMED: "blue", ClassState.IN_FORCE: "green",
    ClassState.CLOSED: "gray", ClassState.DISMISSED: "gray",
}  # fmt: skip
_SIGNS = {
    Verdict.FELL: ":green[:material/trending_down:]", Verdict.ROSE: ":red[:material/trending_up:]",
    Verdict.UNCLEAR: ":gray[:material/trending_flat:]", Verdict.TOO_FEW: ":gray[:material/hourglass_empty:]",
}  # fmt: skip
_EXCERPT = 46
_EXAMPLES = 2
_MEASURE = 90


def badges(shown: Shown) -> str:
    """Return state and category of a class as badges, and whether its measure is late."""
    state = shown.row.state
    texts = [f":{_COLOURS[state]}-badge[{_(state.label)}]", f":gray-badge[{ui.plain(shown.category)}]"]
    if shown.is_overdue:
        texts.append(f":red-badge[{_('Measure overdue')}]")
    return " ".join(texts)


def counted(shown: Shown) -> str:
    """Return how many issues and enterprises it is about."""
    return _("{issues} issues · {enterprises} enterprises").format(
        issues=format_number(shown.issues), enterprises=format_number(shown.enterprises)
    )


def in_charge(shown: Shown) -> str:
    """Return who answers for it and by or since when, as one line."""
    row = shown.row
    when = ""
    if row.in_force_on:
        when = _("in force since {day}").format(day=format_date(row.in_force_on))
    elif row.due_on:
        when = _("to take effect by {day}").format(day=format_date(row.due_on))
    return ui.plain(" · ".join(part for part in (shown.department, shown.owner, when) if part))


def effect_line(effect: Effect) -> str:
    """Return what a measure has changed as a line with a sign."""
    return f"{_SIGNS[effect.verdict]} {ui.plain(classes.effect_sentence(effect))}"


def card(shown: Shown) -> None:
    """Show a confirmed class."""
    row = shown.row
    with st.container(border=True, height="stretch", gap="small"):
        st.markdown(f"{badges(shown)} &nbsp; :small[:gray[{counted(shown)}]]")
        st.markdown(f"**{ui.plain(row.title)}**  \n:small[:gray[{in_charge(shown)}]]")
        measure = ui.plain(excerpt(row.measure, _MEASURE)) or f":gray[{_('No measure is named yet.')}]"
        st.markdown(f":material/build_circle: {measure}")
        if shown.effect:
            st.markdown(f":small[{effect_line(shown.effect)}]")
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button(_("View"), key=f"class_{row.pk}", icon=":material/arrow_forward:", icon_position="right"):
                go("overview/one_class.py", id=row.pk)
            if shown.offered:
                st.markdown(f":orange-badge[{_('{count} like it').format(count=shown.offered)}]", width="content")


def suggestion(actor: Actor, shown: Shown) -> None:
    """Show a suggestion with two of its issues and the two answers to it."""
    row = shown.row
    with st.container(border=True, height="stretch", gap="small"):
        st.markdown(f":gray-badge[{ui.plain(shown.category)}] :orange-badge[{counted(shown)}]")
        st.markdown(f"**{ui.plain(row.title)}**")
        texts = [each.text for each in classes.of_class(actor, row.pk, Standing.OFFERED).rows]
        for text in list(dict.fromkeys(texts))[:_EXAMPLES]:
            st.markdown(f":small[:gray[“{ui.plain(excerpt(text, _EXCERPT))}”]]")
        with st.container(horizontal=True, gap="small"):
            if st.button(_("Look and confirm"), key=f"look_{row.pk}", type="primary", icon=":material/check:"):
                go("overview/one_class.py", id=row.pk)
            dismissal(actor, shown)


def dismissal(actor: Actor, shown: Shown) -> None:
    """Offer to say that what was suggested, or confirmed by mistake, is no class."""
    question = _("These issues and others like them are then not suggested again.")
    state = shown.row.state
    key = f"dismiss_{state.value}_{shown.row.pk}"  # a press meant for what was suggested does not undo a confirmation
    if ui.confirm(_("Not a class"), question, key=key, icon=":material/close:"):
        with ui.told():
            classes.dismiss(actor, shown.row.pk, seen=state)
            ui.flash(_("It is not suggested again."))
            go("overview/classes.py")
