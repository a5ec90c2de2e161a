"""Telling the enterprises of a class that its measure is in force: a solved need tells others with the same need."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from core import clock
from core.errors import ConflictError
from core.i18n import N_, format_date, gettext
from models.addressees import EnterpriseChoice
from models.area import Area
from models.enterprise import Enterprise, EnterpriseStatus
from models.issue import Issue
from models.issue_class import EFFECTIVE_STATES, IssueClass, IssueClassMember, Standing
from models.reminder import (
    OPEN_REMINDER_STATES,
    REACHED_STATES,
    BatchState,
    NoticeBatch,
    Reminder,
    ReminderState,
    Subject,
)
from services import access
from services.actor import SYSTEM, Actor
from services.classes.reading import in_sight
from services.classes.ruling import in_state
from services.notices import drafting
from services.permissions import Action
from services.use_case import use_case

_GONE_OUT = (ReminderState.SENT, *REACHED_STATES)


@dataclass(frozen=True)
class Untold:
    """A class whose measure is in force, and who of its enterprises was not told.

    Args:
        class_id: the class.
        title: what its issues have in common.
        in_force_on: since when the measure is in force.
        enterprises: id → name of those not told that the actor may see the issues of.
    """

    class_id: int
    title: str
    in_force_on: date
    enterprises: dict[int, str]


def untold(
    actor: Actor, *, class_id: int | None = None, area_id: int | None = None, enterprise_id: int | None = None
) -> list[Untold]:  # fmt: skip
    """Return the measures in force of which an affected enterprise was not told, the longest in force first.

    Args:
        actor: who asks; enterprises whose issues they may not see are left out.
        class_id: only of this class.
        area_id: only enterprises of this area and below it.
        enterprise_id: only this enterprise.

    Raises:
        NotAllowedError: the role may not see classes.
    """
    with use_case(actor, Action.CLASS_VIEW) as session:
        return untold_in(session, actor, *_narrowing(session, class_id, area_id, enterprise_id))


def untold_in(session: Session, actor: Actor, *more: ColumnElement[bool]) -> list[Untold]:
    """Return the same as part of another's use case; `more` may be asked of `IssueClass`, `Issue` and `Enterprise`."""
    statement = (
        select(  # type: ignore[call-overload]  # five columns
            IssueClass.id, IssueClass.title, IssueClass.in_force_on, Enterprise.id, Enterprise.name
        )
        .distinct()
        .join(IssueClassMember, col(IssueClassMember.class_id) == IssueClass.id)
        .join(Issue, col(Issue.id) == IssueClassMember.issue_id)
        .join(Enterprise, col(Enterprise.id) == Issue.enterprise_id)
        .where(*_affected(), ~told(), access.condition(actor, Action.ISSUE_VIEW, Issue), *more)
        .order_by(col(IssueClass.in_force_on), col(IssueClass.id), col(Enterprise.id))
    )
    found: dict[int, Untold] = {}
    for class_id, title, day, enterprise_id, name in session.exec(statement):
        each = found.setdefault(class_id, Untold(class_id, title, day, {}))
        each.enterprises[enterprise_id] = name
    return list(found.values())


def untold_of(actor: Actor, class_id: int) -> tuple[dict[int, str], int]:
    """Return the enterprises of a class that were not told, id → name, and how many more whose issues one may not see.

    Raises:
        NotFoundError: there is no such class or the actor may not see it.
    """
    with use_case(actor, Action.CLASS_VIEW) as session:
        in_sight(session, actor, class_id)
        seen, every = (
            {row_id: name for each in found for row_id, name in each.enterprises.items()}
            for found in (untold_in(session, who, col(IssueClass.id) == class_id) for who in (actor, SYSTEM))
        )
        return seen, len(every.keys() - seen.keys())


def drafted(actor: Actor, class_id: int) -> int | None:
    """Return the draft of a notice to enterprises of a class that were not told, if one has been begun.

    Raises:
        NotAllowedError: the role may not send notices.
    """
    with use_case(actor, Action.NOTICE_SEND) as session:
        return _draft(session, actor, class_id)


def draft_notice(actor: Actor, class_id: int) -> int:
    """Write the draft of a notice to the enterprises of a class that were not told; return the batch's id.

    Where one has been begun, it is that one: an enterprise is credited with the notice its issue names, so of two
    drafts only the later would count, and both would go out.

    Raises:
        ConflictError: the measure is not in force, every enterprise was told, or a notice to them is being sent.
        NotFoundError: there is no such class.
    """
    with use_case(actor, Action.NOTICE_SEND) as session:
        row = in_state(session, actor, class_id, *EFFECTIVE_STATES)
        waiting = untold_in(session, actor, col(IssueClass.id) == class_id)
        if not waiting:
            raise ConflictError(N_("Every enterprise of this class has been told."))
        _refuse_under_way(session, class_id)
        begun = _draft(session, actor, class_id)
        if begun is not None:
            return begun
        choice = EnterpriseChoice.of("", {"status": [EnterpriseStatus.ACTIVE.value]})
        choice = choice.model_copy(update={"only": tuple(waiting[0].enterprises)})
        batch = drafting.begun(session, actor, choice, title=_title(row), body=_body(row), matter=row.title)
        for member in _members_of(session, class_id, waiting[0].enterprises):
            member.notice_id = batch.pk
        return batch.pk


