"""Stage B: claimed deliveries go out by one line, and each that has gone out is recorded soon after.

A worker that is killed repeats at most what it had sent and not yet recorded: `_GROUP` messages, or those of half a
second. Whoever receives them can tell: each carries the id of its delivery as its key.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.exc import OperationalError

from core import clock, logs
from core.db import transaction
from services.channels import opened
from services.channels.lines import Line, PutOffError, RejectedError, TransientError
from services.delivery import outcomes
from services.delivery.choosing import LineBatch, claim_next
from services.delivery.claiming import DELIVERIES, Batch, lease, release, renew
from services.delivery.outcomes import Parcel, Results
from services.renewing import renewed

_GROUP = 10
_GROUP_SECONDS = 0.5
_LOOK_SECONDS = 0.5  # so long at most something goes out that was cancelled after its batch had begun
_DOWN_AFTER = 3
_BATCHES = 20
_RETRY_SECONDS = 1.0
_log = logs.get(__name__)


@dataclass
class Tally:
    """How many deliveries came out how."""

    sent: int = 0
    failed: int = 0
    put_off: int = 0

    def outcomes(self) -> dict[str, int]:
        """Return the numbers by the names that metrics use."""
        return {"done": self.sent, "parked": self.failed, "failed": self.put_off}


def send(work: LineBatch, stopping: Callable[[], bool] = lambda: False) -> Tally:
    """Send the deliveries of a batch that are still claimed under it.

    Args:
        work: the batch and its line.
        stopping: whether the worker is to end: then what has not been sent is given back.
    """
    claim = renew(DELIVERIES, work.batch)  # it may have waited in the queue for almost as long as the claim lasts
    with transaction() as session:
        parcels = outcomes.begin(session, claim)
    run = _Run(replace(work, batch=claim), stopping, deque(parcels))
    if parcels:
        with renewed(run.renew, lease().total_seconds() / 3, f"{work.line.kind}-{parcels[0].id}"):
            run.go()
    return run.tally


@dataclass
class _Run:
    """One batch on its way; `results` are what is not recorded yet, `tried` the last ones the line did not take."""

    work: LineBatch
    stopping: Callable[[], bool]
    waiting: deque[Parcel]
    tally: Tally = field(default_factory=Tally)
    results: Results = field(default_factory=Results)
    tried: list[tuple[Parcel, str]] = field(default_factory=list)
    kept_only: bool = False
    flushed_at: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self._claim = self.work.batch
        self._lock = threading.Lock()
        self._look_at = 0.0

    def renew(self) -> bool:
        """Lengthen the claim of the present batch; there may be another after it."""
        with self._lock:
            self._claim = renew(DELIVERIES, self._claim)
        return True

    def go(self) -> None:
        """Send until there is nothing left, the line does not work, or the worker is to end."""
        try:
            with opened(self.work.line.kind, self.work.line.channel_id) as line:
                works, more = self._send_all(line), _BATCHES
                while works and more and self._begin_next():
                    works, more = self._send_all(line), more - 1
        except OperationalError:
            raise
        except RejectedError as problem:
            self._refuse(str(problem))
        except Exception as problem:  # noqa: BLE001 - a line that cannot be opened; whatever it was, it may pass
            if self.waiting:
                self._blame(self.waiting.popleft(), problem)
            self._down()
        self._flush()
        with self._lock:
            release(DELIVERIES, Batch(tuple(each.id for each in self.waiting), self._claim.until), begun=True)

    def _begin_next(self) -> bool:
        """Go on with the next batch while the line is open; returns whether there is one."""
        self._flush()
        if self.waiting or self.stopping():
            return False
        batch = claim_next(self.work.line)
        if batch is None:
            return False
        with self._lock, transaction() as session:
            self._claim = batch
            self.waiting.extend(outcomes.begin(session, batch))
        return True

    def _send_all(self, line: Line) -> bool:
        """Send what is waiting; returns whether the line works."""
        self.kept_only = line.kept_only
        while self.waiting and not self.stopping():
            self._send(line, self.waiting.popleft())
            if len(self.tried) >= _DOWN_AFTER:
                self._down()
                return False
            if len(self.results) >= _GROUP or time.monotonic() - self.flushed_at > _GROUP_SECONDS:
                self._flush()
        self._put_off()
        return True

    def _send(self, line: Line, parcel: Parcel) -> None:
        try:
            line.send(parcel.address, parcel.message)
        except RejectedError as problem:
            self.results.failed.append((parcel.id, str(problem)))
            self._put_off()
        except PutOffError as problem:
            self._keep(parcel, str(problem), outcomes.again_at(parcel.attempts))
        except Exception as problem:  # noqa: BLE001 - whatever it was, the others go on, and this one is tried again
            self._blame(parcel, problem)
        else:
            self.results.sent.append((parcel.id, clock.now()))
            self.results.to_contacts += [parcel.id] if parcel.to_contact else []
            self._put_off()

    def _blame(self, parcel: Parcel, problem: Exception) -> None:
        known = isinstance(problem, TransientError)
        if not known:
            _log.error("delivery_not_sent", delivery_id=parcel.id, exc_info=problem)
        self.tried.append((parcel, str(problem) if known else f"{type(problem).__name__}: {problem}"))

    def _refuse(self, reason: str) -> None:
        """Nothing will ever go out by this line."""
        self.results.failed += [(each.id, reason) for each in self.waiting]
        self.waiting.clear()

    def _put_off(self) -> None:
        """Try each of the last ones again later: others went out by this line meanwhile, or there are few of them."""
        for parcel, reason in self.tried:
            again = outcomes.again_at(parcel.attempts)
            self._keep(parcel, reason, again)
        self.tried.clear()

    def _down(self) -> None:
        """The line does not work: nothing is sent by it for a while, and only what was tried counts as tried."""
        if not self.tried:
            return
        again = outcomes.line_again_at(self.tried[0][0].attempts)
        for parcel, reason in self.tried:
            self._keep(parcel, reason, None if outcomes.worn(parcel) else again)
        self.tried.clear()
        self._flush()
        with self._lock, transaction() as session:
            outcomes.pause(session, self.work.line, self._claim, [each.id for each in self.waiting], again)
        self.waiting.clear()

    def _keep(self, parcel: Parcel, reason: str, again: datetime | None) -> None:
        if again is None:
            self.results.failed.append((parcel.id, reason))
        else:
            self.results.put_off.append((parcel.id, again, reason))

    def _flush(self) -> None:
        """Record what is not recorded yet; a database that is away is waited for, so that nothing is sent twice."""
        until = time.monotonic() + lease().total_seconds()
        while self.results:
            try:
                self._record()
            except OperationalError as problem:
                if time.monotonic() > until:
                    raise
                _log.warning("results_not_recorded", count=len(self.results), error=str(problem.orig))
                time.sleep(_RETRY_SECONDS)
        self.flushed_at = time.monotonic()

    def _record(self) -> None:
        done, look = self.results, time.monotonic() >= self._look_at
        with self._lock, transaction() as session:
            outcomes.record(session, self._claim, done, kept_only=self.kept_only)
            if look:
                still = outcomes.mine(session, self._claim, [each.id for each in self.waiting])
        self.results = Results()
        if look:
            self._look_at = time.monotonic() + _LOOK_SECONDS
            self.waiting = deque(each for each in self.waiting if each.id in still)
        self.tally.sent += len(done.sent)
        self.tally.failed += len(done.failed)
        self.tally.put_off += len(done.put_off)
