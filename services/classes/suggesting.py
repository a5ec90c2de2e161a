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

    Raises:
        NotAllowedError: the role may not confirm classes.
    """
    with use_case(actor, Action.CLASS_EDIT) as session:
        likeness, class_ids = kind.usual(session), kind.all_ids(session)
    for class_id in class_ids:  # a transaction each: no class stays locked while others are compared
        with use_case(actor, Action.CLASS_EDIT) as session:
            kind.look_again(session, class_id, likeness)
    with use_case(actor, Action.CLASS_EDIT) as session:
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext("suggest classes"))))
        waiting = select(func.count()).where(IssueClass.state == ClassState.SUGGESTED)
        free = WAITING - session.exec(waiting).one()
        if free <= 0:
            return 0
        best = sorted(_found(session, likeness), key=lambda each: (-each.enterprises, -each.said[0].id))[:free]
        for group in best:
            _keep(session, group)
        return len(best)


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
