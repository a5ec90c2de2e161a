"""Numbers of what is filed: series of a year, without gaps, so that each number is accounted for."""

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from core import clock
from models.issue import NumberSeries

ISSUES, OLD_ISSUES, SUPERVISION, NOTICES = "QY", "LS", "DB", "TZ"
LEDGER = (ISSUES, OLD_ISSUES)
"""The series of the ledger. What comes from an older one has its own, for an import holds it for minutes."""


def next_number(session: Session, prefix: str = ISSUES, digits: int = 6) -> str:
    """Return the next number of this year's series, such as QY-2023-000042.

    The series stays locked until the transaction ends, so that numbers have neither gaps nor doubles; call it late.
    What has a number is never deleted: an issue registered by mistake is declined with its reason, a notice that is
    not wanted is cancelled, so every number of a series is found.

    Args:
        session: the transaction that uses the number.
        prefix: `ISSUES`, `OLD_ISSUES`, `SUPERVISION` or `NOTICES`.
        digits: least digits of the number.
    """
    series = f"{prefix}-{clock.today().year}"
    statement = (
        insert(NumberSeries)
        .values(name=series, last=1)
        .on_conflict_do_update(index_elements=[col(NumberSeries.name)], set_={"last": col(NumberSeries.last) + 1})
        .returning(col(NumberSeries.last))
    )
    return f"{series}-{session.execute(statement).scalar_one():0{digits}d}"
