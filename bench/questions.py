"""What the ledger and the peer's change list are asked, each in its own address."""

from dataclasses import dataclass
from urllib.parse import urlencode

from sqlmodel import func, select

from core.db import transaction
from core.i18n import N_
from models.issue import Issue
from services.actor import SYSTEM
from services.issues.ledger import Query
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
        whole: the name of the ledger's page that shows it, likewise.
        page: the query of the ledger's address.
        query: the same for the service behind the page.
        cursor: where its page begins.
        peer: the query of the change list's address.
    """

    key: str
    what: str
    whole: str
    page: str
    query: Query
    cursor: str
    peer: str


def questions() -> tuple[Question, ...]:
    """Return the questions; the page far down depends on how many issues there are."""
    page, cursor = _far()
    all_issues, handled = Query(order=Order.NEWEST), Query(order=Order.NEWEST, filters={"state": ["handling"]})
    found = Query(order=Order.NEWEST, search=_WORD)
    return (
        Question(
            "list", N_("Ledger: all issues"), N_("Ledger with all issues, the whole page"),
            _address(), all_issues, "", "",
        ),
        Question(
            "filter", N_("Ledger: a filter"), N_("Ledger with a filter, the whole page"),
            _address(state="handling"), handled, "", "state__exact=handling",
        ),
        Question(
            "search", N_("Ledger: a search"), N_("Ledger with a search, the whole page"),
            _address(_q=_WORD), found, "", urlencode({"q": _WORD}),
        ),
        Question(
            "far", N_("Ledger: page 20,000"), N_("Ledger at page 20,000, the whole page"),
            _address(_at=cursor), all_issues, cursor, f"p={page}",
        ),
    )  # fmt: skip


def _address(**more: str) -> str:
    return urlencode(_NEWEST | more)


def _far() -> tuple[int, str]:
    """Return the number of a page far down, and the cursor at which it begins."""
    with transaction(actor=SYSTEM) as session:
        count = session.exec(select(func.count()).select_from(Issue)).one()
        page = max(min(FAR, (count - 1) // ROWS), 1)
        rows = ordered(select(Issue), Order.NEWEST).offset((page - 1) * ROWS - 1 if page > 1 else 0).limit(1)
        return page, cursor_at(session.exec(rows).one(), Order.NEWEST, backwards=False)
