"""What happened between the programme and one enterprise, as one time line."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from core import clock
from core.i18n import N_, gettext
from models.account import Account
from models.base import LabelledEnum
from models.campaign import Campaign, FormVersion
from models.enterprise import Enterprise
from models.fields import FieldSpec
from models.issue import UNRESOLVED_STATES, Issue
from models.reminder import REACHED_STATES, Reminder, ReminderState, Subject
from models.visit import OPEN_VISIT_STATES, Attachment, Promise, Visit, VisitState
from services import access
from services.actor import Actor
from services.campaigns.standing import of_open
from services.permissions import Action
from services.phones import readable


class MomentKind(LabelledEnum):
    """What a moment of the time line is."""

    VISIT = "visit", N_("Visit")
    PLANNED = "planned", N_("Planned visit")
    ISSUE = "issue", N_("Issue")
    PROMISE = "promise", N_("Promise")
    NOTICE = "notice", N_("Notice")
    FILE = "file", N_("File")
    ENTRY = "entry", N_("Entry in the register")


@dataclass(frozen=True)
class Moment:
    """One entry of the time line.

    Args:
        at: when.
        kind: what it is; the time line is filtered by it.
        title: one line, in the present language.
        text: what was said or agreed.
        who: who did it.
        state: a word for how it stands, empty where that goes without saying.
        done: whether nothing is left to do about it.
        answers: questions and answers of a visit's form.
        files: what was attached.
        visit_id: the visit it belongs to.
        issue_id: the issue it is, which has a page of its own.
    """

    at: datetime
    kind: MomentKind
    title: str
    text: str = ""
    who: str = ""
    state: str = ""
    done: bool = True
    answers: list[tuple[FieldSpec, Any]] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    visit_id: int | None = None
    issue_id: int | None = None


@dataclass(frozen=True)
class History:
    """The rows a time line is made of, as far as the actor may see them."""

    enterprise: Enterprise
    visits: list[Visit]
    issues: list[Issue]
    promises: list[Promise]
    notices: list[Reminder]
    files: dict[tuple[str, int], list[Attachment]]
    names: dict[int, str]
    campaigns: dict[int, str]
    answers: dict[int, list[tuple[FieldSpec, Any]]]
    """Visit → questions and answers of its form, as far as the actor may read them."""

    def moments(self) -> list[Moment]:
        """Return the time line, the newest first."""
        every = [*self._visits(), *self._issues(), *self._promises(), *self._notices(), *self._entries()]
        return sorted(every, key=lambda moment: moment.at, reverse=True)

    def _visits(self) -> Iterator[Moment]:
        for visit in self.visits:
            campaign = self.campaigns.get(visit.campaign_id, "")
            if visit.state in OPEN_VISIT_STATES:
                yield self._open_visit(visit, campaign)
            if visit.recorded_at is None:
                continue
            yield Moment(
                at=visit.recorded_at,
                kind=MomentKind.VISIT,
                title=_joined(visit.mode and gettext(visit.mode.label), visit.met_person, campaign),
                text=visit.summary,
                who=self.names.get(visit.recorded_by_id or 0, ""),
                state=gettext(visit.outcome.label) if visit.outcome else "",
                answers=self.answers[visit.pk],
                files=self.files.get(("visit", visit.pk), []),
                visit_id=visit.pk,
            )

    def _open_visit(self, visit: Visit, campaign: str) -> Moment:
        return Moment(
            at=clock.midnight(visit.planned_on),
            kind=MomentKind.PLANNED,
            title=campaign,
            text=visit.return_reason,
            who=self.names.get(visit.assignee_id, ""),
            state=gettext(of_open(visit).label),
            done=False,
            visit_id=visit.pk,
        )

    def _issues(self) -> Iterator[Moment]:
        for issue in self.issues:
            yield Moment(
                at=issue.created_at,
                kind=MomentKind.ISSUE,
                title=_joined(gettext(issue.kind.label), issue.number),
                text="\n\n".join(part for part in (issue.text, issue.result and f"→ {issue.result}") if part),
                who=self.names.get(issue.registered_by_id, ""),
                state=gettext(issue.state.label),
                done=issue.state not in UNRESOLVED_STATES,
                files=self.files.get(("issue", issue.pk), []),
                visit_id=issue.visit_id,
                issue_id=issue.pk,
            )

    def _promises(self) -> Iterator[Moment]:
        for promise in self.promises:
            who = self.names.get(promise.promised_by_id, "")
            made = Moment(promise.created_at, MomentKind.PROMISE, gettext("Promised"), promise.text, who)
            if promise.kept_at is None:
                late = promise.due_on < clock.today()
                yield Moment(
                    made.at, made.kind, made.title, made.text, who,
                    state=gettext(N_("Overdue") if late else N_("Not kept yet")), done=False,
                )  # fmt: skip
                continue
            yield made
            note = promise.kept_note or promise.text
            yield Moment(promise.kept_at, MomentKind.PROMISE, gettext("Promise kept"), note, who)

    def _notices(self) -> Iterator[Moment]:
        for notice in self.notices:
            yield Moment(
                at=notice.delivered_at or notice.sent_at or notice.failed_at or notice.due_at,
                kind=MomentKind.NOTICE,
                title=notice.title,
                text=notice.body,
                state=gettext(notice.state.label),
            )

    def _entries(self) -> Iterator[Moment]:
        for attachment in self.files.get(("enterprise", self.enterprise.pk), []):
            who = self.names.get(attachment.uploaded_by_id, "")
            yield Moment(attachment.created_at, MomentKind.FILE, attachment.file_name, who=who, files=[attachment])
        yield Moment(self.enterprise.created_at, MomentKind.ENTRY, gettext("Entered into the register"))


def read(session: Session, actor: Actor, enterprise: Enterprise) -> History:
    """Return what the actor may see of an enterprise's history; part of a use case that has checked the enterprise."""
    visits = session.exec(_own(actor, Action.VISIT_VIEW, Visit, enterprise.pk)).all()
    visits = [visit for visit in visits if visit.state is not VisitState.TAKEN_BACK]
    issues = session.exec(_own(actor, Action.ISSUE_VIEW, Issue, enterprise.pk)).all()
    promises = session.exec(_own(actor, Action.VISIT_VIEW, Promise, enterprise.pk)).all()
    people = {visit.assignee_id for visit in visits} | {visit.recorded_by_id for visit in visits}
    people |= {issue.registered_by_id for issue in issues} | {promise.promised_by_id for promise in promises}
    return History(
        enterprise=enterprise,
        visits=visits,
        issues=list(issues),
        promises=list(promises),
        notices=_notices(session, enterprise.pk),
        files=_files(session, enterprise.pk, visits, list(issues)),
        names=_names(session, Account, people),
        campaigns=_names(session, Campaign, {visit.campaign_id for visit in visits}),
        answers=_answers(session, actor, visits),
    )


