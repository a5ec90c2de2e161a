from functools import partial

import streamlit as st

from core.i18n import gettext as _
from pages.common import entity_form, ui
from pages.reminders.parts import ladders, rule_form, rule_preview
from pages.shell.session import current_actor
from services import entities
from services.reminders import rules, templates
from services.reminders.rules import RULES


def page() -> None:
    """Keep who is reminded of what, and when."""
    actor = current_actor()
    with ui.header(
        _("Reminder rules"),
        _("Who is reminded of what, and when. Press a step to change it; a step switched off reminds nobody."),
    ):
        st.button(
            _("New rule"), key="reminder_rule_new", type="primary", icon=":material/add:",
            on_click=entity_form.open_row, args=(entity_form.NEW,),
        )  # fmt: skip
    entity_form.show_undo(actor, RULES)
    ladders.show(actor, rules.ladders(actor))
    look = entity_form.Look(
        preview=partial(rule_preview.show, actor),
        inputs=partial(rule_form.inputs, templates.of_occasions(actor)),
        switch=False,
    )
    entity_form.drawer(actor, RULES, entities.describe(actor, RULES), look)


page()
