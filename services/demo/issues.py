"""What enterprises said during the visits: issues with their numbers, and what visitors promised."""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from core import clock
from models.issue import Issue, IssueKind, IssueState, NumberSeries
from models.visit import Outcome, Promise, Visit
from services.demo.days import office_moment
from services.demo.people import HOME, People
from services.demo.store import Store
from services.demo.words import Saying, departments_of_categories, words


@dataclass(frozen=True)
class Tally:
    """How many issues of each kind and end a campaign brought."""

    suggestions: int
    on_site: int
    """Difficult issues resolved on site."""
    later: int
    """Difficult issues resolved later together with departments."""
    open: int
    """Difficult issues still open."""
    enquiries: int


FIRST = Tally(suggestions=34, on_site=72, later=34, open=0, enquiries=40)
"""The article: 30+ suggestions, 100+ difficult issues, of which 70+ on site and 30+ later with other departments."""

_UTILITIES = frozenset({"power", "water", "gas", "heat", "road"})
SECOND = Tally(suggestions=7, on_site=10, later=5, open=16, enquiries=9)


def draw(rng: random.Random, people: People, visits: list[Visit], tally: Tally) -> list[Issue]:
    """Return a campaign's issues, each raised at a visit of its own; some always in the home village."""
    met = [visit for visit in visits if visit.outcome is Outcome.MET]
    home = people.teams[HOME].pk
    chosen = rng.sample(met, _count(tally))
    chosen[: tally.open // 4] = rng.sample(
        [each for each in met if each.team_id == home and each not in chosen], tally.open // 4
    )
    ends = [
        *[(IssueKind.DIFFICULT_ISSUE, IssueState.REGISTERED)] * tally.open,
        *[(IssueKind.SUGGESTION, IssueState.REGISTERED)] * tally.suggestions,
        *[(IssueKind.DIFFICULT_ISSUE, IssueState.RESOLVED_ON_SITE)] * tally.on_site,
        *[(IssueKind.DIFFICULT_ISSUE, IssueState.RESOLVED)] * tally.later,
        *[(IssueKind.ENQUIRY, IssueState.RESOLVED_ON_SITE)] * tally.enquiries,
    ]
    return [_issue(rng, people, visit, *end) for visit, end in zip(chosen, ends, strict=True)]


def register(store: Store, issues: list[Issue]) -> None:
    """Number issues in the order they were raised and store them and the series."""
    issues.sort(key=lambda issue: issue.created_at)
    last: Counter[str] = Counter()
    for issue in issues:
        series = f"QY-{issue.created_at:%Y}"
        last[series] += 1
        issue.number = f"{series}-{last[series]:06}"
    store.put(issues)
    store.insert([NumberSeries(name=name, last=count) for name, count in last.items()])


def promises(rng: random.Random, people: People, first: list[Visit], second: list[Visit]) -> list[Promise]:
    """Return promises: all of the finished campaign kept but two, those of the running one in every state."""
    worker = people.named["worker"].pk
    old = rng.sample([each for each in first if each.outcome is Outcome.MET], 36)
    met = [each for each in second if each.outcome is Outcome.MET]
    own = [each for each in met if each.assignee_id == worker]
    new = own[:4] + rng.sample([each for each in met if each.assignee_id != worker], 24)
    ends = ["overdue", "open", "open", "kept", *["kept"] * 10, *["open"] * 9, *["overdue"] * 5]
    made = [_promise(rng, visit, end) for visit, end in zip(new, ends, strict=True)]
    return [*(_promise(rng, visit, "kept" if place > 1 else "late") for place, visit in enumerate(old)), *made]


def _count(tally: Tally) -> int:
    return tally.suggestions + tally.on_site + tally.later + tally.open + tally.enquiries


def _issue(rng: random.Random, people: People, visit: Visit, kind: IssueKind, state: IssueState) -> Issue:
    said = _said(rng, kind)
    departments = departments_of_categories()
    at = visit.recorded_at or clock.now()
    with_department = kind is IssueKind.DIFFICULT_ISSUE and state is not IssueState.RESOLVED_ON_SITE
    resolved_at = min(at + timedelta(days=rng.randint(3, 14)), clock.now())
    return Issue(
        number="",
        kind=kind,
        state=state,
        text=said.text,
        category=said.category,
        solution={IssueState.RESOLVED_ON_SITE: said.on_site, IssueState.RESOLVED: said.later}.get(state, ""),
        enterprise_id=visit.enterprise_id,
        visit_id=visit.pk,
        area_id=visit.area_id,
        registered_by_id=visit.assignee_id,
        first_receiver_id=visit.assignee_id,
        department_id=people.departments[departments[said.category]].pk if with_department else None,
        created_at=at,
        updated_at=resolved_at if state is IssueState.RESOLVED else at,
    )


def _said(rng: random.Random, kind: IssueKind) -> Saying:
    """Return something said of a kind; utilities trouble enterprises more often than the rest."""
    sayings = [each for each in words().sayings if each.kind is kind]
    return rng.choices(sayings, [3 if each.category in _UTILITIES else 1 for each in sayings])[0]


def _promise(rng: random.Random, visit: Visit, end: str) -> Promise:
    made_at = visit.recorded_at or clock.now()
    due_on = made_at.date() + timedelta(days=rng.randint(3, 10))
    today = clock.today()
    if end == "open":
        due_on = today + timedelta(days=rng.randint(1, 9))
    if end == "overdue":
        due_on = today - timedelta(days=rng.randint(1, 3))
    promise = Promise(
        enterprise_id=visit.enterprise_id,
        visit_id=visit.pk,
        promised_by_id=visit.assignee_id,
        text=rng.choice(words().promises),
        due_on=due_on,
        created_at=made_at,
        updated_at=made_at,
    )
    if end == "kept":
        promise.kept_at = promise.updated_at = _kept_at(rng, made_at)
        promise.kept_note = rng.choice(["已电话告知企业。", "已到企业当面答复。", "已通过微信把材料发给企业。"])
    return promise


def _kept_at(rng: random.Random, made_at: datetime) -> datetime:
    return min(office_moment(rng, made_at.date() + timedelta(days=rng.randint(1, 3))), clock.now())
