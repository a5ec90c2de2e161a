"""Issues as a source of reminders: the deadline of the present stage, and what was done to those who are to act.

An open issue has standings, and one that was declined: whoever heard the need tells the enterprise why.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, literal_column, or_
from sqlalchemy import case as case_
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Session, col, select

from core import clock
from core.i18n import N_, format_date, gettext
from core.text import excerpt
from models.account import Account, Department
from models.area import Area
from models.enterprise import Enterprise
from models.issue import ENDED_STATES, Card, Issue, IssueKind, IssueState, Urgency
from models.issue_log import IssueEvent
from models.lifecycle import STEPS, Verb
from models.limits import Stage
from models.reminder import Occasion, Subject
from models.worktime import Calendar
from services import working_time
from services.reminders.sources.contacts import main_contacts
from services.reminders.sources.issue_people import AWAITING, Case, Heard, around
from services.reminders.sources.people import people
from services.reminders.sources.words import due_words
from services.reminders.standing import Standing, Words

_S = IssueState
_PRESSES = (Verb.URGE, Verb.SUPERVISE)
_CARDS = (Verb.YELLOW_CARD, Verb.RED_CARD)
_HANDS_OVER = (*(verb for verb, step in STEPS.items() if step.targets), Verb.ESCALATE, Verb.PASS_REVIEW)
_NEWS = dict.fromkeys(AWAITING, Occasion.EXTENSION_AWAITING) | {_S.DECLINED: Occasion.ISSUE_DECLINED}
"""What handing an issue over is to whoever has it then; in all other states it has come to them."""
_TITLE = 40
_OPEN = col(Issue.state).not_in(ENDED_STATES)
_LATELY = timedelta(days=31)
"""How long after its last change a declined issue follows changed rules: what they ask for is told within days."""


class Issues:
    """The source."""

    def standings(self, session: Session, ids: Sequence[int], *, lock: bool = True) -> list[Standing]:
        """Return how these issues stand; see `Source`."""
        return [standing for case in cases(session, ids, lock=lock) for standing in _standings(case)]

    def live(self, session: Session, after: int, limit: int) -> list[int]:
        """Return the ids of open issues, and of those declined lately; see `Source`."""
        found = select(Issue.id).where(col(Issue.id) > after, or_(_OPEN, _declined_lately()))
        return [each for each in session.exec(found.order_by(col(Issue.id)).limit(limit)) if each is not None]

    def words(self, session: Session, ids: Iterable[int]) -> dict[int, Words]:
        """Return what templates may say about these issues; see `Source`."""
        calendar = working_time.calendar(session)
        rows = session.execute(_WORDS.where(col(Issue.id).in_(list(ids)))).all()
        heard = last_events(session, [row[0] for row in rows])
        return {row[0]: _words(row, heard.get(row[0], {}), calendar) for row in rows}

    def link(self, subject_id: int) -> str:
        """Return the address of the issue's page; see `Source`."""
        return f"/issues-issue?issue={subject_id}"

    def sample(self) -> Words:
        """Return words of an invented issue; see `Source`."""
        due = (clock.now() + timedelta(days=2)).replace(hour=17, minute=30, second=0, microsecond=0)
        return {
            "number": "QY-2023-0042",
            "title": gettext(N_("The voltage in the workshop is unsteady, machines stop")),
            "enterprise": gettext(N_("Huaxing Machinery Co., Ltd.")),
            "department": gettext(N_("Development Bureau")),
            "stage": gettext(Stage.HANDLE.label),
            "kind": gettext(IssueKind.DIFFICULT_ISSUE.label),
            "urgency": gettext(Urgency.NORMAL.label),
            "state": gettext(IssueState.HANDLING.label),
            "card": gettext(Card.YELLOW.label),
            "person": gettext(N_("Wang Min")),
            "said": gettext(N_("Please settle it this week")),
            "by": gettext(N_("Li Qiang")),
            "review_on": format_date(clock.today()),
            "link_text": gettext(N_("Open the issue")),
            **due_words(working_time.published(), due),
        }


_WORDS = (
    select_columns(
        col(Issue.id), col(Issue.number), col(Issue.text), col(Issue.kind), col(Issue.urgency), col(Issue.state),
        col(Issue.stage), col(Issue.due_at), col(Issue.review_on), col(Issue.card), col(Enterprise.name),
        col(Department.name), col(Account.name),
    )
    .join(Enterprise, col(Enterprise.id) == Issue.enterprise_id)
    .outerjoin(Department, col(Department.id) == Issue.department_id)
    .outerjoin(Account, col(Account.id) == Issue.handler_id)
)  # fmt: skip


def cases(session: Session, ids: Sequence[int], *, lock: bool) -> list[Case]:
    """Return issues that have standings, with what these are made of, in the order of their ids.

    Args:
        session: the transaction.
        ids: which issues.
        lock: hold them against changes until it ends.
    """
    found = select(Issue, Area.path).join(Area, col(Area.id) == Issue.area_id)
    found = found.where(col(Issue.id).in_(ids), col(Issue.state) != _S.CLOSED).order_by(col(Issue.id))
    rows = session.exec(found.with_for_update(read=True, of=Issue) if lock else found).all()
    if not rows:
        return []
    around, calendar = people(session), working_time.calendar(session)
    heard = last_events(session, [issue.pk for issue, _path in rows])
    contacts = main_contacts(session, {issue.enterprise_id for issue, _path in rows})
    return [
        Case(issue, path, around, calendar, contacts.get(issue.enterprise_id, ()), heard.get(issue.pk, {}))
        for issue, path in rows
    ]