def _draft(session: Session, actor: Actor, class_id: int) -> int | None:
    of_untold = (
        select(IssueClassMember.notice_id)
        .join(Issue, col(Issue.id) == IssueClassMember.issue_id)
        .where(IssueClassMember.class_id == class_id, col(IssueClassMember.standing) == Standing.MEMBER, ~told())
    )
    drafts = access.visible(actor, Action.NOTICE_SEND, NoticeBatch).where(
        col(NoticeBatch.id).in_(of_untold), NoticeBatch.state == BatchState.DRAFT
    )
    found = session.exec(drafts.order_by(col(NoticeBatch.id).desc()).limit(1)).first()
    return found.pk if found else None


def _refuse_under_way(session: Session, class_id: int) -> None:
    """Refuse while an earlier notice is on its way: a second would be credited with what the first still reaches."""
    batch_ids = select(IssueClassMember.notice_id).where(IssueClassMember.class_id == class_id)
    waits = select(Reminder.id).where(
        Reminder.subject == Subject.NOTICE,
        Reminder.subject_id == NoticeBatch.id,
        col(Reminder.state).in_(OPEN_REMINDER_STATES),
    )
    under_way = or_(col(NoticeBatch.state).in_((BatchState.SENDING, BatchState.PAUSED)), waits.exists())
    number = session.exec(
        select(NoticeBatch.number).where(col(NoticeBatch.id).in_(batch_ids), under_way).limit(1)
    ).first()
    if number is not None:
        raise ConflictError(
            N_("Notice {number} to these enterprises is still being sent. Wait until it has gone out, or cancel it."),
            number=number,
        )


def record_told(actor: Actor, class_id: int, enterprise_ids: Sequence[int]) -> None:
    """Record that enterprises of a class were told of its measure by word of mouth.

    Raises:
        ConflictError: the measure is not in force.
        NotFoundError: there is no such class.
    """
    with use_case(actor, Action.CLASS_EDIT) as session:
        in_state(session, actor, class_id, *EFFECTIVE_STATES)
        for member in _members_of(session, class_id, enterprise_ids):
            member.told_at, member.told_by_id = clock.now(), actor.account_id


def told() -> ColumnElement[bool]:
    """Return the condition that a member's enterprise was told, asked beside `Issue`: by mouth, or by the notice."""
    by_notice = (
        select(Reminder.id)
        .where(
            Reminder.subject == Subject.NOTICE,
            Reminder.subject_id == IssueClassMember.notice_id,
            col(Reminder.state).in_(_GONE_OUT),
            Reminder.enterprise_id == Issue.enterprise_id,
        )
        .correlate(IssueClassMember, Issue)
    )
    return or_(col(IssueClassMember.told_at).is_not(None), by_notice.exists())


def _affected() -> tuple[ColumnElement[bool], ...]:
    return (
        col(IssueClass.state).in_(EFFECTIVE_STATES),
        col(IssueClassMember.standing) == Standing.MEMBER,
        col(Enterprise.status) == EnterpriseStatus.ACTIVE,
    )


def _narrowing(
    session: Session, class_id: int | None, area_id: int | None, enterprise_id: int | None
) -> list[ColumnElement[bool]]:  # fmt: skip
    conditions: list[ColumnElement[bool]] = []
    if class_id is not None:
        conditions.append(col(IssueClass.id) == class_id)
    if area_id is not None:
        path = session.exec(select(Area.path).where(Area.id == area_id)).one_or_none() or "-"
        conditions.append(access.among(Enterprise.area_id, select(Area.id).where(col(Area.path).startswith(path))))
    if enterprise_id is not None:
        conditions.append(col(Enterprise.id) == enterprise_id)
    return conditions


def _members_of(session: Session, class_id: int, enterprise_ids: Any) -> Sequence[IssueClassMember]:
    statement = select(IssueClassMember).join(Issue, col(Issue.id) == IssueClassMember.issue_id)
    return session.exec(
        statement.where(
            IssueClassMember.class_id == class_id,
            IssueClassMember.standing == Standing.MEMBER,
            col(Issue.enterprise_id).in_(list(enterprise_ids)),
        )
    ).all()


def _title(row: IssueClass) -> str:
    return gettext("What has changed about: {title}").format(title=row.title)


def _body(row: IssueClass) -> str:
    return gettext(
        "To {{{{ enterprise }}}}, {{{{ person }}}}:\n"
        "Your enterprise and others raised this need: {title}. A measure against it is in force since {day}:\n"
        "{measure}\n"
        "If the need goes on, please tell your grid worker; it will be taken up again."
    ).format(title=row.title, day=format_date(row.in_force_on), measure=row.measure)
