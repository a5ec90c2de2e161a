"""Ruling on a class: whether it is one, when its measure took effect, when nothing is left to do."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from core import clock, text
from core.errors import ConflictError, InvalidError
from core.i18n import N_, gettext
from models.fields import clean_values
from models.issue import Issue
from models.issue_class import ClassState, IssueClass, IssueClassMember, Standing
from services import access, entities
from services.actor import Actor
from services.classes import kind
from services.classes.entity import CLASSES, needed
from services.classes.suggesting import title_of
from services.entities.changes import assign
from services.permissions import Action
from services.use_case import use_case

_DISMISSIBLE = {ClassState.SUGGESTED, ClassState.CONFIRMED}
MEANWHILE = N_("This class is in another state meanwhile. Look how it stands now.")


def confirm(actor: Actor, class_id: int, raw: Mapping[str, Any], ruled: Mapping[int, bool]) -> None:
    """Confirm that issues of a suggestion have one cause; the ledger of the past year is then looked through.

    Args:
        actor: who asks.
        class_id: the suggestion.
        raw: title, department, person, measure and day as entered; what is left out keeps its value.
        ruled: suggested issue → whether it belongs to it, of all the person was shown. The others stay offered.

    Raises:
        ConflictError: it is no suggestion any more.
        InvalidError: a value is not acceptable, or no issue would belong to it.
        NotFoundError: there is no such class.
    """
    with use_case(actor, Action.CLASS_EDIT) as session:
        row = in_state(session, actor, class_id, ClassState.SUGGESTED)
        rows = session.exec(
            select(IssueClassMember).where(
                IssueClassMember.class_id == class_id, IssueClassMember.standing == Standing.OFFERED,
                col(IssueClassMember.issue_id).in_(ruled),
            )
        ).all()  # fmt: skip
        if not any(ruled[each.issue_id] for each in rows):
            raise InvalidError({"": gettext("Leave at least one issue in the class.")})
        for each in rows:
            each.standing = Standing.MEMBER if ruled[each.issue_id] else Standing.LEFT_OUT
            each.placed_at, each.placed_by_id = clock.now(), actor.account_id
        specs = [spec for spec in entities.fields(session, CLASSES) if spec.editable and spec.key in raw]
        values, problems = clean_values(specs, raw)
        if problems:
            raise InvalidError(problems)
        assign(row, values, specs)
        _confirmed(session, actor, row)


def begin(actor: Actor, issue_id: int, department_id: int | None) -> int:
    """Make a class of one issue and offer it those that are like it; return its id.

    Raises:
        ConflictError: the issue belongs to a class, or has no category.
        InvalidError: no department is named.
        NotFoundError: there is no such issue or the actor may not see it.
    """
    with use_case(actor, Action.CLASS_EDIT) as session:
        issue = access.load(session, actor, Action.ISSUE_VIEW, Issue, issue_id, lock=True)
        if not issue.category:
            raise ConflictError(N_("Give the issue a category first: a class holds issues of one category."))
        now = clock.now()
        row = IssueClass(
            title=title_of(issue.text), category=issue.category, department_id=department_id, looked_from=now,
            looked_at=now,
        )  # fmt: skip
        session.add(row)
        session.flush()
        place(session, actor, row, issue.pk)
        _confirmed(session, actor, row)
        return row.pk


def dismiss(actor: Actor, class_id: int, *, seen: ClassState = ClassState.SUGGESTED) -> None:
    """Say that the issues of a suggestion are no class; neither they nor what is like them is suggested again.

    So with a class that was confirmed by mistake and has no measure in force: its issues are as those of a suggestion
    again, and can be put into another class.

    Args:
        actor: who asks.
        class_id: the class.
        seen: the state the person saw it in: a suggestion, or confirmed.

    Raises:
        ConflictError: it is in another state meanwhile.
        NotFoundError: there is no such class.
    """
    with use_case(actor, Action.CLASS_EDIT) as session:
        row = in_state(session, actor, class_id, *({seen} & _DISMISSIBLE))
        if row.state is ClassState.CONFIRMED:
            _release(session, row)
        row.state, row.confirmed_at, row.confirmed_by_id = ClassState.DISMISSED, None, None


def reconsider(actor: Actor, class_id: int) -> None:
    """Suggest again what was said to be no class.

    Raises:
        ConflictError: it was not dismissed.
        NotFoundError: there is no such class.
    """
    with use_case(actor, Action.CLASS_EDIT) as session:
        in_state(session, actor, class_id, ClassState.DISMISSED).state = ClassState.SUGGESTED


def take_effect(actor: Actor, class_id: int, day: date | None) -> None:
    """Record on which day the measure took effect, or correct that day: from it on its effect is measured.

    Raises:
        ConflictError: the class is not confirmed, or closed.
        InvalidError: the day is missing or still to come, or the measure is not named.
        NotFoundError: there is no such class.
    """
    with use_case(actor, Action.CLASS_EDIT) as session:
        row = in_state(session, actor, class_id, ClassState.CONFIRMED, ClassState.IN_FORCE)
        if day is None or day > clock.today():
            raise InvalidError({"day": gettext("Name the day it took effect; it cannot lie in the future.")})
        row.state, row.in_force_on = ClassState.IN_FORCE, day
        if problems := needed(session, row):
            raise InvalidError(problems)


def close(actor: Actor, class_id: int, conclusion: str) -> None:
    """Close a class whose measure is in force; its effect goes on being measured.

    Raises:
        ConflictError: its measure is not in force.
        InvalidError: the conclusion is missing.
        NotFoundError: there is no such class.
    """
    conclusion = text.prose(conclusion)
    with use_case(actor, Action.CLASS_EDIT) as session:
        row = in_state(session, actor, class_id, ClassState.IN_FORCE)
        if not conclusion:
            raise InvalidError({"conclusion": gettext("Say in a few words what came of it.")})
        row.state, row.conclusion = ClassState.CLOSED, conclusion[:1000]
        row.closed_at, row.closed_by_id = clock.now(), actor.account_id


def reopen(actor: Actor, class_id: int) -> None:
    """Take up a closed class again.

    Raises:
        ConflictError: it is not closed.
        NotFoundError: there is no such class.
    """
    with use_case(actor, Action.CLASS_EDIT) as session:
        row = in_state(session, actor, class_id, ClassState.CLOSED)
        row.state, row.closed_at, row.closed_by_id = ClassState.IN_FORCE, None, None


def _release(session: Session, row: IssueClass) -> None:
    """Make what belonged to a class what it was suggested for; what was found since is offered by it no more."""
    now = clock.now()
    for each in session.exec(select(IssueClassMember).where(IssueClassMember.class_id == row.id)):
        if each.standing is Standing.OFFERED:
            session.delete(each)
        elif each.standing is Standing.MEMBER:
            each.standing, each.placed_at, each.placed_by_id = Standing.OFFERED, now, None


def in_state(session: Session, actor: Actor, class_id: int, *states: ClassState) -> IssueClass:
    """Return a class locked for a change; part of another's use case.

    Raises:
        ConflictError: it is in none of these states.
        NotFoundError: there is no such class.
    """
    row = access.load(session, actor, Action.CLASS_EDIT, IssueClass, class_id, lock=True)
    if row.state not in states:
        raise ConflictError(MEANWHILE)
    return row


def place(session: Session, actor: Actor, row: IssueClass, issue_id: int) -> None:
    """Make an issue a member of a class, taking it out of suggestions and offers; part of another's use case.

    Raises:
        ConflictError: it is a member of another class already, or somebody places it at the same time.
    """
    rows = session.exec(select(IssueClassMember).where(IssueClassMember.issue_id == issue_id).with_for_update()).all()
    own = next((each for each in rows if each.class_id == row.id), None)
    others = [each for each in rows if each is not own]
    if any(each.standing is Standing.MEMBER for each in others):
        raise ConflictError(N_("This issue belongs to another class already."))
    own = own or IssueClassMember(class_id=row.pk, issue_id=issue_id, standing=Standing.MEMBER, placed_at=clock.now())
    try:
        with session.begin_nested():
            _move(session, own, [each for each in others if each.standing is Standing.OFFERED])
    except IntegrityError:
        raise ConflictError(N_("Somebody else has just placed this issue. Look how it stands now.")) from None
    own.placed_at, own.placed_by_id = clock.now(), actor.account_id
    session.flush()


def _move(session: Session, own: IssueClassMember, offers: Sequence[IssueClassMember]) -> None:
    for each in offers:
        session.delete(each)
    session.flush()  # the offers go first: an issue stands in one class at a time
    own.standing = Standing.MEMBER
    session.add(own)
    session.flush()


def _confirmed(session: Session, actor: Actor, row: IssueClass) -> None:
    row.state, row.confirmed_at, row.confirmed_by_id = ClassState.CONFIRMED, clock.now(), actor.account_id
    if problems := needed(session, row):
        raise InvalidError(problems)
    session.flush()
    kind.look_back(session, row)


def of_issue(session: Session, issue_id: int) -> IssueClass | None:
    """Return the class an issue belongs to, if any; part of another's use case."""
    joined = select(IssueClass).join(IssueClassMember, col(IssueClassMember.class_id) == IssueClass.id)
    wanted = (IssueClassMember.issue_id == issue_id, IssueClassMember.standing == Standing.MEMBER)
    return session.exec(joined.where(*wanted)).one_or_none()
