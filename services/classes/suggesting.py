"""Suggesting classes: issues of one category that several enterprises raised in words alike.

Looked for at night or when the coordinator asks, among the newest issues of each category only; a few suggestions wait
at a time, those of the most enterprises, so that ruling on them stays a task of minutes.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, col, func, select

from core import clock
from core.text import excerpt
from models.configuration import ChoiceItem
from models.issue import Issue
from models.issue_class import ClassState, IssueClass
from models.likeness import Likeness, grouped
from services.actor import Actor
from services.classes import kind
from services.classes.kind import LIKE, Said
from services.issues.registering import CATEGORIES
from services.permissions import Action
from services.use_case import use_case

WAITING = 6
"""How many suggestions wait for a ruling at most."""
ENTERPRISES = 3
"""How many enterprises must have the need: one or two may have it by chance."""
LATELY = timedelta(days=180)
_NEWEST = 1000
"""How many issues of a category are grouped."""
_TITLE = 30
_CLAUSE = re.compile(r"[，。；！？,;!?\n]|\. ")


def suggest(actor: Actor) -> int:
    """Offer all classes what has come to be like them, and suggest new ones; return how many were suggested.

    Each class is looked after in a transaction of its own, so that none stays locked while others are compared.

    Raises:
        NotAllowedError: the role may not confirm classes.
    """
    likeness, class_ids = _known(actor)
    for class_id in class_ids:
        _look_again(actor, class_id, likeness)
    return _suggested(actor, likeness)


def _known(actor: Actor) -> tuple[Likeness, list[int]]:
    with use_case(actor, Action.CLASS_EDIT) as session:
        return kind.usual(session), kind.all_ids(session)


def _look_again(actor: Actor, class_id: int, likeness: Likeness) -> None:
    with use_case(actor, Action.CLASS_EDIT) as session:
        kind.look_again(session, class_id, likeness)


def _suggested(actor: Actor, likeness: Likeness) -> int:
    with use_case(actor, Action.CLASS_EDIT) as session:
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext("suggest classes"))))
        waiting = select(func.count()).where(IssueClass.state == ClassState.SUGGESTED)
        free = WAITING - session.exec(waiting).one()
        if free <= 0:
            return 0
        best = sorted(_found(session, likeness), key=lambda each: (-each.enterprises, -each.said[0].id))[:free]
        kept = [each for each in (_still(session, group) for group in best) if each.enterprises >= ENTERPRISES]
        for group in kept:
            _keep(session, group)
        return len(kept)


@dataclass(frozen=True)
class _Group:
    category: str
    said: Sequence[Said]
    shares: Sequence[float]

    @property
    def enterprises(self) -> int:
        return len({each.enterprise_id for each in self.said})


def _found(session: Session, likeness: Likeness) -> Iterator[_Group]:
    since = clock.now() - LATELY
    categories = select(ChoiceItem.value).where(ChoiceItem.list_key == CATEGORIES).order_by(col(ChoiceItem.id))
    for category in session.exec(categories).all():
        issues = kind.unplaced(session, category, since, _NEWEST)
        for places in grouped([each.pieces for each in issues], likeness, LIKE):
            said = [issues[place] for place in places]
            shares = [likeness.share(said[0].pieces, each.pieces) for each in said]
            group = _Group(category, said, shares)
            if group.enterprises >= ENTERPRISES:
                yield group


def _still(session: Session, group: _Group) -> _Group:
    """Return what of a group nobody has placed while all were compared."""
    ids = [each.id for each in group.said]
    left = kind.unplaced(session, group.category, clock.now() - LATELY, _NEWEST, col(Issue.id).in_(ids))
    free = {each.id for each in left}
    pairs = [(each, share) for each, share in zip(group.said, group.shares, strict=True) if each.id in free]
    return _Group(group.category, [each for each, _share in pairs], [share for _each, share in pairs])


def _keep(session: Session, group: _Group) -> None:
    now = clock.now()
    row = IssueClass(
        title=title_of(group.said[0].text), category=group.category, looked_from=group.said[-1].at, looked_at=now
    )
    session.add(row)
    session.flush()
    kind.offer(session, row, list(zip(group.said, group.shares, strict=True)))


def title_of(text: str) -> str:
    """Return the first clause of what was said, short enough for a title."""
    clauses = (part.strip() for part in _CLAUSE.split(text))
    return excerpt(next((part for part in clauses if part), text.strip()), _TITLE)
