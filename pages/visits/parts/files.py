"""Choosing photos and files, shown small as soon as they are on the server."""

import streamlit as st

from core.i18n import gettext as _
from pages.common.attaching import limits
from pages.common.ui import told
from pages.visits.parts.state import Entry, without
from services import file_types
from services.actor import Actor
from services.visits import files as services
from services.visits.checking import MAX_PHOTOS
from services.visits.content import FileEntry


def file_field(
    actor: Actor, entry: Entry, name: str, label: str, present: list[FileEntry], *, photos_only: bool
) -> list[FileEntry]:
    """Show an uploader with what was uploaded before and return what is there now.

    Args:
        actor: who records.
        entry: the visit being recorded.
        name: makes the widgets' keys unique.
        label: what the files are.
        present: what is there already.
        photos_only: whether documents are refused.
    """
    present = entry.files.get(name, present)
    slot = f"files_{entry.visit_id}_{name}"
    count = st.session_state.setdefault(slot, 0)
    families = file_types.PHOTOS if photos_only else file_types.DOCUMENTS
    if len(present) < MAX_PHOTOS:
        chosen = st.file_uploader(
            label,
            type=file_types.endings(families),
            accept_multiple_files=True,
            key=f"{slot}_{count}",
            max_upload_size=file_types.limit_of(families),
            help=limits(families),
        )
        for upload in chosen[: MAX_PHOTOS - len(present)]:
            with told():
                taken = services.take_in(actor, entry.visit_id, upload, upload.name, photos_only=photos_only)
                present = entry.files[name] = [*without(present, taken.sha256), taken]
        if chosen:
            st.session_state[slot] = count + 1  # an empty uploader next time: what was chosen is on the server
    entry.files[name] = _shown(actor, entry, slot, present)
    return entry.files[name]


def _shown(actor: Actor, entry: Entry, slot: str, present: list[FileEntry]) -> list[FileEntry]:
    if not present:
        return present
    with st.container(horizontal=True, gap="small"):
        for file in list(present):
            with st.container(width=104, gap="xxsmall"):
                if file.media_type.startswith("image/"):
                    st.image(services.draft_thumbnail(actor, entry.visit_id, file), width=96, alt=file.file_name)
                else:
                    st.markdown(f":material/description: :small[{file.file_name[-12:]}]")
                remove = _("Remove {name}").format(name=file.file_name)
                if st.button("", key=f"{slot}_{file.sha256[:12]}", icon=":material/delete:", help=remove):
                    present = without(present, file.sha256)
    return present
