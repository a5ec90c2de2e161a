"""Issues that may be the same matter: raised by the same enterprise, or by others in similar words.

The newest issues are compared one by one. Where there are more, older ones are found by the search index: by phrases
that the newest seldom have, for what everybody writes finds everything.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from core import clock, text
from core.i18n import N_
from models.base import LabelledEnum
from models.enterprise import Enterprise
from models.issue import ENDED_STATES, Issue, IssueState
from models.issue_log import LinkKind
from models.likeness import Likeness, phrases, pieces
from services import access
from services.actor import Actor
from services.entities.queries import has_pieces
from services.issues.correcting import links_of
from services.permissions import Action
from services.use_case import use_case

LATELY = timedelta(days=180)
"""How long a closed issue of the same enterprise is still offered."""
_NEWEST = 2000
_OLDER = 300
_SELDOM = 0.01
"""Share of the newest issues that may have a phrase by which older ones are looked for."""
_PHRASES = 40
_OF_ENTERPRISE = 200
_SHOWN = 5


class Reason(LabelledEnum):
    """Why an issue may be the same."""

    SAME_ENTERPRISE = "same_enterprise", N_("same enterprise")
    SAME_CATEGORY = "same_category", N_("same category")
    SAME_WORDS = "same_words", N_("nearly the same words")
    SIMILAR_WORDS = "similar_words", N_("similar words")


@dataclass(frozen=True)
class Matter:
    """What is compared: whose need it is, of which category, in which words."""

    enterprise_id: int
    category: str
    text: str


@dataclass(frozen=True)
class Similar:
    """An issue that may be the same matter.

    Args:
        id: the issue.
        number: its number.
        enterprise: who raised it.
        text: what was said.
        state: where it stands.
        registered_at: when it was registered.
        solution: how it was resolved, if it was.
        score: how alike it is, 0 to 1.
        reasons: why it may be the same.
        linked: how it is linked with the issue asked about, if it is.
    """

    id: int
    number: str
    enterprise: str
    text: str
    state: IssueState
    registered_at: datetime
    solution: str
    score: float
    reasons: tuple[Reason, ...]
    linked: LinkKind | None = None


def similar_to(actor: Actor, matter: Matter) -> list[Similar]:
    """Return issues the actor may see that may be the same as one about to be registered, the most alike first."""
    with use_case(actor, Action.ISSUE_VIEW) as session:
        return _similar(session, actor, matter, but=None)


def similar(actor: Actor, issue_id: int) -> list[Similar]:
    """Return issues the actor may see that may be the same as a registered one, the most alike first.

    Raises:
        NotFoundError: there is no such issue or the actor may not see it.
    """
    with use_case(actor, Action.ISSUE_VIEW) as session:
        issue = access.load(session, actor, Action.ISSUE_VIEW, Issue, issue_id)
        return _similar(session, actor, Matter(issue.enterprise_id, issue.category, issue.text), but=issue.pk)


@dataclass(frozen=True)
class _Candidate:
    id: int
    matter: Matter
    pieces: frozenset[str]


def _similar(session: Session, actor: Actor, matter: Matter, *, but: int | None) -> list[Similar]:
    wanted = pieces(matter.text)
    if not wanted:
        return []
    newest = _candidates(session, actor, limit=_NEWEST)
    likeness = Likeness(each.pieces for each in newest)
    own = col(Issue.enterprise_id) == matter.enterprise_id
    found = {each.id: each for each in [*newest, *_candidates(session, actor, own, limit=_OF_ENTERPRISE)]}
    if len(newest) == _NEWEST:
        found |= {each.id: each for each in _older(session, actor, matter, newest)}
    found.pop(but or 0, None)
    judged = (_judged(matter, each, likeness.share(wanted, each.pieces)) for each in found.values())
    best = sorted((each for each in judged if each is not None), key=lambda each: (-each[1], -each[0]))
    return _told(session, best, but)


def _candidates(
    session: Session, actor: Actor, *conditions: ColumnElement[bool], limit: int
) -> list[_Candidate]:  # fmt: skip
    statement = select(Issue.id, Issue.enterprise_id, Issue.category, Issue.text).where(
        access.condition(actor, Action.ISSUE_VIEW, Issue), *conditions
    )
    rows = session.exec(statement.order_by(col(Issue.id).desc()).limit(limit)).all()
    return [
        _Candidate(row_id or 0, Matter(enterprise_id, category, said), pieces(said))
        for row_id, enterprise_id, category, said in rows
    ]


def _older(session: Session, actor: Actor, matter: Matter, newest: Sequence[_Candidate]) -> list[_Candidate]:
    """Find issues older than the newest by phrases they share with the matter."""
    asked = _seldom(phrases(matter.text), [text.search_form(each.matter.text) for each in newest])
    if not asked:
        return []
    shared = or_(*(has_pieces(Issue.search_text, phrase) for phrase in asked))
    return _candidates(session, actor, shared, limit=_OLDER)


def _seldom(given: Iterable[str], known: Sequence[str]) -> list[str]:
    """Return the phrases that few of the known texts have, and together not too many, the rarest first."""
    most = len(known) * _SELDOM
    often = {phrase: sum(phrase in each for each in known) for phrase in given}
    chosen: list[str] = []
    together = 0
    for phrase in sorted(often, key=lambda each: often[each]):
        together += often[phrase]
        if often[phrase] > most or together > 2 * most or len(chosen) == _PHRASES:
            break
        chosen.append(phrase)
    return chosen


def _judged(matter: Matter, other: _Candidate, share: float) -> tuple[int, float, tuple[Reason, ...]] | None:
    """Return how alike an issue is and why; `None` if it is not alike enough to be shown."""
    reasons = []
    score = share
    if other.matter.enterprise_id == matter.enterprise_id:
        reasons.append(Reason.SAME_ENTERPRISE)
        score += 0.2
    if matter.category and other.matter.category == matter.category:
        reasons.append(Reason.SAME_CATEGORY)
        score += 0.1
    if share < 0.15 or score < 0.45:
        return None
    reasons.append(Reason.SAME_WORDS if share >= 0.8 else Reason.SIMILAR_WORDS)
    return other.id, min(score, 1.0), tuple(reasons)


def _told(
    session: Session, judged: Sequence[tuple[int, float, tuple[Reason, ...]]], issue_id: int | None
) -> list[Similar]:
    """Return the best as pages show them; what was closed long ago only if another enterprise can learn from it."""
    best = judged[: 4 * _SHOWN]
    statement = select(Issue, Enterprise.name).join(Enterprise, col(Enterprise.id) == Issue.enterprise_id)
    rows = {row.pk: (row, name) for row, name in session.exec(statement.where(col(Issue.id).in_([b[0] for b in best])))}
    links = links_of(session, issue_id) if issue_id is not None else {}
    found = []
    for row_id, score, reasons in best:
        issue, enterprise = rows[row_id]
        if Reason.SAME_ENTERPRISE in reasons and _long_over(issue):
            continue
        found.append(
            Similar(
                row_id, issue.number, enterprise, issue.text, issue.state, issue.created_at, issue.result, score,
                reasons, links.get(row_id),
            )
        )  # fmt: skip
    return found[:_SHOWN]


def _long_over(issue: Issue) -> bool:
    return issue.state in ENDED_STATES and (issue.closed_at or issue.updated_at) < clock.now() - LATELY
