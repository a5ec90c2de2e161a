"""The rules as ladders: one card for each occasion, its steps one below the other in order of time."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.i18n import gettext as _
from models.reminder import Effect, Occasion, ReminderRule
from pages.common import entity_form, ui
from services import entities
from services.actor import Actor
from services.reminders import wording
from services.reminders.rules import RULES

_COLOURS = {Effect.YELLOW_CARD: "orange", Effect.RED_CARD: "red", Effect.ESCALATE: "violet"}


def show(actor: Actor, ladders: Mapping[Occasion, Sequence[ReminderRule]]) -> None:
    """Show every occasion that has rules, the longer half of them on the left; and name those that have none."""
    filled = {occasion: rules for occasion, rules in ladders.items() if rules}
    places = [*filled]
    for place, column in enumerate(st.columns(2, gap="medium")):
        with column:
            for occasion in _half(filled, places, place):
                _ladder(actor, occasion, filled[occasion])
    silent = [_(occasion.label) for occasion, rules in ladders.items() if not rules]
    if silent:
        st.caption(_("No rules yet for: {occasions}").format(occasions=_(", ").join(silent)))


def _half(filled: Mapping[Occasion, Sequence[ReminderRule]], places: list[Occasion], place: int) -> list[Occasion]:
    """Return the occasions of one column, in order, so that both are about as long."""
    height, half = 0, sum(len(rules) + 1 for rules in filled.values()) / 2
    left = []
    for occasion in places:
        if height < half:
            left.append(occasion)
        height += len(filled[occasion]) + 1
    return left if place == 0 else [each for each in places if each not in left]


def _ladder(actor: Actor, occasion: Occasion, rules: Sequence[ReminderRule]) -> None:
    with st.container(border=True, gap="small", key=f"ladder_{occasion.value}"):
        st.markdown(f"**{_(occasion.label)}**")
        for rule in rules:
            _step(actor, rule)


def _step(actor: Actor, rule: ReminderRule) -> None:
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
        st.toggle(
            _("“{rule}” is active").format(rule=ui.inline(rule.name)), rule.active, key=f"rule_active_{rule.id}",
            label_visibility="collapsed", on_change=_switch, args=(actor, rule.pk), width="content",
        )  # fmt: skip
        st.markdown(_told(rule), width="stretch")
        st.button(
            "", key=f"rule_{rule.id}", icon=":material/edit:", type="tertiary", help=_("Change “{rule}”").format(
                rule=ui.inline(rule.name)
            ), on_click=entity_form.open_row, args=(rule.pk,),
        )  # fmt: skip


def _told(rule: ReminderRule) -> str:
    """Return a step as Markdown: when, whom, and what else, faint if it is switched off."""
    whom = ui.plain(_(", ").join(_(each.label) for each in rule.recipients))
    when = ui.plain(wording.when(rule))
    line = f"**{when}** → {whom}" if whom else f"**{when}**"
    if rule.stage:
        line += " " + _badge(_(rule.stage.label), "blue")
    if rule.effect is not Effect.NONE:
        line += " " + _badge(_(rule.effect.label), _COLOURS[rule.effect])
    if rule.urgent:
        line += " " + _badge(_("Urgent"), "gray")
    return line if rule.active else f":gray[{line}]"


def _badge(label: str, colour: str) -> str:
    return f":{colour}-badge[{ui.plain(label)}]"


def _switch(actor: Actor, rule_id: int) -> None:
    with ui.told():
        entities.save(actor, RULES, {"active": st.session_state[f"rule_active_{rule_id}"]}, rule_id)
        ui.flash(_("Saved."))
