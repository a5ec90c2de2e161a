import streamlit as st

from core.i18n import gettext as _
from pages.campaigns.builder_bar import bar, overtaken
from pages.campaigns.builder_list import question_list
from pages.campaigns.builder_style import style
from pages.campaigns.parts import asked_campaign
from pages.campaigns.preview import preview
from pages.common import ui
from pages.common.links import page_path
from pages.shell.session import current_actor
from pages.visits.parts.style import thumb_area
from services.campaigns import forms


def page() -> None:
    """Build a campaign's visit form, with a live preview beside it."""
    actor = current_actor()
    campaign = asked_campaign(actor)
    back = {"campaign": str(campaign.pk), "tab": "form"}
    st.page_link(
        page_path("campaigns/campaign.py"),
        label=ui.inline(campaign.name),
        icon=":material/arrow_back:",
        query_params=back,
    )
    style()
    ui.header(_("Visit form"), _("What is asked on each visit of this campaign, besides who was met and what was said"))
    draft = forms.draft(actor, campaign.pk)
    if not draft.editable:
        ui.empty(_("This campaign is finished"), _("Reopen it to change its form."), icon="lock")
        return
    if draft.overtaken:
        overtaken(actor, campaign.pk)
    place = st.container(key="builder_bar")
    left, right = st.columns([3, 2], gap="large")
    with left:
        question_list(actor, campaign, draft)
    draft = forms.draft(actor, campaign.pk)  # what was typed on the left is kept by now
    with place:
        bar(actor, campaign.pk, draft)
    with right, st.container(key="builder_preview"), thumb_area():
        preview(draft.questions)


page()