def last_events(session: Session, ids: Sequence[int]) -> dict[int, dict[str, Heard]]:
    """Return for each issue the last event that handed it over, pressed for it, or showed a card."""
    kind = case_(
        (col(IssueEvent.verb).in_(_PRESSES), "press"), (col(IssueEvent.verb).in_(_CARDS), "card"), else_="over"
    ).label("kind")
    events = (
        select_columns(
            col(IssueEvent.issue_id), kind, col(IssueEvent.seq), col(IssueEvent.at), col(IssueEvent.actor_id),
            col(IssueEvent.reason), col(IssueEvent.actor_name), col(IssueEvent.verb),
        )
        .where(col(IssueEvent.issue_id).in_(ids), col(IssueEvent.verb).in_((*_HANDS_OVER, *_PRESSES, *_CARDS)))
        .ext(distinct_on(col(IssueEvent.issue_id), literal_column("kind")))
        .order_by(col(IssueEvent.issue_id), literal_column("kind"), col(IssueEvent.seq).desc())
    )  # fmt: skip
    found: dict[int, dict[str, Heard]] = {}
    for issue_id, name, *told in session.execute(events):
        found.setdefault(issue_id, {})[name] = Heard(*told)
    return found


def _standings(case: Case) -> Iterable[Standing]:
    issue = case.issue
    if issue.due_at is not None and issue.stage:
        stage = Stage.of(issue.stage)
        occasion = Occasion.CALL_BACK_DUE if stage is Stage.CALL_BACK else Occasion.ISSUE_DEADLINE
        yield _standing(case, occasion, issue.due_at, issue.due_version)
    day = _review_day(case)
    if day is not None:
        moment = datetime.combine(day, time(), case.calendar.zone)
        yield _standing(case, Occasion.SHELVED_REVIEW, moment, day.toordinal())
    yield from _heard_of(case)


def _review_day(case: Case) -> date | None:
    """Return on which day a shelved issue is reviewed; also of one that was taken up by itself in that day's night."""
    over = case.heard.get("over")
    if case.issue.state is not _S.SHELVED and over is not None and over.verb is Verb.RESUME and over.actor_id is None:
        return over.at.astimezone(case.calendar.zone).date()
    return case.issue.review_on if case.issue.state is _S.SHELVED else None


def _heard_of(case: Case) -> Iterable[Standing]:
    """Yield what was just done to whoever is to act; it is news only until somebody else is to act."""
    over = case.heard.get("over")
    if over is None:
        return
    yield _standing(case, _NEWS.get(case.issue.state, Occasion.ISSUE_ARRIVED), over.at, over.seq, besides=over.actor_id)
    press, card = case.heard.get("press"), case.heard.get("card")
    if press is not None and press.seq > over.seq:
        yield _standing(case, Occasion.ISSUE_URGED, press.at, press.seq, besides=press.actor_id)
    if card is not None and card.seq > over.seq and card.actor_id is not None:  # the product's own rule tells its own
        yield _standing(case, Occasion.ISSUE_CARDED, card.at, card.seq, besides=card.actor_id)


def _declined_lately() -> ColumnElement[bool]:
    return and_(col(Issue.state) == _S.DECLINED, col(Issue.updated_at) > clock.now() - _LATELY)


def _standing(
    case: Case, occasion: Occasion, moment: datetime, version: int, *, besides: int | None = None
) -> Standing:
    """Return a standing; whoever did it (`besides`) needs not be told."""
    issue = case.issue
    told = {relation: tuple(each for each in ids if each != besides) for relation, ids in around(case).items() if ids}
    stage = Stage.of(issue.stage) if issue.stage else None
    return Standing(Subject.ISSUE, issue.pk, occasion, moment, version, stage, told, case.contacts)


def _words(row: Sequence[object], heard: Mapping[str, Heard], calendar: Calendar) -> Words:
    _id, number, text, kind, urgency, state, stage, due_at, review_on, card, enterprise, department, person = row
    assert isinstance(text, str)  # noqa: S101 - the column says so
    latest = max(heard.values(), key=lambda each: each.seq, default=None)
    return {
        "number": number,
        "title": excerpt(text, _TITLE),
        "enterprise": enterprise,
        "department": department or "",
        "stage": gettext(Stage.of(str(stage)).label) if stage else "",
        "kind": gettext(IssueKind.of(str(kind)).label),
        "urgency": gettext(Urgency.of(str(urgency)).label),
        "state": gettext(IssueState.of(str(state)).label),
        "card": gettext(Card.of(str(card)).label) if card is not Card.NONE else "",
        "person": person or "",
        "said": latest.said if latest else "",
        "by": latest.by if latest else "",
        "review_on": format_date(review_on) if isinstance(review_on, date) else "",
        "link_text": gettext(N_("Open the issue")),
        **due_words(calendar, due_at if isinstance(due_at, datetime) else _review(state, review_on, calendar)),
    }


def _review(state: object, review_on: object, calendar: Calendar) -> datetime | None:
    """Return the end of the day on which a shelved issue is looked at again: its own clock stands still."""
    return calendar.closing(review_on) if state is IssueState.SHELVED and isinstance(review_on, date) else None
