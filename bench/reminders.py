"""Measures reminders against what the same machine can do at most, in the same run.

Each pair is measured in turn, several times, and the medians are compared. Everybody's processes are up and held
still while the work is laid out, and the time runs from the moment they go on until the last row is recorded.
"""

import smtplib
import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from bench import filling, mail, peers
from bench.filling import Planned
from bench.machine import Machine, machine, wait_until
from bench.postbox import Postbox
from bench.processes import Process
from bench.report import Pair, Report
from bench.timing import timed
from core import clock
from core.i18n import N_
from services.delivery import choosing

_LONGEST = 600
_ISSUES = 5_000
_FEW = 10_000
_PEER_TASKS = 1_000  # RQ forks for each
_DUE = 500
_PROCESSES = 2
_INBOX_ONLY = "UPDATE account SET email = ''"  # mail is measured by itself
_OPEN = """
SELECT EXISTS(SELECT 1 FROM reminder WHERE state = 'planned' AND subject = 'issue')
  OR EXISTS(SELECT 1 FROM reminder WHERE state = 'claimed')
  OR EXISTS(SELECT 1 FROM delivery WHERE state = 'planned') OR EXISTS(SELECT 1 FROM delivery WHERE state = 'claimed')
"""


def measure(count: int, planned: int = 1_000_000, turns: int = 3) -> Report:
    """Measure everything on a machine of its own.

    Args:
        count: how many reminders are told, and how many mails are sent, in each turn.
        planned: how many reminders lie in the future for the due scan.
        turns: how often each is measured.
    """
    with machine(QIANQI_WORKER_PROCESSES=str(_PROCESSES)) as made:
        filling.people_and_issues(made, min(_ISSUES, count))
        made.sql(_INBOX_ONLY)
        with mail.server(made) as postbox:
            pairs = _through_processes(made, postbox, count, turns)
        made.end_processes()
        scan = _due_scan(made, planned, turns)
        return Report(count, planned, turns, (*pairs, scan), peers.measured(made, min(count, _PEER_TASKS)))


def _through_processes(made: Machine, postbox: Postbox, count: int, turns: int) -> tuple[Pair, Pair]:
    product = [made.qianqi("worker"), made.qianqi("scheduler")]
    dramatiq = _dramatiq(made)
    inbox: list[float] = []
    raw: list[float] = []
    sent: list[float] = []
    bare: list[float] = []
    for _turn in range(turns):
        raw.append(count / _nothing(made, dramatiq, count))
        inbox.append(count / _told(made, product, count))
        bare.append(count / _bare_mail(postbox, count))
        sent.append(count / _sent(made, product, count))
    return (
        Pair(
            "inbox", N_("Reminders told: planned rows → inbox, recorded"), N_("Dramatiq, an actor that does nothing"),
            statistics.median(inbox), statistics.median(raw), "/s", at_least=1.0,
        ),
        Pair(
            "mail", N_("Messages mailed: due rows → mail server, recorded"),
            N_("smtplib in a loop, one connection"),
            statistics.median(sent), statistics.median(bare), "/s", at_least=0.8,
        ),
    )  # fmt: skip


def _told(made: Machine, product: list[Process], count: int) -> float:
    """Return how many seconds the product takes to tell so many planned reminders."""
    return _worked_off(made, product, lambda: filling.write(made, Planned(count)))


def _sent(made: Machine, product: list[Process], count: int) -> float:
    """Return how many seconds the product takes to mail so many messages that were told."""
    return _worked_off(made, product, lambda: filling.write_mails(made, count, mail.TITLE, mail.TEXT))


def _worked_off(made: Machine, product: list[Process], lay_out: Callable[[], None]) -> float:
    filling.clear(made)
    _hold(product)
    lay_out()
    _go_on(product)
    return wait_until(lambda: _all_recorded(made), _LONGEST, "all rows to be recorded")


def _all_recorded(made: Machine) -> bool:
    ((found,),) = made.sql(_OPEN)
    return not found


def _dramatiq(made: Machine) -> Process:
    process = made.run("dramatiq", "-m", "dramatiq", "--processes", str(_PROCESSES), "bench.noop")
    _nothing(made, process, 1)  # it is up once it has done something
    return process


def _nothing(made: Machine, dramatiq: Process, count: int) -> float:
    """Return how many seconds Dramatiq takes to do nothing so many times."""
    from bench.noop import QUEUE, nothing

    _hold([dramatiq])
    for number in range(count):
        nothing.send(number)
    _go_on([dramatiq])
    with made.redis as client:
        return wait_until(
            lambda: not client.hlen(f"dramatiq:{QUEUE}.msgs"), _LONGEST, "Dramatiq to do nothing", every=0.005
        )


def _bare_mail(postbox: Postbox, count: int) -> float:
    """Return how many seconds a loop takes to send so many mails."""
    sender, to, data = mail.sample()
    began = time.monotonic()
    with smtplib.SMTP("127.0.0.1", postbox.port) as connection:
        for _number in range(count):
            connection.sendmail(sender, to, data)
    return time.monotonic() - began


def _due_scan(made: Machine, planned: int, turns: int) -> Pair:
    filling.clear(made)
    few = _scan_with(made, Planned(_FEW, due=_future()), turns)
    many = _scan_with(made, Planned(planned - _FEW, first=_FEW, due=_future()), turns)
    return Pair(
        "scan", N_("The due scan with {planned} planned reminders"), N_("The same with 10,000"),
        many * 1000, few * 1000, "ms", at_most=1.5,
    )  # fmt: skip


def _scan_with(made: Machine, planned: Planned, turns: int) -> float:
    """Return how long a scan takes that finds some rows due, after `planned` more have been written."""
    filling.write(made, planned)
    made.sql("VACUUM ANALYZE reminder")
    return statistics.median(_scan(made) for _turn in range(max(turns, 5)))


def _scan(made: Machine) -> float:
    filling.write(made, Planned(_DUE, first=10_000_000))
    seconds = timed(choosing.claim_reminders)
    made.sql("DELETE FROM reminder WHERE state = 'claimed'")
    return seconds


def _future() -> datetime:
    return clock.now() + timedelta(days=30)


def _hold(processes: list[Process]) -> None:
    for each in processes:
        each.hold()


def _go_on(processes: list[Process]) -> None:
    for each in processes:
        each.go_on()