def _own(actor: Actor, action: Action, model: Any, enterprise_id: int) -> Any:
    return access.visible(actor, action, model).where(model.enterprise_id == enterprise_id)


def _answers(session: Session, actor: Actor, visits: list[Visit]) -> dict[int, list[tuple[FieldSpec, Any]]]:
    versions = select(FormVersion).where(col(FormVersion.id).in_({visit.form_version_id for visit in visits}))
    forms = {form.pk: form.specs() for form in session.exec(versions)}
    answered = {}
    for visit in visits:
        specs = forms.get(visit.form_version_id or 0, [])
        given = readable(actor, specs, visit.answers)
        answered[visit.pk] = [(spec, given[spec.key]) for spec in specs if given.get(spec.key)]
    return answered


def _notices(session: Session, enterprise_id: int) -> list[Reminder]:
    """Return the notices that went to an enterprise's contacts, or were meant to and failed."""
    gone = (*REACHED_STATES, ReminderState.SENT, ReminderState.FAILED)
    statement = select(Reminder).where(Reminder.enterprise_id == enterprise_id, Reminder.subject == Subject.NOTICE)
    return list(session.exec(statement.where(col(Reminder.state).in_(gone))))


def _files(
    session: Session, enterprise_id: int, visits: list[Visit], issues: list[Issue]
) -> dict[tuple[str, int], list[Attachment]]:
    found: dict[tuple[str, int], list[Attachment]] = {}
    subjects = {"visit": [row.pk for row in visits], "issue": [row.pk for row in issues], "enterprise": [enterprise_id]}
    for subject, ids in subjects.items():
        statement = select(Attachment).where(Attachment.subject == subject, col(Attachment.subject_id).in_(ids))
        statement = statement.where(col(Attachment.withdrawn_at).is_(None))
        for attachment in session.exec(statement.order_by(col(Attachment.id))):
            found.setdefault((subject, attachment.subject_id), []).append(attachment)
    return found


def _names(session: Session, model: Any, ids: set[int | None]) -> dict[int, str]:
    return dict(session.exec(select(model.id, model.name).where(col(model.id).in_(ids))).all())


def _joined(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)
