"""Below the form of a template: what it says in both languages, and the words it may use."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.i18n import LOCALES, N_
from core.i18n import gettext as _
from models.reminder import Occasion
from pages.common import ui
from services.reminders import templates
from services.reminders.rendering import TemplateError, Texts


def show(entered: Mapping[str, Any]) -> None:
    """Show what the entered template says of an invented subject, and the list of words."""
    if not entered.get("occasion"):
        st.caption(_("Choose what it is for: the words it may use are then listed here."))
        return
    occasion = Occasion.of(entered["occasion"])
    with st.expander(_("Words to use"), icon=":material/data_object:"):
        _words(occasion)
    st.markdown(f"**{_('Preview')}**")
    for locale, language in LOCALES.items():
        _told(occasion, _texts(entered, locale), locale, language)


def _texts(entered: Mapping[str, Any], locale: str) -> Texts:
    title, body = entered.get("title") or "", entered.get("body") or ""
    if locale == "en":
        return Texts(entered.get("title_en") or title, entered.get("body_en") or body)
    return Texts(title, body)


def _told(occasion: Occasion, texts: Texts, locale: str, language: str) -> None:
    with st.container(border=True, gap="small", key=f"template_preview_{locale}"):
        st.caption(language)
        try:
            told = templates.sample(occasion, texts, locale)
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
