"""Recording that a commitment was made good, and taking that back."""

from datetime import timedelta

from core import clock, text
from core.errors import ConflictError, InvalidError
from core.i18n import N_, gettext
from models.commitment import Commitment
from services import access
from services.actor import Actor
from services.permissions import Action
from services.use_case import use_case

TAKEN_BACK_WITHIN = timedelta(days=30)
"""How long a record may turn out to have been a mistake."""


def fulfil(actor: Actor, commitment_id: int, note: str) -> None:
    """Record that and how a commitment was made good; its reminders end with it.

    Raises:
        ConflictError: it was recorded already.
        InvalidError: the note is empty.
        NotFoundError: there is no such commitment or it is not the actor's to record.
    """
    note = text.prose(note)
    if not note:
        raise InvalidError({"note": gettext("Say in a few words how it was made good.")})
    with use_case(actor, Action.COMMITMENT_FULFIL) as session:
        row = access.load(session, actor, Action.COMMITMENT_FULFIL, Commitment, commitment_id, lock=True)
        if row.fulfilled_at is not None:
            raise ConflictError(N_("It has been recorded as made good already."))
        row.fulfilled_at, row.fulfilled_by_id, row.fulfilled_note = clock.now(), actor.account_id, note[:1000]


def take_back(actor: Actor, commitment_id: int) -> None:
    """Say that a commitment was not made good after all; its reminders go on.

    Raises:
        ConflictError: it is not recorded as made good, or was so long ago.
        NotFoundError: there is no such commitment or it is not the actor's to record.
    """
    with use_case(actor, Action.COMMITMENT_FULFIL) as session:
        row = access.load(session, actor, Action.COMMITMENT_FULFIL, Commitment, commitment_id, lock=True)
        if row.fulfilled_at is None:
            raise ConflictError(N_("It is not recorded as made good."))
        if clock.now() - row.fulfilled_at > TAKEN_BACK_WITHIN:
            raise ConflictError(N_("This was recorded more than 30 days ago and can no longer be taken back."))
        row.fulfilled_at, row.fulfilled_by_id, row.fulfilled_note = None, None, ""
