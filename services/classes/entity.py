"""The declaration of classes and what no column of theirs can say."""

from sqlmodel import Session

from core.errors import ConflictError, InvalidError
from core.i18n import N_, gettext
from models.account import Account, Role
from models.issue_class import EFFECTIVE_STATES, RULED_STATES, ClassState, IssueClass
from services.actor import Actor
from services.entities import Entity
from services.permissions import Action


def _prepare(session: Session, _actor: Actor, row: IssueClass) -> None:
    """Keep what a class must have once a person has confirmed it, and a closed one as it was closed."""
    if row.id is None or row.state is ClassState.DISMISSED:
        raise ConflictError(N_("Classes come from issues: open an issue and begin one there."))
    if row.state is ClassState.CLOSED:
        raise ConflictError(N_("This class is closed. Reopen it to change it."))
    if problems := needed(session, row):
        raise InvalidError(problems)


def needed(session: Session, row: IssueClass) -> dict[str, str]:
    """Return what is wrong with a class in its state, by field."""
    problems = {}
    if row.state in RULED_STATES and row.department_id is None:
        problems["department_id"] = gettext("Say which department is in charge.")
    if row.state in EFFECTIVE_STATES and not row.measure:
        problems["measure"] = gettext("Say what was changed.")
    owner = session.get(Account, row.owner_id) if row.owner_id else None
    if owner is not None and not (owner.role is Role.DEPARTMENT_OFFICER and owner.department_id == row.department_id):
        problems["owner_id"] = gettext("{name} does not belong to this department.").format(name=owner.name)
    return problems


CLASSES = Entity(
    key="issue_class",
    model=IssueClass,
    label=N_("Class of issues"),
    labels=N_("Classes of issues"),
    view=Action.CLASS_VIEW,
    edit=Action.CLASS_EDIT,
    natural_key=("title",),
    title="title",
    prepare=_prepare,
)
