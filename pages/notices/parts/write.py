"""Step 2: what a notice says."""

from typing import Any

import streamlit as st

from core.i18n import N_
from core.i18n import gettext as _
from models.entity import specs_of
from models.reminder import Audience, NoticeBatch
from pages.common import ui
from pages.common.began import Began
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
    began = Began(f"notice_{batch.pk}", batch.model_dump(include={*drafting.WORDED}), first="title")
    with st.container(border=True, key="words_card"):
        entered = _fields(actor, batch, slots, began)
    asked = st.container()
    if began.insisted():
        _keep(actor, batch, entered, slots, began=began, step=3)
    with st.container(horizontal=True):
        if st.button(_("Back"), key="back", icon=":material/arrow_back:"):
            _keep(actor, batch, entered, slots, began=began, step=1)
        if st.button(
            _("Next: check"), key="next", type="primary", icon=":material/arrow_forward:", icon_position="right"
        ):
            _keep(actor, batch, entered, slots, began=began, step=3)
    with asked:
        began.notice(specs_of(NoticeBatch))


def _fields(actor: Actor, batch: NoticeBatch, slots: Slots, began: Began) -> dict[str, Any]:
    prefix, present = began.prefix, began.values["matter"]
    so_far = drafting.matters(actor)
    offered = so_far if present in so_far or not present else [present, *so_far]
    matter = st.selectbox(
        _("Matter"), offered, offered.index(present) if present else None, key=f"{prefix}_matter",
        placeholder=_("Choose one or type a new one"), accept_new_options=True,
        help=_("What it is about; batches of one matter are counted together"),
    )  # fmt: skip
    slots["matter"] = st.empty()
    title = st.text_input(required(_("Title")), began.values["title"], key=f"{prefix}_title", max_chars=200)
    slots["title"] = st.empty()
    body = st.text_area(required(_("Text")), began.values["body"], key=f"{prefix}_body", max_chars=4000, height=240)
    slots["body"] = st.empty()
    st.caption(_placeholders(batch.audience))
    urgent = st.toggle(
        _("Urgent"), began.values["urgent"], key=f"{prefix}_urgent",
        help=_("Goes out at once, by itself, even in quiet hours and on holidays"),
    )  # fmt: skip
    return {"matter": matter, "title": title, "body": body, "urgent": urgent}


def _placeholders(audience: Audience) -> str:
    named = [f"`{{{{ {key} }}}}` {_(_MEANINGS[key])}" for key in PLACEHOLDERS[audience]]
    return _("Each recipient reads their own:") + " " + " · ".join(named)


def _keep(actor: Actor, batch: NoticeBatch, entered: dict[str, Any], slots: Slots, *, began: Began, step: int) -> None:
    with ui.told(slots), began.saving():
        drafting.write(actor, batch.pk, entered, partly=step == 1, seen=began.values)
        go("notices/new.py", batch=batch.pk, step=step)
