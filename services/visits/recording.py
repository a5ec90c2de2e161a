"""Recording a visit: everything the page needs, and the hand-in that stores it all or nothing."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sqlmodel import Session, col, select

from core import clock
from core.errors import ConflictError
from core.i18n import N_
from models.campaign import Campaign, FormVersion, VisitMode
from models.configuration import Extensible
from models.enterprise import Contact, Enterprise
from models.fields import FieldKind, FieldSpec, Option
from models.issue import Issue, IssueSource
from models.visit import OPEN_VISIT_STATES, Attachment, Promise, Visit, VisitState
from services import access, files, issues
from services.actor import Actor
from services.entities.fields import extra_fields
from services.issues import Heard
from services.issues.saying import categories, own_fields
from services.permissions import Action
from services.use_case import use_case
from services.visits import drafts
from services.visits.checking import Checked, Rules, check
from services.visits.content import Content, FileEntry
from services.visits.drafts import Draft
from services.visits.rules import LastVisit, last_visits, running_campaign


@dataclass(frozen=True)
class Person:
    """A contact as the page offers it."""

    contact_id: int
    name: str
    title: str
    phone: str


@dataclass(frozen=True)
class Sheet:
    """Everything the recording page shows."""

    visit_id: int
    version: int
    assignment: int
    """Which time it was given to whoever records it."""
    enterprise_id: int
    enterprise: str
    address: str
    campaign: str
    planned_on: date
    return_reason: str
    unplanned: bool
    modes: tuple[VisitMode, ...]
    people: list[Person]
    questions: list[FieldSpec]
    extra: list[FieldSpec]
    issue_extra: list[FieldSpec]
    categories: tuple[Option, ...]
    rules: Rules
    """What the content is checked against at the hand-in."""
    draft: Draft | None
    start: Content
    """What a page without a draft begins with: nothing, or the record that was returned."""
    last_visit: LastVisit | None
    kept_issues: list[Issue] = field(default_factory=list)
    kept_promises: list[Promise] = field(default_factory=list)


class Registered(NamedTuple):
    """An issue that a hand-in registered."""

    id: int
    number: str


def sheet(actor: Actor, visit_id: int) -> Sheet:
    """Return what is needed to record a visit.

    Raises:
        ConflictError: it has been recorded or taken back, or its campaign does not run.
        NotFoundError: the visit is not the actor's.
    """
    with use_case(actor, Action.VISIT_RECORD) as session:
        visit = _open(session, actor, visit_id)
        campaign = running_campaign(session, actor, visit.campaign_id)
        enterprise = session.get_one(Enterprise, visit.enterprise_id)
        rules = _rules(session, campaign, visit)
        recent = last_visits(session, [enterprise.pk], campaign.revisit_days) if not visit.recorded_at else {}
        return Sheet(
            visit_id=visit.pk,
            version=visit.version,
            assignment=visit.assignment,
            enterprise_id=enterprise.pk,
            enterprise=enterprise.name,
            address=enterprise.address,
            campaign=campaign.name,
            planned_on=visit.planned_on,
            return_reason=visit.return_reason,
            unplanned=visit.assigned_by_id == actor.pk and visit.state is VisitState.PLANNED,
            modes=rules.modes,
            people=_people(session, enterprise.pk),
            questions=list(rules.questions),
            extra=list(rules.extra),
            issue_extra=list(rules.issue_extra),
            categories=categories(session),
            rules=rules,
            draft=drafts.find_draft(session, actor, visit_id),
            start=_start(session, visit, rules),
            last_visit=recent.get(enterprise.pk),
            kept_issues=list(session.exec(select(Issue).where(Issue.visit_id == visit.pk).order_by(col(Issue.id)))),
            kept_promises=list(session.exec(select(Promise).where(Promise.visit_id == visit.pk))),
        )


def hand_in(actor: Actor, visit_id: int, version: int, content: Content) -> list[Registered]:
    """Store the record of a visit with its issues, promises, attachments and new contact: all or nothing.

    Args:
        actor: the visitor.
        visit_id: the visit.
        version: the version of the visit the page shows.
        content: everything entered.

    Returns:
        The issues registered by it.

    Raises:
        ConflictError: it has been recorded, changed or taken back meanwhile, or its campaign does not run.
        InvalidError: something is missing or wrong; field key → message.
        NotFoundError: the visit is not the actor's.
    """
    with use_case(actor, Action.VISIT_RECORD) as session:
        visit = _open(session, actor, visit_id, version)
        campaign = running_campaign(session, actor, visit.campaign_id)
        rules = _rules(session, campaign, visit)
        checked = check(content, rules)
        _write(visit, actor, checked)
        visit.form_version_id = _form(session, visit, campaign)[0]
        _attach(session, actor, visit, content, rules)
        _promise(session, actor, visit, checked)
        if checked.new_contact:
            name, phone = checked.new_contact
            session.add(Contact(enterprise_id=visit.enterprise_id, name=name, phone=phone))
        drafts.remove_drafts(session, visit.pk)
        return [_register(session, actor, visit, heard) for heard in checked.issues]


def _open(session: Session, actor: Actor, visit_id: int, version: int | None = None) -> Visit:
    visit = access.load(session, actor, Action.VISIT_RECORD, Visit, visit_id, lock=version is not None)
    if visit.state is VisitState.RECORDED:
        raise ConflictError(N_("This visit has been recorded already; nothing was stored twice."))
    if visit.state not in OPEN_VISIT_STATES:
        raise ConflictError(N_("This visit was taken back by your team lead and is no longer recorded."))
    if version is not None and visit.version != version:
        raise ConflictError(N_("This visit was changed meanwhile. What you entered is kept: open it again."))
    return visit


def _rules(session: Session, campaign: Campaign, visit: Visit) -> Rules:
    contacts = session.exec(select(Contact).where(Contact.enterprise_id == visit.enterprise_id)).all()
    return Rules(
        modes=tuple(campaign.modes),
        questions=tuple(_form(session, visit, campaign)[1]),
        extra=tuple(extra_fields(session, Extensible.VISIT)),
        issue_extra=tuple(own_fields(session)),
        categories=frozenset(option.value for option in categories(session) if option.active),
        contacts={contact.pk: (contact.name, contact.phone) for contact in contacts},
    )


def _form(session: Session, visit: Visit, campaign: Campaign) -> tuple[int | None, list[FieldSpec]]:
    """Return the form a visit is recorded on: the version it was begun on, or else the campaign's newest."""
    if visit.form_version_id is not None:
        form = session.get_one(FormVersion, visit.form_version_id)
        return form.pk, form.specs()
    newest = select(FormVersion).where(FormVersion.campaign_id == campaign.pk).order_by(col(FormVersion.version).desc())
    found = session.exec(newest.limit(1)).first()
    return (found.pk, found.specs()) if found else (None, [])


