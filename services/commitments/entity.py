"""The declaration of commitments and what no column of theirs can say."""

from sqlalchemy import inspect
from sqlmodel import Session

from core import clock
from core.errors import ConflictError, InvalidError
from core.i18n import N_, gettext
from models.account import Account
from models.commitment import Commitment
from models.reminder import Subject
from services.actor import Actor
from services.entities import Entity
from services.permissions import MATRIX, Action, Scope, scope
from services.reminders import noticing


def _prepare(session: Session, actor: Actor, row: Commitment) -> None:
    """Keep days in order, a follower who can act on it, and departments to what is their own.

    A department enters commitments of any enterprise, for it may approve any. That alone opens it no enterprise: the
    enterprise must have been chosen by somebody who answers for all of them.
    """
    if row.department_id is None and scope(actor, Action.COMMITMENT_EDIT) is Scope.OWN:
        row.department_id = actor.department_id
    if inspect(row).attrs.enterprise_id.history.has_changes():  # a new row's too
        row.opens_enterprise = scope(actor, Action.COMMITMENT_EDIT) is Scope.ZONE
    problems = _days(row) | _people(session, actor, row)
    if problems:
        raise InvalidError(problems)


def _days(row: Commitment) -> dict[str, str]:
    if row.approved_on > clock.today():
        return {"approved_on": gettext("This day is still to come.")}
    if row.due_on < row.approved_on:
        return {"due_on": gettext("It cannot be due before it was approved.")}
    return {}


def _people(session: Session, actor: Actor, row: Commitment) -> dict[str, str]:
    problems = {}
    follower = session.get(Account, row.follower_id) if row.follower_id else None
    if follower is not None and follower.role not in MATRIX[Action.COMMITMENT_FULFIL]:
        problems["follower_id"] = gettext(
            "{name} cannot record that it was made good; choose somebody who can."
        ).format(name=follower.name)
    own = row.department_id == actor.department_id or row.follower_id == actor.account_id
    if scope(actor, Action.COMMITMENT_EDIT) is Scope.OWN and not own:
        problems["department_id"] = gettext("You enter what your own department approved.")
    return problems


def _delete(session: Session, _actor: Actor, row: Commitment) -> None:
    """Refuse to delete what was made good; the reminders of what may go are cancelled with it."""
    if row.fulfilled_at is not None:
        raise ConflictError(N_("It was made good and stays in the enterprise’s profile."))
    noticing.touch(session, Subject.COMMITMENT, [row.pk])


COMMITMENTS = Entity(
    key="commitment",
    model=Commitment,
    label=N_("Commitment"),
    labels=N_("Commitments"),
    view=Action.COMMITMENT_VIEW,
    edit=Action.COMMITMENT_EDIT,
    natural_key=("enterprise_id", "matter", "approved_on"),
    title="matter",
    order="due_on",
    prepare=_prepare,
    deletable=True,
    deleting=_delete,
    importing=Action.COMMITMENT_IMPORT,
    exporting=Action.COMMITMENT_EXPORT,
)
