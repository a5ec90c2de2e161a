"""What was told in the last three weeks: the product's own planning, telling and sending, with the clock held back.

Rows that were stored as they ended are put back to how they stood, and end again when their moment comes, so that
rules find them as they were. What the product would have done itself (cards, escalation) is left out: the issues'
stories say who did that, and what would tell of it is left out where no story has it.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zlib import crc32

from sqlalchemy import delete
from sqlmodel import Session, col, select

from core import clock
from core.db import flush_late
from models.base import Row
from models.commitment import Commitment
from models.issue import Issue
from models.issue_log import IssueEvent, IssueTask
from models.reminder import Reminder, ReminderRule, ReminderState, Subject
from models.visit import OPEN_VISIT_STATES, Promise, Visit, VisitState
from services.delivery import choosing, outcomes, telling
from services.demo.days import Diary
from services.demo.store import Store
from services.reminders import acknowledging, effects, noticing, planning, weeks

_DAYS = 15
_ROUNDS = (time(9), time(11, 30), time(14), time(16, 30))
"""The two slots of the default hours, and two looks between them for what is urgent."""
_REFUSALS = (
    "550 5.1.1 <{address}>: Recipient address rejected: User unknown",
    "552 5.2.2 <{address}>: Mailbox full",
    "550 5.7.1 <{address}>: Message rejected by the content filter",
)
_REFUSED_IN = 23
"""One address in so many does not take mail."""


@dataclass(frozen=True)
class _Kind:
    """How rows of one kind look while they are open, and when they ended.

    Args:
        subject: what kind they are.
        rows: all of them, as they ended.
        changes: what differs while one is open.
        ended_at: when one ended; `None` if it has not.
    """

    subject: Subject
    rows: Sequence[Any]
    changes: Mapping[str, Any]
    ended_at: Callable[[Any], datetime | None]

    def was(self, row: Row, *, still_open: bool) -> dict[str, Any]:
        """Return what a row has while it is open, or as it ended."""
        ended = {"id": row.pk, "updated_at": row.updated_at, **{name: getattr(row, name) for name in self.changes}}
        return ended | {**self.changes, "updated_at": row.created_at} if still_open else ended


@dataclass
class Post:
    """Goes its rounds from three weeks ago until now.

    Args:
        session: the transaction of the demonstration.
        store: changes rows in it.
        rng: decides who reads what when.
        visits, promises, commitments: all there are, as they ended.
    """

    session: Session
    store: Store
    rng: random.Random
    visits: Sequence[Visit]
    promises: Sequence[Promise]
    commitments: Sequence[Commitment]
    _diligence: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Choose the moments of the rounds, and tell when each kind of row ended."""
        self._kinds = (
            _Kind(Subject.VISIT, self.visits, {"state": VisitState.PLANNED}, lambda row: row.recorded_at),
            _Kind(Subject.PROMISE, self.promises, {"kept_at": None}, lambda row: row.kept_at),
            _Kind(Subject.COMMITMENT, self.commitments, {"fulfilled_at": None}, lambda row: row.fulfilled_at),
        )
        self._moments = _moments()

    def rounds(self) -> Iterator[datetime]:
        """Give the moment of each round and go it when asked to go on, as the stories of issues are told."""
        last = datetime.min.replace(tzinfo=clock.zone())
        for number, moment in enumerate(self._moments):
            yield moment
            if number == 0:
                self._open(moment)
            self._plan(last, moment)
            self._tell()
            self._send()
            self._read(moment)
            last = moment

    def end(self) -> None:
        """Let everything be planned from how it stands today when the transaction commits."""
        self.session.flush()
        noticing.touch(self.session, Subject.VISIT, [v.pk for v in self.visits if v.state in OPEN_VISIT_STATES])
        noticing.touch(self.session, Subject.DIGEST, weeks.weeks())
        for kind in self._kinds[1:]:
            noticing.touch(self.session, kind.subject, [row.pk for row in kind.rows if kind.ended_at(row) is None])
        for kind in self._kinds:
            self._write(kind, [row for row in kind.rows if (kind.ended_at(row) or clock.now()) > self._moments[-1]])

    def _open(self, moment: datetime) -> None:
        for kind in self._kinds:
            later = [row for row in kind.rows if (ended := kind.ended_at(row)) and ended > moment]
            self._write(kind, later, still_open=True)

    def _write(self, kind: _Kind, rows: Sequence[Row], *, still_open: bool = False) -> None:
        if rows:
            self.store.change(type(rows[0]), [kind.was(row, still_open=still_open) for row in rows])

    def _plan(self, last: datetime, moment: datetime) -> None:
        """Plan the reminders of what has come or changed since the last round."""
        flush_late(self.session)
        for kind in self._kinds:
            ended = [row for row in kind.rows if last < (kind.ended_at(row) or last) <= moment]
            self._write(kind, ended)
            came = [row for row in kind.rows if last < row.created_at <= moment]
            self._reconcile(kind.subject, {row.pk for row in (*came, *ended)})
        self._reconcile(Subject.DIGEST, set(weeks.weeks()))
        for subject, model in ((Subject.ISSUE, Issue), (Subject.ISSUE_TASK, IssueTask)):
            changed = select(model.id).where(col(model.updated_at) > last, col(model.updated_at) <= moment)
            self._reconcile(subject, {each for each in self.session.exec(changed) if each is not None})
        own = (col(Reminder.recipient_key) == "", col(Reminder.due_at) <= moment)
        self._drop(*own)
        self._leave_untrue(moment)

    def _leave_untrue(self, moment: datetime) -> None:
        """Leave out what says that a card was shown or an issue handed up, until somebody has done so."""
        for effect, verb in effects.VERBS.items():
            rules = select(ReminderRule.id).where(ReminderRule.effect == effect)
            done = select(IssueEvent.issue_id).where(IssueEvent.verb == verb)
            self._drop(
                Reminder.subject == Subject.ISSUE, Reminder.state == ReminderState.PLANNED,
                col(Reminder.due_at) <= moment, col(Reminder.rule_id).in_(rules), col(Reminder.subject_id).not_in(done),
            )  # fmt: skip

    def _drop(self, *which: Any) -> None:
        self.session.execute(delete(Reminder).where(*which).execution_options(synchronize_session=False))

    def _reconcile(self, subject: Subject, ids: set[int]) -> None:
        if ids:
            planning.reconcile(self.session, subject, sorted(ids))

    def _tell(self) -> None:
        for batch in choosing.claim_reminders():
            telling.tell(batch)

    def _send(self) -> None:
        """Write down how the mail server of those weeks took it: nothing really goes out; some mailboxes refuse."""
        for work in choosing.claim_deliveries(100):
            results = outcomes.Results()
            for parcel in outcomes.begin(self.session, work.batch):
                refusal = _refusal(parcel.address)
                if refusal:
                    results.failed.append((parcel.id, refusal))
                else:
                    results.sent.append((parcel.id, clock.now()))
            outcomes.record(self.session, work.batch, results, kept_only=False)

    def _read(self, moment: datetime) -> None:
        """Let people read what they were told before, each as diligently as they are; some of it they acknowledge."""
        unread = select(Reminder.id, Reminder.recipient_id).where(
            Reminder.state == ReminderState.DELIVERED, col(Reminder.recipient_id).is_not(None),
            col(Reminder.delivered_at) < moment,
        )  # fmt: skip
        rows = self.session.exec(unread.order_by(col(Reminder.id))).all()
        read = [row_id for row_id, account_id in rows if self.rng.random() < self._reads(account_id or 0)]
        for ids, before in ((read[::2], 40), (read[1::2], 15)):
            with clock.fixed(moment - timedelta(minutes=before)):
                acknowledged = [each for each in ids if each and self.rng.random() < 0.4]
                acknowledging.mark_read(self.session, [each for each in ids if each], None)
                acknowledging.acknowledge(self.session, acknowledged, None)

    def _reads(self, account_id: int) -> float:
        return self._diligence.setdefault(account_id, self.rng.choice((0.2, 0.3, 0.3, 0.5)))


def _moments() -> list[datetime]:
    diary = Diary()
    days = [diary.day_ago(count) for count in reversed(range(_DAYS))]
    every = (datetime.combine(day, at, clock.zone()) for day in days for at in _ROUNDS)
    return [each for each in every if each <= diary.now]


def _refusal(address: str) -> str:
    """Return what the mail server answers of an address: the same each time, and nothing for nearly all."""
    number = crc32(address.encode())
    return _REFUSALS[number % len(_REFUSALS)].format(address=address) if number % _REFUSED_IN == 0 else ""
