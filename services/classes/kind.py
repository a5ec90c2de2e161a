"""Which issues are of a class's kind: of its category, and in words like those of issues that belong to it.

Texts are compared only here, when a class is made, confirmed or looked after at night; what is found is kept as rows,
so that no page compares anything. Source of the measure of likeness: `models.likeness`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core import clock
from models.issue import Issue, IssueState
from models.issue_class import (
    COUNTED_STANDINGS,
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


def unplaced(session: Session, category: str, since: datetime, limit: int, *more: ColumnElement[bool]) -> list[Said]:
    """Return the newest issues of a category that belong to no class and are offered to none, the newest first."""
    placed = select(IssueClassMember.id).where(
        IssueClassMember.issue_id == Issue.id, IssueClassMember.standing != Standing.LEFT_OUT
    )
    conditions = (Issue.category == category, Issue.created_at >= since, Issue.state != IssueState.DECLINED)
    statement = select(Issue.id, Issue.enterprise_id, Issue.text, Issue.created_at).where(*conditions, *more)
    rows = session.exec(
        statement.where(~placed.exists()).order_by(col(Issue.created_at).desc(), col(Issue.id).desc()).limit(limit)
    )
    return [
        Said(row_id or 0, enterprise_id, text, at, pieces(text)) for row_id, enterprise_id, text, at in rows
    ]  # fmt: skip


def look(session: Session, row: IssueClass, likeness: Likeness, *, back: bool = False) -> int:
    """Offer a class the issues that are like its own; return how many.

    Args:
        session: the use case's session.
        row: the class, locked.
        likeness: compares texts.
        back: look through all of the past year, not only at what changed since the last time.
    """
    now = clock.now()
    changed = () if back else (col(Issue.updated_at) > row.looked_at - _OVERLAP,)
    left_out = select(IssueClassMember.issue_id).where(IssueClassMember.class_id == row.id)
    found = unplaced(session, row.category, now - YEAR, _MOST, *changed, col(Issue.id).not_in(left_out))
    if back:
        row.looked_from = found[-1].at if len(found) == _MOST else now - YEAR
    row.looked_at = now
    known = _known(session, row, likeness)
    near = ((each, known.to(each.pieces)) for each in found)
    return offer(session, row, [(each, best[1]) for each, best in near if best is not None and best[1] >= LIKE])


def offer(session: Session, row: IssueClass, found: Sequence[tuple[Said, float]]) -> int:
    """Keep that issues are like those of a class; one that somebody placed meanwhile stays where it is."""
    if not found:
        return 0
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


def look_after(session: Session, likeness: Likeness) -> None:
    """Offer every class what has come to be like it; what was found to be no class keeps its issues from coming back.

    A closed class is looked after too: a need that comes back belongs to it.
    """
    rows = session.exec(select(IssueClass).order_by(_ruled_first(), col(IssueClass.id)).with_for_update()).all()
    for row in rows:
        look(session, row, likeness)


def _ruled_first() -> ColumnElement[bool]:
    """Order classes that a person has ruled on before suggested ones, so that they are offered issues first."""
    return col(IssueClass.state) == ClassState.SUGGESTED


def _known(session: Session, row: IssueClass, likeness: Likeness) -> Nearest:
    """Take up the wordings a class is known by: of its own issues, or of all where a person has not ruled on any."""
    ruled = row.state in RULED_STATES
    standings = (Standing.MEMBER,) if ruled else COUNTED_STANDINGS
    own = col(IssueClassMember.standing).in_(standings)
    statement = select(Issue.text).join(IssueClassMember, col(IssueClassMember.issue_id) == Issue.id)
    texts = session.exec(
        statement.where(IssueClassMember.class_id == row.id, own).order_by(col(Issue.id).desc()).limit(_WORDINGS)
    )
    return nearest(likeness, texts)


def nearest(likeness: Likeness, texts: Iterable[str]) -> Nearest:
    """Return what finds the most alike of some texts; the same wording counts once."""
    known = Nearest(likeness)
    for each in dict.fromkeys(pieces(text) for text in texts):
        known.add(each)
    return known
