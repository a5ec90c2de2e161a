"""Whether every number of the ledger is accounted for.

Numbers are given inside the transaction that registers, and no issue is ever deleted, so none should be missing. One
is missing or foreign where somebody worked on the tables by hand, or a backup was restored in part.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text as sql
from sqlmodel import Session, col, select

from core.i18n import format_moment, gettext
from models.audit import AuditEntry
from services import numbers

MOST = 100
"""How many are told; where there are more, these are enough to look for the cause."""

_MISSING = """
SELECT number FROM (
  SELECT series.name || '-' || lpad(place::text, greatest(6, length(place::text)), '0') AS number
  FROM number_series AS series CROSS JOIN LATERAL generate_series(1, series.last) AS place
  WHERE substring(series.name FROM '^[A-Z]+') = ANY(:ledger)
) AS given
WHERE NOT EXISTS (SELECT 1 FROM issue WHERE issue.number = given.number)
ORDER BY number LIMIT :most
"""
_AHEAD = """
SELECT issue.number FROM issue
LEFT JOIN number_series AS series ON series.name = substring(issue.number FROM '^(.+)-[0-9]+$')
WHERE coalesce(series.last, 0) < coalesce(substring(issue.number FROM '([0-9]+)$')::bigint, 0)
ORDER BY issue.number LIMIT :most
"""


@dataclass(frozen=True)
class Gap:
    """A number that is not accounted for.

    Args:
        number: the number.
        explanation: what is known of it, in the present language.
    """

    number: str
    explanation: str


def gaps(session: Session) -> list[Gap]:
    """Return the numbers missing from the ledger and those its series do not know, each with what explains it."""
    missing, ahead = _numbers(session, _MISSING, ledger=list(numbers.LEDGER)), _numbers(session, _AHEAD)
    known = _registered(session, missing)
    return [
        *(
            Gap(number, known.get(number) or gettext("never registered: the series was set forward"))
            for number in missing
        ),
        *(Gap(number, gettext("above the last number of its series: the series was set back")) for number in ahead),
    ]


def _numbers(session: Session, statement: str, **given: list[str]) -> list[str]:
    return list(session.execute(sql(statement), {"most": MOST, **given}).scalars())


def _registered(session: Session, missing: list[str]) -> dict[str, str]:
    """Return what the audit log tells of issues that had these numbers; nothing is asked where none is missing."""
    if not missing:
        return {}
    number: Any = col(AuditEntry.after)["number"].astext
    rows = session.exec(
        select(AuditEntry).where(
            AuditEntry.entity == "issue", AuditEntry.action == "issue.created", number.in_(missing)
        )
    ).all()
    told = gettext("registered by {name} at {moment}, removed since past the product")
    return {row.after["number"]: told.format(name=row.actor_name, moment=format_moment(row.at)) for row in rows}
