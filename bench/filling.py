"""Rows to measure with: people, issues, and reminders of their deadlines as planning writes them."""

from dataclasses import dataclass
from datetime import datetime

from bench import big_ledger
from bench.machine import Machine
from core import clock

# ruff: noqa: E501 - statements of SQL

_MAIL = "UPDATE account SET email = username || '@zone.example' WHERE role = 'grid_worker'"
_ENDED = """
UPDATE issue SET state = 'closed', resolved_by_id = NULL, stage = 'handle', due_at = now() + interval '2 days',
  closed_by_id = (SELECT id FROM account WHERE role = 'coordinator');
UPDATE issue_task SET state = 'done'
"""
_REMINDERS = """
WITH pools AS (SELECT (SELECT array_agg(id ORDER BY id) FROM issue) AS issues,
  (SELECT array_agg(id ORDER BY id) FROM account WHERE role = 'grid_worker') AS workers,
  coalesce(%(rule)s, (SELECT min(id) FROM reminder_rule WHERE occasion = 'issue_deadline' AND effect = 'none')) AS rule),
drawn AS (SELECT n, rule, 1 + n / cardinality(issues) AS version, issues[1 + n %% cardinality(issues)] AS issue,
  workers[1 + n %% cardinality(workers)] AS worker FROM generate_series(%(first)s, %(first)s + %(count)s - 1) n, pools)
INSERT INTO reminder (subject, subject_id, occasion, rule_id, due_version, step, relation, recipient_id, recipient_key,
  moment, due_at, urgent, state, attempts, title, body, note, created_at, updated_at)
SELECT 'issue', issue, 'issue_deadline', rule, version, 0, 'assignee', worker, 'a' || worker, %(due)s, %(due)s,
  n %% 100 < %(urgent)s, 'planned', 0, '', '', '', %(now)s, %(now)s
FROM drawn
"""
_DELIVERIES = """
WITH pool AS (SELECT array_agg(id ORDER BY id) AS workers FROM account WHERE role = 'grid_worker'),
written AS (INSERT INTO message (account_id, locale, urgent, title, body, created_at, updated_at)
  SELECT workers[1 + n %% cardinality(workers)], 'zh_CN', true, %(title)s, %(body)s, %(now)s, %(now)s
  FROM generate_series(1, %(count)s) n, pool RETURNING id, account_id)
INSERT INTO delivery (message_id, kind, address, state, due_at, attempts, note, kept_only, created_at, updated_at)
SELECT id, 'mail', 'worker' || account_id || '@zone.example', 'planned', %(now)s, 0, '', false, %(now)s, %(now)s
FROM written
"""
_WAKE = "NOTIFY outbox"
_CLEAR = "TRUNCATE reminder, message, delivery, outbox_message CASCADE"


@dataclass(frozen=True)
class Planned:
    """Reminders to be written.

    Args:
        count: how many.
        first: the number of the first; each has another issue, or another deadline of it.
        due: when they are due; `None` means now.
        urgent: how many of a hundred are urgent, and so get a message of their own.
        rule: the id of their rule; `None` means one of those a new installation begins with.
    """

    count: int
    first: int = 0
    due: datetime | None = None
    urgent: int = 0
    rule: int | None = None


def people_and_issues(machine: Machine, issues: int) -> None:
    """Fill an empty database with a zone, 300 grid workers who have a mail address, and issues.

    The issues are closed: the product plans nothing for them, nor cancels what is written here.
    """
    big_ledger.fill(machine.postgres.owner_url, issues, "2023-12-06T10:00:00+08:00")
    machine.sql(_ENDED)
    machine.sql(_MAIL)


def write(machine: Machine, planned: Planned) -> None:
    """Write planned reminders and wake the scheduler, as planning does."""
    now = clock.now()
    values = {name: getattr(planned, name) for name in ("count", "first", "urgent", "rule")}
    machine.sql(_REMINDERS, values | {"due": planned.due or now, "now": now})
    machine.sql(_WAKE)


def write_mails(machine: Machine, count: int, title: str, body: str) -> None:
    """Write messages that are due to go out by mail, as telling does, and wake the scheduler."""
    machine.sql(_DELIVERIES, {"count": count, "title": title, "body": body, "now": clock.now()})
    machine.sql(_WAKE)


def clear(machine: Machine) -> None:
    """Forget all reminders, messages and deliveries, and what waits in the outbox."""
    machine.sql(_CLEAR)
