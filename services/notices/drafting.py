"""A batch until it goes out: chosen, worded, copied from an earlier one."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from core.errors import ConflictError, InvalidError
from core.i18n import N_
from models.addressees import Choice, audience_of, stored_choice
from models.entity import specs_of
from models.fields import clean_values
from models.reminder import BatchState, NoticeBatch
from services import access, meanwhile, numbers
from services.actor import Actor
from services.notices.wording import Wording
from services.permissions import Action
from services.use_case import use_case

WORDED = ("matter", "title", "body", "urgent")
"""The fields of a batch that are its words."""
CONTENT = frozenset({*WORDED, "audience", "filters"})
"""The fields by which two batches say the same to the same."""
_EMPTY: dict[str, Any] = {"matter": "", "title": "", "body": "", "urgent": False}


def choose(actor: Actor, choice: Choice, batch_id: int | None = None) -> int:
    """Keep whom a notice goes to, in a new draft or one there is; return its id.

    Raises:
        ConflictError: the batch is no draft any more.
        NotFoundError: there is no such batch or the actor may not change it.
    """
    with use_case(actor, Action.NOTICE_SEND) as session:
        batch = _draft(session, actor, batch_id) if batch_id else NoticeBatch(written_by_id=actor.pk, title="", body="")
        batch.audience, batch.filters = audience_of(choice), stored_choice(choice)
        return _stored(session, batch)


def write(
    actor: Actor,
    batch_id: int,
    raw: Mapping[str, Any],
    *,
    partly: bool = False,
    seen: Mapping[str, Any] | None = None,
) -> None:
    """Keep the words of a draft.

    Args:
        actor: who asks.
        batch_id: the draft.
        raw: matter, title, body and urgency as entered.
        partly: whether title and text may still be missing.
        seen: the words the person began with, see `meanwhile`.

    Raises:
        InvalidError: title or text is missing or too long, or a placeholder is faulty.
        ConflictError: the batch is no draft any more, or somebody else has changed the same since `seen`.
        NotFoundError: there is no such batch or the actor may not change it.
    """
    with use_case(actor, Action.NOTICE_SEND) as session:
        batch = _draft(session, actor, batch_id)
        labels = {spec.key: spec.label for spec in specs_of(NoticeBatch)}
        raw = meanwhile.merged(seen, raw, batch.model_dump(include={*WORDED}), labels)
        specs = [spec for spec in specs_of(NoticeBatch) if spec.key in WORDED]
        if partly:
            specs = [spec.model_copy(update={"required": False}) for spec in specs]
        values, problems = clean_values(specs, raw)
        if problems:
            raise InvalidError(problems)
        given = _EMPTY | {key: value for key, value in values.items() if value is not None}
        Wording(batch.audience, given["title"], given["body"])
        for key, value in given.items():
            setattr(batch, key, value)


def copy(actor: Actor, batch_id: int) -> int:
    """Make a draft with the words and the choice of another batch; return its id.

    Raises:
        NotFoundError: there is no such batch.
    """
    with use_case(actor, Action.NOTICE_SEND) as session:
        source = access.load(session, actor, Action.NOTICE_SEND, NoticeBatch, batch_id)
        kept = source.model_dump(include={*CONTENT})
        return _stored(session, NoticeBatch(written_by_id=actor.pk, **kept))


def begun(session: Session, actor: Actor, choice: Choice, *, title: str, body: str, matter: str) -> NoticeBatch:
    """Store a draft that another use case has chosen and worded; its caller has checked the permission."""
    batch = NoticeBatch(
        written_by_id=actor.pk, title=title[:200], body=body[:4000], matter=matter[:100],
        audience=audience_of(choice), filters=stored_choice(choice),
    )  # fmt: skip
    _stored(session, batch)
    return batch


def matters(actor: Actor) -> list[str]:
    """Return the matters batches were about so far, the latest first: what is offered for a new one.

    Raises:
        NotAllowedError: the role may not send notices.
    """
    with use_case(actor, Action.NOTICE_SEND) as session:
        found = session.exec(select(NoticeBatch.matter).order_by(col(NoticeBatch.id).desc()).limit(500))
        return [matter for matter in dict.fromkeys(found) if matter]


def _draft(session: Session, actor: Actor, batch_id: int) -> NoticeBatch:
    batch = access.load(session, actor, Action.NOTICE_SEND, NoticeBatch, batch_id, lock=True)
    if batch.state is not BatchState.DRAFT:
        raise ConflictError(N_("This notice is no draft any more; copy it to write another."))
    return batch


def _stored(session: Session, batch: NoticeBatch) -> int:
    if not batch.number:
        batch.number = numbers.next_number(session, numbers.NOTICES, digits=4)
    session.add(batch)
    session.flush()
    return batch.pk
