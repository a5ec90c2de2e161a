"""Files of a row: seen small, taken away, listened to and watched on demand, attached, withdrawn."""

from functools import partial

import streamlit as st

from core.errors import NotSignedInError, UserError
from core.i18n import format_moment, format_number, in_locale
from core.i18n import gettext as _
from pages.common import ui
from pages.common.attaching import Shelf, adding
from services import attachments as services
from services import file_types
from services.actor import Actor
from services.attachments import Attached
from services.file_types import Family

_ICONS = {Family.DOCUMENT: "description", Family.AUDIO: "graphic_eq", Family.VIDEO: "movie", Family.PHOTO: "image"}
_PLAYED = ("audio/mpeg", "audio/mp4", "audio/wav", "video/mp4", "video/quicktime", "video/webm")
"""What browsers can play; AMR, the format of old telephones, is downloaded."""
_THUMBNAIL, _LARGE = 240, 1600
_SHORT_HASH = 12


def shelf(actor: Actor, where: Shelf, *, may_add: bool) -> None:
    """Show the files of a row.

    Args:
        actor: who looks.
        where: the row's files.
        may_add: whether to offer adding; services ask again.
    """
    with ui.told():
        found = where.attached()
        if not found:
            st.caption(_("No files yet."))
        for each in found:
            _file(actor, where, each)
    if may_add:
        adding(where)


def _file(actor: Actor, where: Shelf, file: Attached) -> None:
    with st.container(border=True, gap="xsmall", key=f"file_{where.key}_{file.id}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _small(actor, file)
            with st.container(width="stretch", gap=None):
                st.markdown(_title(file))
                st.caption(_facts(file))
            if file.readable:
                _download(actor, file)
        _opened(actor, where, file)


def _small(actor: Actor, file: Attached) -> None:
    """Show a photo small; what is no photo, or is no longer there, by an icon."""
    if file.family is Family.PHOTO and file.readable:
        try:
            st.image(services.served(actor, file.id, width=_THUMBNAIL).content, width=72, alt=file.file_name)
        except NotSignedInError:
            raise
        except UserError as problem:
            st.markdown(f":material/broken_image: :small[{ui.plain(str(problem))}]", width="content")
        return
    with st.container(width=72, horizontal_alignment="center"):
        st.markdown(f":gray[:material/{_ICONS[file.family]}:]", width="content")


def _title(file: Attached) -> str:
    name = ui.plain(file.file_name)
    return f"**{name}**" if file.withdrawn_at is None else f"~~{name}~~ :gray-badge[{_('Withdrawn')}]"


def _facts(file: Attached) -> str:
    facts = [_size(file.size), ui.plain(file.by), format_moment(file.at)]
    lines = [" · ".join(fact for fact in facts if fact)]
    if file.withdrawn_at is not None:
        told = _("Withdrawn by {who} on {at}: {reason}").format(
            who=file.withdrawn_by, at=format_moment(file.withdrawn_at), reason=file.withdrawn_reason
        )
        lines.append(ui.plain(told))
    return "  \n".join(lines)


def _size(size: int) -> str:
    return f"{format_number(round(size / 2**20, 1))} MB" if size >= 2**20 else f"{max(1, size >> 10)} KB"


def _download(actor: Actor, file: Attached) -> None:
    st.download_button(
        _("Download"),
        partial(_content, actor, file.id),
        file_name=file.file_name,
        mime=file.media_type,
        key=f"download_{file.id}",
        icon=":material/download:",
        on_click="ignore",
    )


def _content(actor: Actor, attachment_id: int) -> bytes:
    with in_locale(actor.locale):  # Streamlit asks for the file outside the page's run
        return services.served(actor, attachment_id).content


def _opened(actor: Actor, where: Shelf, file: Attached) -> None:
    """Show what is wanted seldom: large or played, the whole hash, withdrawing."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if file.readable and file.media_type in (*_PLAYED, *_photos()):
            label = _("Play") if file.media_type in _PLAYED else _("Enlarge")
            shown = st.toggle(label, key=f"open_{where.key}_{file.id}")
        else:
            shown = False
        with st.popover(f"SHA-256 {file.sha256[:_SHORT_HASH]}…", key=f"hash_{where.key}_{file.id}", type="tertiary"):
            st.caption(_("The fingerprint of the content: two files with the same one are the same."))
            st.code(file.sha256, language=None, wrap_lines=True)
        if file.withdrawable:
            _withdrawing(where, file)
    if shown:
        with ui.told():
            _large(actor, file)


def _photos() -> list[str]:
    return [kind.media_type for kind in file_types.TYPES.values() if kind.family is Family.PHOTO]


def _large(actor: Actor, file: Attached) -> None:
    """Give photos without their metadata, sound and video as they are; nothing else is ever shown inline."""
    if file.family is Family.PHOTO:
        st.image(services.served(actor, file.id, width=_LARGE).content, alt=file.file_name)
        return
    content = services.served(actor, file.id).content
    if file.family is Family.AUDIO:
        st.audio(content, format=file.media_type)
    else:  # MOV of telephones is MP4 in another wrapping: browsers play it under that name
        st.video(content, format="video/webm" if file.media_type == "video/webm" else "video/mp4")


def _withdrawing(where: Shelf, file: Attached) -> None:
    with st.popover(_("Withdraw"), icon=":material/strikethrough_s:", type="tertiary", key=f"withdraw_{file.id}"):
        st.caption(_("The file stays in the list, struck through; only coordinators can still read it."))
        reason = st.text_input(_("Reason"), key=f"withdraw_reason_{file.id}", max_chars=500)
        if st.button(_("Withdraw this file"), key=f"withdraw_{file.id}_yes", type="primary", width="stretch"):
            with ui.told():
                where.withdraw(file.id, reason)
                ui.flash(_("“{name}” is withdrawn.").format(name=ui.plain(file.file_name)))
                st.rerun()
