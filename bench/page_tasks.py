"""What is done behind pages over the same rows: figures counted and proved, a large workbook."""

from sqlmodel import col, select

from bench.machine import Machine
from bench.pages_report import Fact
from bench.timing import timed
from core.db import transaction
from core.i18n import N_
from models.account import Account, Role
from models.issue import Issue
from services.actor import SYSTEM, Actor
from services.issues import ledger_xlsx
from services.issues.ledger import Query
from services.issues.ledger_order import Order
from services.tallies import checking, keeping

_LINES = 100_000
_CHANGED = 1_000
_CHANGE = """
UPDATE issue SET card = 'yellow' WHERE id IN (
  SELECT id FROM issue WHERE state NOT IN ('closed', 'declined') ORDER BY md5(id::text) LIMIT %(changed)s)
"""


def figures() -> tuple[Fact, ...]:
    """Count the tables of figures from the rows, prove them, and say how long it took."""
    counted, checked = timed(keeping.rebuild), list[checking.Check]()
    proved = timed(lambda: checked.append(checking.check()))
    return (
        Fact("rebuild", N_("All figures counted from the rows"), counted, "s"),
        Fact("check", N_("The nightly check of all figures"), proved, "s"),
        Fact("cells", N_("Cells of the tables of figures"), checked[0].cells, ""),
        Fact("wrong", N_("Cells that the check found wrong"), checked[0].wrong, ""),
    )


def measured(made: Machine) -> tuple[Fact, ...]:
    """Change issues and settle their figures, and write a workbook."""
    made.sql(_CHANGE, {"changed": _CHANGED})
    settled = timed(lambda: keeping.run({}))
    content = list[bytes]()
    query = _latest()
    written = timed(lambda: content.append(ledger_xlsx.ledger_workbook(_coordinator(), query)))
    return (
        Fact("settle", N_("Figures settled after 1,000 issues have changed"), settled, "s"),
        Fact("xlsx", N_("The official ledger of the latest 100,000 issues as a workbook"), written, "s"),
        Fact("xlsx_size", N_("Size of that workbook"), len(content[0]) / 1024**2, "MB"),
    )


def _latest() -> Query:
    """Return what asks for the latest issues, by the day they were registered."""
    with transaction(actor=SYSTEM) as session:
        days = select(Issue.created_at).order_by(col(Issue.created_at).desc()).limit(1)
        last = session.exec(days).one()
        first = (
            session.exec(days.offset(_LINES)).first()
            or session.exec(select(Issue.created_at).order_by(col(Issue.created_at)).limit(1)).one()
        )
    return Query(filters={"created_at": (first.date(), last.date())}, order=Order.NEWEST)


def _coordinator() -> Actor:
    with transaction(actor=SYSTEM) as session:
        row = session.exec(select(Account).where(Account.role == Role.COORDINATOR)).one()
        return Actor(row.pk, row.name, row.role)
