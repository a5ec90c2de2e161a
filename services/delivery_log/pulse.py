"""Whether reminders get out at this moment: who works, what waits for how long, and what to do if it is too long."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

import redis

from core import clock, queue
from core.brief import Brief
from core.i18n import N_
from core.queue import Alive
from models.base import LabelledEnum
from services import delivery, outbox
from services.actor import Actor
from services.permissions import Action, allows
from services.use_case import use_case

SILENT = timedelta(minutes=2)
"""A worker that was heard longer ago than this is missed."""
LATE = timedelta(minutes=5)
"""What is due may wait so long."""
_KEPT = timedelta(seconds=5)


class Trouble(LabelledEnum):
    """What keeps reminders from getting out, and what it is called."""

    QUEUE = "queue", N_("The queue does not answer.")
    WORKER = "worker", N_("No worker has been heard for {time}: nothing is being sent.")
    SCHEDULER = "scheduler", N_("No scheduler has been heard for {time}: what comes due is not picked up.")
    LATE = "late", N_("The oldest due reminder has been waiting for {time}.")


ADVICE = {
    Trouble.QUEUE: N_(
        "Pages work on, and everything due waits safely in the database. On the queue’s machine, start Valkey or "
        "Redis again (systemctl status valkey) and check REDIS_URL; what waited goes out by itself."
    ),
    Trouble.WORKER: N_(
        "Nothing is lost. On the server: systemctl status qianqi (or qianqi-worker), look at its log, and start it "
        "again; by hand: qianqi worker. What waited goes out by itself, in one message a person."
    ),
    Trouble.SCHEDULER: N_(
        "Nothing is lost. On the server: systemctl status qianqi (or qianqi-scheduler) and start it again; by hand: "
        "qianqi scheduler."
    ),
    Trouble.LATE: N_(
        "Workers run but do not keep up, or are stuck: see what is due below “Delivery log”, look at the workers’ log, "
        "start more of them."
    ),
}
"""What to do about each."""


@dataclass(frozen=True)
class Heard:
    """What the queue's server tells."""

    processes: list[Alive]
    last: dict[str, datetime | None]
    """When a worker and when a scheduler was heard last, though they may be gone since."""
    waiting: int
    """Messages in the queue that no worker has taken yet."""


@dataclass(frozen=True)
class Alarm:
    """Something that keeps reminders from getting out."""

    trouble: Trouble
    seconds: int = 0
    """For how long."""


@dataclass(frozen=True)
class Pulse:
    """How sending goes at this moment."""

    heard: Heard | None
    """`None` while the queue does not answer."""
    reminders: delivery.Backlog
    work: outbox.Backlog


_heard: Brief[str, Heard | None] = Brief(_KEPT)
_oldest: Brief[str, float] = Brief(_KEPT)
_silence: dict[str, float] = {}
"""Kind of process → since when this process has found no trace of one."""
_KINDS = {"worker": Trouble.WORKER, "scheduler": Trouble.SCHEDULER}


def pulse(actor: Actor) -> Pulse:
    """Return how sending goes, counted anew.

    Raises:
        NotAllowedError: the role may not see the delivery log.
    """
    with use_case(actor, Action.DELIVERY_VIEW):
        return Pulse(_heard.get("", _listen), delivery.backlog(), outbox.backlog())


def alarms(actor: Actor) -> list[Alarm]:
    """Return what keeps reminders from getting out, the cause first; nothing for whoever does not administer it.

    Cheap enough for every page: a process finds it out once in some seconds, whoever looks.
    """
    if not allows(actor, Action.DELIVERY_VIEW):
        return []
    heard, oldest = _heard.get("", _listen), timedelta(seconds=_oldest.get("", delivery.oldest_due_seconds))
    late = oldest > LATE
    found = [Alarm(Trouble.QUEUE)] if heard is None else _missing(heard, timedelta() if late else SILENT)
    if late:
        found.append(Alarm(Trouble.LATE, int(oldest.total_seconds())))
    return found


def forget() -> None:
    """Find everything out anew next time."""
    _heard.clear()
    _oldest.clear()


def _listen() -> Heard | None:
    try:
        return Heard(queue.alive(), {kind: queue.last_heard(kind) for kind in _KINDS}, queue.waiting())
    except redis.RedisError:
        return None


def _missing(heard: Heard, patience: timedelta) -> list[Alarm]:
    """Return which processes are missed: at once, if something waits too long already."""
    silent = {trouble: _silent(heard, kind) for kind, trouble in _KINDS.items()}
    return [
        Alarm(trouble, int(each.total_seconds()))
        for trouble, each in silent.items()
        if each is not None and each >= patience
    ]


def _silent(heard: Heard, kind: str) -> timedelta | None:
    """Return for how long no such process has been heard, or `None` if one is there.

    Where the queue remembers none, it is as long as this process has looked for one.
    """
    if any(each.kind == kind for each in heard.processes):
        _silence.pop(kind, None)
        return None
    if (last := heard.last[kind]) is not None:
        return clock.now() - last
    since = _silence.setdefault(kind, time.monotonic())
    return timedelta(seconds=time.monotonic() - since)
