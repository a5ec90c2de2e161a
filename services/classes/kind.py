"""Which issues are of a class's kind: of its category, and in words like those of issues that belong to it.

Texts are compared only here, when a class is made, confirmed or looked after at night; what is found is kept as rows,
so that no page compares anything. Source of the measure of likeness: `models.likeness`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core import clock
from models.issue import Issue, IssueState
from models.issue_class import (
    RULED_STATES,
    ClassState,
    IssueClass,
    IssueClassMember,
    Standing,
)
from models.likeness import Likeness, Nearest, pieces

YEAR = timedelta(days=365)
"""How far back issues of a kind are looked for."""
LIKE = 0.3
"""From which share on two texts of one category are taken to name one cause; texts of different causes stay below."""
_OVERLAP = timedelta(days=1)
"""What was being stored during the last look could not be seen by it, though it is older."""
_USUAL = 2000
"""How many of the newest issues say what everybody writes."""
_MOST = 20_000
"""How many issues of a category are compared with a class in one go."""
_WORDINGS = 300
"""How many wordings of its own issues a class is known by."""


@dataclass(frozen=True)
class Said:
    """An issue as it is compared."""

    id: int
    enterprise_id: int
    text: str
    at: datetime
    pieces: frozenset[str]


def usual(session: Session) -> Likeness:
    """Return what compares texts, having learned from the newest issues what everybody writes."""
    newest = session.exec(select(Issue.text).order_by(col(Issue.id).desc()).limit(_USUAL))
    return Likeness(pieces(text) for text in newest)


def unplaced(
    session: Session, category: str, since: datetime, limit: int, *more: ColumnElement[bool], dismissed: bool = False
) -> list[Said]:
    """Return the newest issues of a category that belong to no class and are offered to none, the newest first.

    Args:
        session: the use case's session.
        category: of which category.
        since: registered from then on.
        limit: how many at most.
        *more: further conditions on `Issue`.
        dismissed: whether to return those too that are offered to nothing but what was found to be no class.
    """
    placed = select(IssueClassMember.id).where(
        IssueClassMember.issue_id == Issue.id, IssueClassMember.standing != Standing.LEFT_OUT
    )
    if dismissed:
        placed = placed.where(~_of_dismissed())
    conditions = (Issue.category == category, Issue.created_at >= since, Issue.state != IssueState.DECLINED)
    statement = select(Issue.id, Issue.enterprise_id, Issue.text, Issue.created_at).where(*conditions, *more)
    rows = session.exec(
        statement.where(~placed.exists()).order_by(col(Issue.created_at).desc(), col(Issue.id).desc()).limit(limit)
    )
    return [
        Said(row_id or 0, enterprise_id, text, at, pieces(text)) for row_id, enterprise_id, text, at in rows
    ]  # fmt: skip


def look_back(session: Session, row: IssueClass) -> int:
    """Offer a class a person has just changed what the past year has like its own issues; return how many.

    Args:
        session: the use case's session.
        row: the class, locked.
    """
    now = clock.now()
    found = _candidates(session, row, now)
    row.looked_from = found[-1].at if len(found) == _MOST else now - YEAR
    row.looked_at = now
    return offer(session, row, _alike(session, row, usual(session), found))


def look_again(session: Session, class_id: int, likeness: Likeness) -> int:
    """Offer a class what has come to be like it since the last look; return how many.

    Issues are compared first and the class is locked only to keep what was found, so that nobody who rules on it waits.
    A class that was ruled on meanwhile has been looked through by that, and is left to the next look.
    """
    row = session.get_one(IssueClass, class_id)
    now, state = clock.now(), row.state
    changed = _candidates(session, row, now, col(Issue.updated_at) > row.looked_at - _OVERLAP)
    found = _alike(session, row, likeness, changed)
    session.refresh(row, with_for_update=True)
    if row.state is not state:
        return 0
    row.looked_at = max(row.looked_at, now)
    return offer(session, row, found)


def _candidates(session: Session, row: IssueClass, now: datetime, *more: ColumnElement[bool]) -> list[Said]:
    """Return the issues of the past year that a class may be offered.

    What was found to be no class keeps its issues from being suggested again, but not from a class that is one.
    """
    ruled_out = select(IssueClassMember.issue_id).where(IssueClassMember.class_id == row.id)
    more = (*more, col(Issue.id).not_in(ruled_out))
    return unplaced(session, row.category, now - YEAR, _MOST, *more, dismissed=row.state in RULED_STATES)


def _alike(
    session: Session, row: IssueClass, likeness: Likeness, found: Sequence[Said]
) -> list[tuple[Said, float]]:  # fmt: skip
    known = _known(session, row, likeness)
    near = ((each, known.to(each.pieces)) for each in found)
    return [(each, best[1]) for each, best in near if best is not None and best[1] >= LIKE]


def offer(session: Session, row: IssueClass, found: Sequence[tuple[Said, float]]) -> int:
    """Keep that issues are like those of a class; one that somebody placed meanwhile stays where it is."""
    if not found:
        return 0
    if row.state in RULED_STATES:
        _take_from_dismissed(session, [each.id for each, _share in found])
    now = clock.now()
    values = [
        {"class_id": row.pk, "issue_id": each.id, "standing": Standing.OFFERED, "share": min(share, 1.0),
         "placed_at": now, "created_at": now, "updated_at": now}
        for each, share in found
    ]  # fmt: skip
    kept = session.execute(
        insert(IssueClassMember).values(values).on_conflict_do_nothing().returning(col(IssueClassMember.id))
    )
    return len(kept.all())


def _take_from_dismissed(session: Session, issue_ids: Sequence[int]) -> None:
    session.execute(
        delete(IssueClassMember).where(col(IssueClassMember.issue_id).in_(issue_ids), _of_dismissed()),
        execution_options={"synchronize_session": False},
    )


def _of_dismissed() -> ColumnElement[bool]:
    """Return the condition that a row offers its issue to what was found to be no class."""
    dismissed = select(IssueClass.id).where(IssueClass.state == ClassState.DISMISSED)
    return (col(IssueClassMember.standing) == Standing.OFFERED) & col(IssueClassMember.class_id).in_(dismissed)


def all_ids(session: Session) -> list[int]:
    """Return every class in the order they are looked after: what a person has confirmed is offered issues first.

    What was found to be no class is among them: it keeps its issues from being suggested again. So is a closed one: a
    need that comes back belongs to it.
    """
    confirmed_first = col(IssueClass.state).in_(RULED_STATES).desc()
    found = session.exec(select(IssueClass.id).order_by(confirmed_first, col(IssueClass.id)))
    return [each for each in found if each is not None]


def _known(session: Session, row: IssueClass, likeness: Likeness) -> Nearest:
    """Take up the wordings a class is known by: of its members, or of what it was suggested for if not confirmed.

    Never of what was offered since: each look would then go a little further than the one before.
    """
    own = (IssueClassMember.class_id == row.id, _says_what_it_is(row))
    texts = session.exec(
        select(Issue.text)
        .join(IssueClassMember, col(IssueClassMember.issue_id) == Issue.id)
        .where(*own)
        .order_by(col(Issue.id).desc())
        .limit(_WORDINGS)
    )
    return nearest(likeness, texts)


def _says_what_it_is(row: IssueClass) -> ColumnElement[bool]:
    if row.state in RULED_STATES:
        return col(IssueClassMember.standing) == Standing.MEMBER
    first = select(func.min(IssueClassMember.placed_at)).where(
        IssueClassMember.class_id == row.id, IssueClassMember.standing == Standing.OFFERED
    )
    return col(IssueClassMember.placed_at) == first.scalar_subquery()


def nearest(likeness: Likeness, texts: Iterable[str]) -> Nearest:
    """Return what finds the most alike of some texts; the same wording counts once."""
    known = Nearest(likeness)
    for each in dict.fromkeys(pieces(text) for text in texts):
        known.add(each)
    return known
