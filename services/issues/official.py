"""An issue as the official papers tell it: every name, date and answer in words, many issues at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import true
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Session, col, select

from core import clock, text
from core.i18n import N_, gettext
from models.account import Department
from models.area import Area, Tier, ids_of
from models.enterprise import Contact, Enterprise
from models.issue import Card, Issue, IssueSource, IssueState
from models.issue_log import TASKS_IN_SIGHT, IssueEvent, IssueTask
from models.lifecycle import Verb
from models.visit import Visit
from models.worktime import LimitUnit
from services import access
from services.actor import Actor
from services.entities.fields import options_of
from services.entities.references import names
from services.issues import clocks
from services.issues.events import AGAIN, DISPATCHED
from services.issues.registering import CATEGORIES
from services.permissions import Action, allows

_SHOWN_TIERS = (Tier.STREET, Tier.VILLAGE, Tier.GRID)
_PROGRESS = (
    Verb.ACKNOWLEDGE, Verb.RETURN, Verb.REQUEST_EXTENSION, Verb.APPROVE_EXTENSION, Verb.REQUEST_SHELVING,
    Verb.APPROVE_SHELVING, Verb.FAIL_REVIEW, Verb.REDO, Verb.FINISH_TASK, Verb.COMMENT,
)  # fmt: skip
"""Events whose words tell how far an issue is that has no result yet."""


@dataclass(frozen=True)
class Line:
    """What the papers say about one issue; what is unknown or not yet so is empty."""

    issue: Issue
    enterprise: str
    address: str
    place: str
    contact: str
    phone: str
    category: str
    source: str
    first_receiver: str
    department: str
    assisting: str
    dispatched_by: str
    instructed_at: datetime | None
    again: str
    again_by: str
    again_at: datetime | None
    handler: str
    due_at: datetime | None
    to_the_minute: bool
    provisional: bool
    progress: str
    reviewer: str
    review: str
    caller: str
    note: str


def lines(session: Session, actor: Actor, issues: Sequence[Issue]) -> list[Line]:
    """Return a batch of issues in words: a fixed number of queries, however many they are."""
    found = _Found(session, actor, issues)
    return [found.line(issue) for issue in issues]


class _Found:
    """Everything the lines of a batch need, read once."""

    def __init__(self, session: Session, actor: Actor, issues: Sequence[Issue]) -> None:
        ids = [issue.pk for issue in issues]
        enterprise_ids = {issue.enterprise_id for issue in issues}
        self._enterprises = _by_id(session, Enterprise, enterprise_ids)
        self._contacts = _contacts(session, enterprise_ids)
        self._plain = _with_plain_phones(session, actor, enterprise_ids)
        self._places = _places(session, {issue.area_id for issue in issues})
        self._people = names(session, "account", _people(issues))
        self._departments = names(session, "department", {issue.department_id for issue in issues} - {None})  # type: ignore[arg-type]  # `None` is taken out
        self._assisting = _assisting(session, ids)
        self._visits = _by_id(session, Visit, {issue.visit_id for issue in issues})
        self._limits = clocks.of_dispatch(session, issues)
        self._progress = _latest(session, ids, _PROGRESS)
        self._reviews = _latest(session, ids, (Verb.PASS_REVIEW,))
        self._instructed = _latest(session, ids, DISPATCHED, worded=False)
        self._again = _latest(session, ids, AGAIN)
        self._categories = {option.value: gettext(option.label) for option in options_of(session, CATEGORIES)}

    def line(self, issue: Issue) -> Line:
        """Return one issue in words."""
        enterprise, contact = self._enterprises[issue.enterprise_id], self._contacts.get(issue.enterprise_id)
        limit, review = self._limits.get(issue.pk), self._reviews.get(issue.pk)
        instructed, again = self._instructed.get(issue.pk), self._again.get(issue.pk)
        return Line(
            issue=issue,
            enterprise=enterprise.name,
            address=enterprise.address,
            place=self._places.get(issue.area_id, ""),
            contact=contact.name if contact else "",
            phone=self._phone(issue.enterprise_id, contact),
            category=_joined(gettext(issue.kind.label), self._categories.get(issue.category, issue.category)),
            source=self._source(issue),
            first_receiver=self._people.get(issue.first_receiver_id, ""),
            department=self._departments.get(issue.department_id or 0, ""),
            assisting=self._assisting.get(issue.pk, ""),
            dispatched_by=self._people.get(issue.dispatched_by_id or 0, ""),
            instructed_at=instructed.at if instructed else issue.dispatched_at,
            again=again.reason if again else "",
            again_by=again.actor_name if again else "",
            again_at=again.at if again else None,
            handler=self._people.get(issue.handler_id or 0, ""),
            due_at=limit.due_at if limit else None,
            to_the_minute=bool(limit and limit.unit is LimitUnit.WORKING_MINUTES),
            provisional=bool(limit and limit.provisional),
            progress=self._told(issue),
            reviewer=self._people.get(issue.reviewed_by_id or 0, ""),
            review=_review(issue, review),
            caller=self._people.get(issue.caller_id or 0, ""),
            note=_note(issue),
        )

    def _phone(self, enterprise_id: int, contact: Contact | None) -> str:
        if contact is None or not contact.phone:
            return ""
        plain = contact.phone.removeprefix("+86")
        return plain if enterprise_id in self._plain else text.masked_phone(contact.phone)

    def _source(self, issue: Issue) -> str:
        visit = self._visits.get(issue.visit_id or 0)
        if visit is None:
            return gettext(issue.source.label) if issue.source is not IssueSource.VISIT else gettext(N_("Visit"))
        mode = gettext(visit.mode.label) if visit.mode else gettext(N_("Visit"))
        return f"{mode} {day(visit.recorded_at)}".strip()

    def _told(self, issue: Issue) -> str:
        """Return the result; where there is none, how the issue stands and what was said last."""
        if issue.result:
            return issue.result
        last = self._progress.get(issue.pk)
        return _joined(gettext(issue.state.label), last.reason if last else "", by="：")


def _review(issue: Issue, said: IssueEvent | None) -> str:
    if issue.reviewed_by_id is None:
        return ""
    return said.reason if said and said.round == issue.round else gettext("Passed.")


def day(moment: datetime | None) -> str:
    """Return the day of a moment as the papers write it."""
    return f"{moment.astimezone(clock.zone()):%Y-%m-%d}" if moment else ""


def answer(given: bool | None) -> str:
    """Return an answer as a word, empty while there is none."""
    return "" if given is None else gettext("Yes") if given else gettext("No")


def _note(issue: Issue) -> str:
    parts = [
        gettext("Resolved on site") if issue.resolved_at and not issue.department_id else "",
        gettext("Across departments") if issue.cross_department else "",
        gettext("Round {round}").format(round=issue.round) if issue.round > 1 else "",
        gettext("Supervised {number}").format(number=issue.supervision) if issue.supervision else "",
        gettext(issue.card.label) if issue.card is not Card.NONE else "",
        gettext("Shelved until {day}").format(day=issue.review_on) if issue.state is IssueState.SHELVED else "",
    ]
    return "；".join(part for part in parts if part)


def _joined(*parts: str, by: str = " · ") -> str:
    return by.join(part for part in parts if part)


def _by_id(session: Session, model: Any, ids: Iterable[int | None]) -> dict[int, Any]:
    rows = session.exec(select(model).where(col(model.id).in_({each for each in ids if each is not None})))
    return {row.pk: row for row in rows}


def _people(issues: Sequence[Issue]) -> set[int]:
    columns = ("first_receiver_id", "dispatched_by_id", "handler_id", "reviewed_by_id", "caller_id")
    return {who for issue in issues for column in columns if (who := getattr(issue, column)) is not None}


def _contacts(session: Session, enterprise_ids: set[int]) -> dict[int, Contact]:
    """Return the main contact of each enterprise, the first one known where none is marked."""
    order = (col(Contact.enterprise_id), col(Contact.is_primary), col(Contact.id).desc())
    rows = session.exec(select(Contact).where(col(Contact.enterprise_id).in_(enterprise_ids)).order_by(*order))
    return {row.enterprise_id: row for row in rows}


def _with_plain_phones(session: Session, actor: Actor, enterprise_ids: set[int]) -> set[int]:
    """Return the enterprises whose phone numbers the actor sees in full."""
    if not allows(actor, Action.PHONE_VIEW):
        return set()
    reached = access.condition(actor, Action.PHONE_VIEW, Enterprise)
    found = session.exec(select(Enterprise.id).where(col(Enterprise.id).in_(enterprise_ids), reached))
    return {each for each in found if each is not None}


def _places(session: Session, area_ids: set[int]) -> dict[int, str]:
    """Return street, community and grid of each area."""
    paths = dict(session.exec(select(Area.id, Area.path).where(col(Area.id).in_(area_ids))).all())
    above = {each for path in paths.values() for each in ids_of(path)}
    shown = select(Area.id, Area.name).where(col(Area.id).in_(above), col(Area.tier).in_(_SHOWN_TIERS))
    called = dict(session.exec(shown).all())
    return {area_id or 0: "".join(called.get(each, "") for each in ids_of(path)) for area_id, path in paths.items()}


def _assisting(session: Session, issue_ids: list[int]) -> dict[int, str]:
    statement = (
        select(IssueTask.issue_id, Department.name)
        .join(Department, col(Department.id) == IssueTask.department_id)
        .where(col(IssueTask.issue_id).in_(issue_ids), col(IssueTask.state).in_(TASKS_IN_SIGHT))
        .order_by(col(IssueTask.id))
    )
    found: dict[int, dict[str, None]] = {}
    for issue_id, name in session.exec(statement):
        found.setdefault(issue_id, {})[name] = None
    return {issue_id: "、".join(departments) for issue_id, departments in found.items()}


def _latest(
    session: Session, issue_ids: list[int], verbs: Sequence[Verb], *, worded: bool = True
) -> dict[int, IssueEvent]:
    """Return the latest such event of each issue, of those with words unless others are asked for too."""
    statement = (
        select(IssueEvent)
        .where(col(IssueEvent.issue_id).in_(issue_ids), col(IssueEvent.verb).in_(verbs))
        .where(IssueEvent.reason != "" if worded else true())
        .ext(distinct_on(col(IssueEvent.issue_id)))
        .order_by(col(IssueEvent.issue_id), col(IssueEvent.seq).desc())
    )
    return {event.issue_id: event for event in session.exec(statement)}


def unit(session: Session, actor: Actor) -> str:
    """Return who hands the paper in: the actor's department, or the zone."""
    if actor.department_id is not None:
        return names(session, "department", [actor.department_id]).get(actor.department_id, "")
    zones = session.exec(select(Area.name).where(Area.tier == Tier.ZONE, col(Area.active)).limit(2)).all()
    return zones[0] if len(zones) == 1 else ""
