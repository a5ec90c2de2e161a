"""The recipients of a batch as a workbook: who got it and read it when, and who could not be reached."""

from collections.abc import Iterator
from typing import Any

from sqlmodel import Session

from core.i18n import N_, gettext
from models.addressees import choice_of
from models.fields import FieldKind, FieldSpec
from models.reminder import Audience, NoticeBatch
from services import audit_trail, exporting
from services.actor import Actor
from services.notices import reading
from services.notices.previewing import unreached_of
from services.permissions import Action
from services.use_case import use_case

_COLUMNS = (
    FieldSpec(key="enterprise", label=N_("Enterprise")),
    FieldSpec(key="person", label=N_("Recipient")),
    FieldSpec(key="state", label=N_("State")),
    FieldSpec(key="told_at", label=N_("Sent at"), kind=FieldKind.MOMENT),
    FieldSpec(key="read_at", label=N_("Read at"), kind=FieldKind.MOMENT),
    FieldSpec(key="note", label=N_("Note")),
)


def workbook(actor: Actor, batch_id: int) -> bytes:
    """Return a batch's recipients and those it could not reach as an Excel file; the audit log notes it.

    Raises:
        NotFoundError: there is no such batch or the actor may not see it.
    """
    with use_case(actor, Action.NOTICE_VIEW) as session:
        batch = reading.seen(session, actor, batch_id)
        rows = [*_recipients(session, batch), *_unreached(session, actor, batch)]
        columns = [spec for spec in _COLUMNS if spec.key != "enterprise" or batch.audience is Audience.ENTERPRISES]
        audit_trail.note(session, "notice_batch", batch_id, "exported", rows=len(rows))
        return exporting.workbook(batch.number, columns, rows)


def _recipients(session: Session, batch: NoticeBatch) -> Iterator[dict[str, Any]]:
    for row in session.execute(reading.recipients_of(batch.pk)):
        found = reading.Recipient(*row)
        yield {
            "enterprise": found.enterprise, "person": found.person, "state": gettext(found.state.label),
            "told_at": found.told_at, "read_at": found.read_at, "note": gettext(found.note),
        }  # fmt: skip


def _unreached(session: Session, actor: Actor, batch: NoticeBatch) -> Iterator[dict[str, Any]]:
    for each in unreached_of(session, actor, choice_of(batch.audience, batch.filters)):
        yield {
            "enterprise": each.name, "state": gettext("Cannot be reached"), "note": gettext(each.obstacle.label)
        }  # fmt: skip
