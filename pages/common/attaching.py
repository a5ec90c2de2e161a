"""Attaching files to a row: several at once, each refusal told by name."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import IO

import streamlit as st

from core.errors import NotSignedInError, UserError
from core.i18n import gettext as _
from core.i18n import ngettext
from pages.common import ui
from services import file_types
from services.attachments import Attached
from services.file_types import Family

_REFUSED = "refused"


@dataclass(frozen=True)
class Shelf:
    """Where files hang, and the services that read, add and withdraw them.

    Args:
        key: makes the widgets of this row unique, such as `issue_12`.
        attached: lists them.
        attach: adds one, given its content and name.
        withdraw: strikes one through, given its id and the reason.
    """

    key: str
    attached: Callable[[], list[Attached]]
    attach: Callable[[IO[bytes], str], int]
    withdraw: Callable[[int, str], None]


def adding(where: Shelf) -> None:
    """Offer to attach several files at once; each refusal is told by name, and the others are kept."""
    slot = f"uploads_{where.key}"
    round_ = st.session_state.setdefault(slot, 0)
    for told in st.session_state.pop(f"{slot}_{_REFUSED}", []):
        st.error(ui.plain(told), icon=":material/error:")
    chosen = st.file_uploader(
        _("Attach photos, documents, sound or video"),
        type=file_types.endings(file_types.EVERYTHING),
        accept_multiple_files=True,
        key=f"{slot}_{round_}",
        max_upload_size=file_types.limit_of(file_types.EVERYTHING),
        help=limits(Family),
    )
    if not chosen:
        return
    label = ngettext("Attach {count} file", "Attach {count} files", len(chosen)).format(count=len(chosen))
    if st.button(label, key=f"{slot}_add", type="primary", icon=":material/attach_file:"):
        _add(where, slot, chosen)


def _add(where: Shelf, slot: str, chosen: list) -> None:  # type: ignore[type-arg]  # Streamlit's UploadedFile is private
    bar, refused = st.progress(0.0), []
    for number, upload in enumerate(chosen):
        bar.progress(number / len(chosen), text=ui.plain(upload.name))
        try:
            where.attach(upload, upload.name)
        except NotSignedInError:
            raise
        except UserError as problem:
            refused.append(str(problem))
    kept = len(chosen) - len(refused)
    if kept:
        ui.flash(ngettext("{count} file attached.", "{count} files attached.", kept).format(count=kept))
    st.session_state[f"{slot}_{_REFUSED}"] = refused
    st.session_state[slot] += 1  # an empty uploader next time: what was chosen is kept, or refused with a reason
    st.rerun()


def limits(families: Iterable[Family]) -> str:
    """Tell how large a file of each family may be."""
    return _(", ").join(f"{_(family.label)} ≤ {file_types.limit_of([family])} MB" for family in families)