def _people(session: Session, enterprise_id: int) -> list[Person]:
    statement = select(Contact).where(Contact.enterprise_id == enterprise_id)
    rows = session.exec(statement.order_by(col(Contact.is_primary).desc(), col(Contact.id)))
    return [Person(row.pk, row.name, row.title, row.phone) for row in rows]


def _start(session: Session, visit: Visit, rules: Rules) -> Content:
    if visit.recorded_at is None:
        only_mode = rules.modes[0].value if len(rules.modes) == 1 else None
        return Content(mode=only_mode)
    names = {name: contact_id for contact_id, (name, _phone) in rules.contacts.items()}
    met = [part for part in visit.met_person.split("、") if part]
    given = _files(session, visit)
    return Content(
        mode=visit.mode,
        outcome=visit.outcome,
        met=[names[each] for each in met if each in names],
        met_person="、".join(each for each in met if each not in names),
        met_phone="" if any(each in names for each in met) else visit.met_phone,
        answers={key: value for key, value in visit.answers.items() if key not in given},
        files={key: entries for key, entries in given.items() if key},
        photos=given.get("", []),
        extra=visit.extra,
        summary=visit.summary,
    )


def _files(session: Session, visit: Visit) -> dict[str, list[FileEntry]]:
    given: dict[str, list[FileEntry]] = {}
    for row in _attachments(session, visit):
        entry = FileEntry(sha256=row.sha256, file_name=row.file_name, media_type=row.media_type, size=row.size)
        given.setdefault(row.field, []).append(entry)
    return given


def _attachments(session: Session, visit: Visit) -> list[Attachment]:
    statement = select(Attachment).where(Attachment.subject == "visit", Attachment.subject_id == visit.pk)
    return list(session.exec(statement.order_by(col(Attachment.id))))


def _write(visit: Visit, actor: Actor, checked: Checked) -> None:
    visit.state, visit.version = VisitState.RECORDED, visit.version + 1
    visit.mode, visit.outcome = checked.mode, checked.outcome
    visit.met_person, visit.met_phone = checked.met_person, checked.met_phone
    visit.summary, visit.answers, visit.extra = checked.summary, checked.answers, checked.extra
    visit.recorded_at, visit.recorded_by_id = visit.recorded_at or clock.now(), actor.pk
    visit.return_reason = ""


def _attach(session: Session, actor: Actor, visit: Visit, content: Content, rules: Rules) -> None:
    """Make attachments of the files, remove those no longer meant, and answer the questions with their ids."""
    questions = {spec.key for spec in rules.questions if spec.kind is FieldKind.ATTACHMENT}
    answered = questions & set(visit.answers)
    wanted = {key: content.files.get(key, []) for key in answered} | {"": content.photos}
    present = {(row.field, row.sha256): row for row in _attachments(session, visit)}
    ids: dict[str, list[int]] = {}
    for key, entries in wanted.items():
        for entry in {entry.sha256: entry for entry in entries}.values():
            row = present.pop((key, entry.sha256), None) or _attachment(actor, visit, key, entry)
            session.add(row)
            session.flush()
            ids.setdefault(key, []).append(row.pk)
    for row in present.values():
        session.delete(row)
    visit.answers = visit.answers | {key: ids.get(key, []) for key in answered}


def _attachment(actor: Actor, visit: Visit, key: str, entry: FileEntry) -> Attachment:
    files.require(entry.sha256)  # told now rather than when somebody wants to see it
    return Attachment(
        subject="visit", subject_id=visit.pk, field=key, uploaded_by_id=actor.pk, **entry.model_dump()
    )  # fmt: skip


def _promise(session: Session, actor: Actor, visit: Visit, checked: Checked) -> None:
    for promised, due_on in checked.promises:
        session.add(
            Promise(
                enterprise_id=visit.enterprise_id,
                visit_id=visit.pk,
                promised_by_id=actor.pk,
                text=promised,
                due_on=due_on,
            )
        )


def _register(session: Session, actor: Actor, visit: Visit, heard: Heard) -> Registered:
    enterprise = session.get_one(Enterprise, visit.enterprise_id)
    issue = issues.register_in(session, actor, enterprise, heard, source=IssueSource.VISIT, visit=visit)
    return Registered(issue.pk, issue.number)
