"""From a draft to an issued bulletin (印发), and back: its remark, its readers told, its reminders ended."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from core import clock, months, text
from core.errors import ConflictError, InvalidError
from core.i18n import N_, gettext, in_locale
from core.settings import settings
from models.account import Role
from models.addressees import StaffChoice, stored_choice
from models.bulletin import Bulletin, BulletinState
from models.reminder import Audience, BatchState, NoticeBatch, Subject
from services import access, meanwhile, numbers, outbox
from services.actor import Actor
from services.bulletin.naming import path_of, title
from services.notices import audience, sending
from services.permissions import Action
from services.reminders import noticing
from services.use_case import use_case

READERS = (Role.MANAGER, Role.TEAM_LEAD, Role.DEPARTMENT_OFFICER)
"""Who is told of an issued bulletin."""
_REMARKS = {"remark": N_("Chinese"), "remark_en": N_("English")}


def remark(
    actor: Actor, bulletin_id: int, chinese: str, english: str, *, seen: Mapping[str, str] | None = None
) -> None:
    """Keep what the coordinator adds to the figures, in both languages.

    Args:
        actor: who asks.
        bulletin_id: the draft.
        chinese: in Chinese.
        english: in English.
        seen: `remark` and `remark_en` as the person found them, see `meanwhile`.

    Raises:
        ConflictError: the bulletin is no draft, or somebody else has changed the same text since `seen`.
        NotFoundError: there is no such bulletin.
    """
    with use_case(actor, Action.BULLETIN_EDIT) as session:
        bulletin = _in_state(session, actor, bulletin_id, BulletinState.DRAFT)
        given = {"remark": text.prose(chinese)[:2000], "remark_en": text.prose(english)[:2000]}
        present = {"remark": bulletin.remark, "remark_en": bulletin.remark_en}
        bulletin.sqlmodel_update(meanwhile.merged(seen, given, present, _REMARKS))


def issue(actor: Actor, bulletin_id: int, *, tell: bool = True, seen: datetime | None = None) -> None:
    """Issue a draft: from now on its readers see it and nothing in it changes; its reminders end.

    Args:
        actor: who issues it.
        bulletin_id: the draft.
        tell: whether managers, team leads and department officers get a notice, which links to it.
        seen: when the figures were frozen that the person has read.

    Raises:
        ConflictError: it is no draft, its figures end before its month does, or were frozen anew since `seen`.
        NotFoundError: there is no such bulletin.
    """
    with use_case(actor, Action.BULLETIN_EDIT) as session:
        bulletin = _in_state(session, actor, bulletin_id, BulletinState.DRAFT)
        if bulletin.until < months.end(bulletin.month):
            raise ConflictError(N_("Its figures end before the month does. Build it anew, then issue it."))
        if seen not in {None, bulletin.frozen_at}:
            raise ConflictError(N_("It was built anew meanwhile. Read it again, then issue it."))
        bulletin.state = BulletinState.ISSUED
        bulletin.issued_at, bulletin.issued_by_id = clock.now(), actor.account_id
        _end_reminders(session, bulletin)
        if tell:
            _tell(session, actor, bulletin)


def withdraw(actor: Actor, bulletin_id: int, reason: str) -> None:
    """Withdraw an issued bulletin: its readers see it no more, and its month can be built anew.

    Whoever has not been told of it yet is not told.

    Raises:
        ConflictError: it is not issued.
        InvalidError: the reason is missing.
        NotFoundError: there is no such bulletin.
    """
    why = text.prose(reason)[:500]
    if not why:
        raise InvalidError({"reason": gettext("Write why it is withdrawn.")})
    with use_case(actor, Action.BULLETIN_EDIT) as session:
        bulletin = _in_state(session, actor, bulletin_id, BulletinState.ISSUED)
        bulletin.state, bulletin.withdrawn_reason = BulletinState.WITHDRAWN, why
        bulletin.withdrawn_at, bulletin.withdrawn_by_id = clock.now(), actor.account_id
        sending.cancel_of(session, bulletin.pk)
        _end_reminders(session, bulletin)


def _in_state(session: Session, actor: Actor, bulletin_id: int, state: BulletinState) -> Bulletin:
    bulletin = access.load(session, actor, Action.BULLETIN_EDIT, Bulletin, bulletin_id, lock=True)
    if bulletin.state is not state:
        raise ConflictError(N_("This bulletin is in another state meanwhile. Look how it stands now."))
    return bulletin


def _end_reminders(session: Session, bulletin: Bulletin) -> None:
    noticing.touch(session, Subject.BULLETIN, [months.numbered(bulletin.month)])


def _tell(session: Session, actor: Actor, bulletin: Bulletin) -> None:
    """Send a notice batch to the readers, as a coordinator would on the page of notices."""
    choice = StaffChoice(roles=READERS)
    reach = audience.reach(session, actor, choice)
    if not reach.reachable:
        return
    with in_locale(settings().default_locale):
        name = title(bulletin.month)
        body = gettext("{title} has been issued. Read it here: {address}").format(
            title=name, address=f"{settings().base_url}{path_of(bulletin.pk)}"
        )
        matter = gettext("Monthly bulletin")
    batch = NoticeBatch(
        number=numbers.next_number(session, numbers.NOTICES, digits=4), title=name, body=body, matter=matter,
        audience=Audience.STAFF, filters=stored_choice(choice), written_by_id=actor.pk, state=BatchState.SENDING,
        started_at=clock.now(), planned=reach.reachable, unreachable=reach.unreachable,
        bulletin_id=bulletin.pk,
    )  # fmt: skip
    session.add(batch)
    session.flush()
    outbox.put(session, sending.SEND, {"batch_id": batch.pk})
