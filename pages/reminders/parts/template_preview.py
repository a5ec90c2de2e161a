"""Below the form of a template: what it says in both languages, and the words it may use."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from core.i18n import LOCALES, N_
from core.i18n import gettext as _
from models.reminder import Occasion
from pages.common import ui
from pages.common.options import apart
from services.reminders import templates
from services.reminders.occasions import SUDDEN
from services.reminders.rendering import Rendered, TemplateError, Texts


def show(entered: Mapping[str, Any]) -> None:
    """Show what the entered template says of an invented subject, and the list of words."""
    if not entered.get("occasion"):
        st.caption(_("Choose what it is for: the words it may use are then listed here."))
        return
    occasion = Occasion.of(entered["occasion"])
    with st.expander(_("Words to use"), icon=":material/data_object:"):
        _words(occasion)
    st.markdown(f"**{_('Preview')}**")
    left = _days_left(occasion)
    for locale, language in LOCALES.items():
        _told(partial(templates.sample, occasion, _texts(entered, locale), locale, left), locale, language)


def _texts(entered: Mapping[str, Any], locale: str) -> Texts:
    title, body = entered.get("title") or "", entered.get("body") or ""
    if locale == "en":
        return Texts(entered.get("title_en") or title, entered.get("body_en") or body)
    return Texts(title, body)


def _days_left(occasion: Occasion) -> int | None:
    """Let the person choose how much time is left in the preview, where something is due."""
    if occasion in SUDDEN:
        return None
    options = {2: _("Before it is due"), 0: _("On the day it is due"), -1: _("When it is overdue")}
    return st.segmented_control(
        _("Preview"), list(options), default=2, format_func=apart(options), key="template_days_left",
        label_visibility="collapsed", required=True,
    )  # fmt: skip


def _told(sample: Callable[[], Rendered], locale: str, language: str) -> None:
    with st.container(border=True, gap="small", key=f"template_preview_{locale}"):
        st.caption(language)
        try:
            told = sample()
        except TemplateError as problem:
            st.error(problem.reason, icon=":material/error:")
            return
        st.markdown(f"**{ui.plain(told.title)}**")
        st.markdown(ui.plain(told.body).replace("\n", "  \n"))


def _words(occasion: Occasion) -> None:
    rows = [
        {_("Write"): "{{ " + name + " }}", _("Means"): _(_MEANINGS.get(name, "")), _("For example"): str(value)}
        for name, value in templates.words_with_samples(occasion).items()
    ]
    st.dataframe(rows, hide_index=True, height=ui.table_height(len(rows), 16))
    st.caption(_("Only if there is one: {example}").format(example="{% if due %}…{{ due }}…{% endif %}"))


_MEANINGS = {
    "number": N_("Number of the issue"),
    "title": N_("What it is about, in short"),
    "enterprise": N_("Enterprise"),
    "department": N_("Department"),
    "stage": N_("Stage"),
    "kind": N_("Kind"),
    "urgency": N_("Urgency"),
    "state": N_("State"),
    "person": N_("Who is to act"),
    "said": N_("What was written last, such as a reason"),
    "by": N_("Who wrote that"),
    "due": N_("Day and time it is due"),
    "days_left": N_("Working days left, as a number; negative when overdue"),
    "remaining": N_("Working days left, in words"),
    "review_on": N_("Day of the review"),
    "link_text": N_("Text of the link to it"),
}
"""Word → what it means."""
