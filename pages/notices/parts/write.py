"""Step 2: what a notice says."""

from typing import Any

import streamlit as st

from core.i18n import N_
from core.i18n import gettext as _
from models.reminder import Audience, NoticeBatch
from pages.common import ui
from pages.common.fields import Slots, required
from pages.common.links import go
from services.actor import Actor
from services.notices import drafting
from services.notices.reading import Standing
from services.notices.wording import PLACEHOLDERS

_MEANINGS = {"enterprise": N_("the enterprise’s name"), "person": N_("the recipient’s name")}


def write(actor: Actor, draft: Standing) -> None:
    """Let the person write the notice, and keep it whichever way they leave."""
    batch, slots = draft.batch, Slots()
    with st.container(border=True, key="words_card"):
        entered = _fields(actor, batch, slots)
    with st.container(horizontal=True):
        if st.button(_("Back"), key="back", icon=":material/arrow_back:"):
            _keep(actor, batch, entered, slots, step=1)
        if st.button(
            _("Next: check"), key="next", type="primary", icon=":material/arrow_forward:", icon_position="right"
        ):
            _keep(actor, batch, entered, slots, step=3)


def _fields(actor: Actor, batch: NoticeBatch, slots: Slots) -> dict[str, Any]:
    prefix = f"notice_{batch.pk}"
    so_far = drafting.matters(actor)
    offered = so_far if batch.matter in so_far or not batch.matter else [batch.matter, *so_far]
    matter = st.selectbox(
        _("Matter"), offered, offered.index(batch.matter) if batch.matter else None, key=f"{prefix}_matter",
        placeholder=_("Choose one or type a new one"), accept_new_options=True,
        help=_("What it is about; batches of one matter are counted together"),
    )  # fmt: skip
    slots["matter"] = st.empty()
    title = st.text_input(required(_("Title")), batch.title, key=f"{prefix}_title", max_chars=200)
    slots["title"] = st.empty()
    body = st.text_area(required(_("Text")), batch.body, key=f"{prefix}_body", max_chars=4000, height=240)
    slots["body"] = st.empty()
    st.caption(_placeholders(batch.audience))
    urgent = st.toggle(
        _("Urgent"), batch.urgent, key=f"{prefix}_urgent",
        help=_("Goes out at once, by itself, even in quiet hours and on holidays"),
    )  # fmt: skip
    return {"matter": matter, "title": title, "body": body, "urgent": urgent}


def _placeholders(audience: Audience) -> str:
    named = [f"`{{{{ {key} }}}}` {_(_MEANINGS[key])}" for key in PLACEHOLDERS[audience]]
    return _("Each recipient reads their own:") + " " + " · ".join(named)


def _keep(actor: Actor, batch: NoticeBatch, entered: dict[str, Any], slots: Slots, step: int) -> None:
    with ui.told(slots):
        drafting.write(actor, batch.pk, entered, partly=step == 1)
        go("notices/new.py", batch=batch.pk, step=step)
