"""What the ledger and the peer's change list are asked, each in its own address."""

from dataclasses import dataclass
from urllib.parse import urlencode

from sqlmodel import func, select

from core.db import transaction
from core.i18n import N_
from models.issue import Issue
from services.actor import SYSTEM
from services.issues.ledger_order import Order, cursor_at, ordered

ROWS = 50
"""On a page of either."""
FAR = 20_000
"""The page asked for far down, or the last one where there are fewer."""
_WORD = "变压器"
_NEWEST = {"_view": "all", "_sort": Order.NEWEST.value, "_size": str(ROWS)}


@dataclass(frozen=True)
class Question:
    """A question to both, newest first.

    Args:
        key: its name for programs.
        what: its name for people, a message id.
        here: the query of the ledger's address.
        there: the query of the change list's address.
    """

    key: str
    what: str
    here: str
    there: str


def questions() -> tuple[Question, ...]:
    """Return the questions; the page far down depends on how many issues there are."""
    page, cursor = _far()
    return (
        _question("list", N_("Ledger: all issues"), {}, {}),
        _question("filter", N_("Ledger: a filter"), {"state": "handling"}, {"state__exact": "handling"}),
        _question("search", N_("Ledger: a search"), {"_q": _WORD}, {"q": _WORD}),
        _question("far", N_("Ledger: page 20,000"), {"_at": cursor}, {"p": str(page)}),
    )


def _question(key: str, what: str, here: dict[str, str], there: dict[str, str]) -> Question:
    return Question(key, what, urlencode(_NEWEST | here), urlencode(there))


def _far() -> tuple[int, str]:
    """Return the number of a page far down, and the cursor at which it begins."""
    with transaction(actor=SYSTEM) as session:
        count = session.exec(select(func.count()).select_from(Issue)).one()
        page = max(min(FAR, (count - 1) // ROWS), 1)
        rows = ordered(select(Issue), Order.NEWEST).offset((page - 1) * ROWS - 1 if page > 1 else 0).limit(1)
        return page, cursor_at(session.exec(rows).one(), Order.NEWEST, backwards=False)
