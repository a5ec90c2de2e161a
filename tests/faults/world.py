"""Where faults happen: the product's own processes, real servers, and receivers that count what they really got."""

import os
import re
import shutil
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path

import psutil

from bench import filling, mail
from bench.filling import Planned
from bench.machine import Machine, machine, wait_until
from bench.postbox import Orders, Postbox
from bench.processes import Process
from core import queue
from core.embedded import EmbeddedPostgres, EmbeddedValkey
from services.channels import secrets
from services.delivery import sending
from tests.faults.receiver import Receiver
from tests.faults.table import Row

REMINDERS = 5_000
THREADS = 4
LONGEST = 150
_NUMBER = re.compile(r"QY-\d{4}-\d{7}")
_KEY = re.compile(r"delivery-(\d+)")
_UNFINISHED = """
SELECT EXISTS(SELECT 1 FROM reminder WHERE state = 'planned' AND subject = 'issue')
  OR EXISTS(SELECT 1 FROM reminder WHERE state = 'claimed')
  OR EXISTS(SELECT 1 FROM delivery WHERE state = 'planned') OR EXISTS(SELECT 1 FROM delivery WHERE state = 'claimed')
"""
_RECORDED = "SELECT id FROM delivery WHERE state = 'sent'"
_OF_ISSUE = "FROM reminder JOIN issue ON subject = 'issue' AND issue.id = reminder.subject_id"
_PLANNED = f"SELECT issue.number {_OF_ISSUE}"
_INBOX = f"SELECT issue.number {_OF_ISSUE} WHERE delivered_at IS NOT NULL AND reminder.title <> ''"
_FAILED = f"""
SELECT issue.number {_OF_ISSUE} WHERE reminder.state = 'failed' AND reminder.note <> ''
UNION SELECT issue.number {_OF_ISSUE} JOIN delivery USING (message_id)
WHERE delivery.state = 'failed' AND delivery.note <> ''
"""
_POISON = """
WITH template AS (INSERT INTO reminder_template (name, occasion, title, body, title_en, body_en, created_at, updated_at)
  VALUES ('poison ' || random(), 'issue_deadline', '{{ number.nothing.at_all }}', 'x', '', '', now(), now())
  RETURNING id)
INSERT INTO reminder_rule (name, occasion, "offset", unit, repeats, repeat_every, recipients, channels, urgent, effect,
  stops_on, template_id, active, created_at, updated_at)
SELECT 'poison ' || id, 'issue_deadline', 0, 'minutes', 0, 0, '{assignee}', '{}', false, 'none', 'handled', id, true,
  now(), now() FROM template RETURNING id
"""

_BY_WEBHOOK = """
INSERT INTO channel (name, kind, account_id, secret, hint, active, problem, created_at, updated_at)
SELECT kind, kind, id, %(secret)s, '', kind = 'webhook', '', now(), now()
FROM account CROSS JOIN (VALUES ('webhook'), ('mail')) AS wanted (kind) WHERE email <> ''
"""
_BY_MAIL = "DELETE FROM channel WHERE account_id IS NOT NULL"


@dataclass
class World:
    """One scenario's world: empty of reminders at its beginning.

    Args:
        machine: the servers.
        postbox: the mail server.
        receiver: the HTTP receiver.
        clock: the file that holds by how much the clock of processes is wrong.
    """

    machine: Machine
    postbox: Postbox
    receiver: Receiver
    clock: Path
    workers: list[Process] = field(default_factory=list)
    schedulers: list[Process] = field(default_factory=list)
    faults: int = 0
    allowed: int = 0
    _seen: tuple[int, int] = (0, 0)
    _received: Counter[int] = field(default_factory=Counter)
    _before: Counter[int] = field(default_factory=Counter)
    _told: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _ended: float = 0.0

    def begin(self, workers: int = 1, schedulers: int = 1) -> None:
        """Start processes of the product and wait until each has been heard."""
        self.workers = [self.start("worker") for _number in range(workers)]
        self.schedulers = [self.start("scheduler") for _number in range(schedulers)]
        wait_until(lambda: len(queue.alive()) >= workers + schedulers, 60, "workers and schedulers to be heard")

    def start(self, command: str) -> Process:
        """Start one process of the product, as a service manager does, without waiting for it."""
        environment = {"FAULTS_CLOCK": str(self.clock), "FAULTS_MAIL_SECONDS": "3"}  # read by wrong_clock
        return self.machine.run(command, "-m", "tests.faults.wrong_clock", command, **environment)

    def plan(self, count: int = REMINDERS, **more: int) -> None:
        """Write reminders that are due now; each is about an issue of its own."""
        filling.write(self.machine, Planned(count, **more))

    def reach_by_webhook(self) -> None:
        """Let everybody be reached by a webhook of their own instead of mail; each world begins with mail."""
        address = secrets.seal({"url": self.receiver.url})
        self.machine.sql(_BY_WEBHOOK, {"secret": address})

    def wait_for_requests(self, number: int) -> None:
        """Wait until the HTTP receiver has taken so many messages."""
        wait_until(lambda: self.receiver.count() >= number, LONGEST, f"{number} requests to arrive")

    def wait_for(self, receptions: int) -> None:
        """Wait until the mail server has taken so many messages."""
        wait_until(lambda: self.postbox.count() >= receptions, LONGEST, f"{receptions} messages to arrive")

    def wait_for_another(self) -> None:
        """Wait until the mail server takes another message, or nothing is left to do."""
        before = self.postbox.count()
        wait_until(lambda: self.postbox.count() > before or self.finished(), LONGEST, "another message to arrive")

    def finished(self) -> bool:
        """Return whether nothing is left to do."""
        return not self.machine.sql(_UNFINISHED)[0][0]

    def fault(self, *, in_flight: int = 0) -> None:
        """Note that a fault has happened and is over.

        Args:
            in_flight: how many messages were on their way when it happened: sent, and perhaps not recorded.
        """
        self.faults += 1
        self.allowed += in_flight
        self._ended = time.monotonic()

    def fault_is_over(self) -> None:
        """Note that the last fault is over only now."""
        self._ended = time.monotonic()

    def working(self) -> list[int]:
        """Return the numbers of the workers that have begun to work since they were started."""
        heard = {
            os.getpgid(each.pid) for each in queue.alive() if each.kind == "worker" and psutil.pid_exists(each.pid)
        }
        return [number for number, worker in enumerate(self.workers) if worker.pid in heard]

    def kill_a_worker(self, number: int) -> None:
        """Kill a worker, note what all of them had in flight, and start it again."""
        for each in self.workers:
            each.hold()
        self.workers[number].kill()
        self.fault(in_flight=self.in_flight())
        for each in self.workers:
            each.go_on()
        self.workers[number].start()

    def crash_queue(self) -> None:
        """Kill the queue server and delete all it has kept."""
        _stop(self.machine.valkey, signal.SIGKILL)
        shutil.rmtree(self.machine.valkey.folder)

    def stop_database(self, way: signal.Signals) -> None:
        """Stop the database: SIGINT ends connections in order, SIGQUIT is a crash."""
        _stop(self.machine.postgres, way)

    def leader(self) -> Process:
        """Wait until a scheduler leads and return it; one that was killed is heard of for some seconds more."""
        leading: list[Process] = []

        def found() -> bool:
            leading[:] = [each for each in self.schedulers if each.pid in _leading()]
            return bool(leading)

        wait_until(found, 60, "a scheduler to lead")
        return leading[0]

    def clock_is_wrong_by(self, seconds: int) -> None:
        """Set the clock of all processes."""
        draft = self.clock.with_suffix(".new")
        draft.write_text(str(seconds))
        draft.replace(self.clock)

    def poisoned_rule(self) -> int:
        """Make a rule whose template cannot be rendered, and return its id."""
        return int(self.machine.sql(_POISON)[0][0])

    def in_flight(self) -> int:
        """Return how many messages were received, once more than at the last call, and are not recorded.

        To be asked while no worker is working.
        """
        self._settle()
        self._read()
        recorded = {row_id for (row_id,) in self.machine.sql(_RECORDED)}
        new = self._received - self._before
        self._before = Counter(self._received)
        return sum(times for delivery, times in new.items() if delivery not in recorded)

    def _settle(self) -> None:
        """Let the receivers finish what they are writing down."""
        before = -1
        while before != (before := self.postbox.count() + self.receiver.count()):
            time.sleep(0.15)

    def at_most_in_flight(self) -> int:
        """Return how many messages can be sent and not recorded at a time: for each thread a group, and one more."""
        return len(self.workers) * THREADS * (sending._GROUP + 1)

    def _read(self) -> None:
        """Read what the receivers have taken since the last time."""
        mails = [_read_mail(each) for each in self.postbox.messages(self._seen[0])]
        requests = [(each, each) for each in self.receiver.texts(self._seen[1])]
        self._seen = self._seen[0] + len(mails), self._seen[1] + len(requests)
        for head, text in (*mails, *requests):
            found = _KEY.search(head)
            assert found is not None, head
            delivery = int(found[1])
            self._received[delivery] += 1
            for number in _NUMBER.findall(text):
                self._told[number].add(delivery)

    def _duplicates(self) -> int:
        """Return how often a message was received once more, and reminders that came in another message too."""
        again = self._received.total() - len(self._received)
        return again + sum(len(deliveries) - 1 for deliveries in self._told.values())

    def outcome(self, scenario: str) -> Row:
        """Wait until everything is done, count what came of it, and hold it against what must be.

        Args:
            scenario: its name in the table.
        """
        began = self._ended or time.monotonic()
        try:
            wait_until(self.finished, LONGEST, "everything to be done", every=0.1)
        except TimeoutError as problem:
            raise AssertionError(f"{problem}: {self._standing()}") from problem
        seconds = time.monotonic() - began
        self._read()
        failed, inbox, planned = self.numbers(_FAILED), self.numbers(_INBOX), self.numbers(_PLANNED)
        lost = planned - failed - (inbox & self._told.keys())
        return Row(
            scenario, self.faults, len(planned), len(inbox), len(self._told), len(self._received), len(failed),
            len(lost), self._duplicates(), self.allowed, round(seconds, 1),
        )  # fmt: skip

    def _standing(self) -> str:
        """Return what there is to say when something does not come to its end."""
        counts = "SELECT state, count(*), max(attempts), min(due_at), min(claimed_until), min(note) FROM {} GROUP BY 1"
        rows = [(table, *row) for table in ("reminder", "delivery") for row in self.machine.sql(counts.format(table))]
        logs = [each.text()[-3000:] for each in (*self.workers[:1], *self.schedulers[:1])]
        return "\n".join([*map(str, rows), str(queue.alive()), *logs])

    def numbers(self, statement: str) -> set[str]:
        """Return the issue numbers that a statement finds."""
        return {number for (number,) in self.machine.sql(statement)}


def _stop(server: EmbeddedPostgres | EmbeddedValkey, way: signal.Signals) -> None:
    assert server._server is not None
    server._server.stop(way)
    server._server = None


def _leading() -> set[int]:
    return {each.pid for each in queue.alive() if each.kind == "scheduler" and each.state == "leader"}


def _read_mail(message: bytes) -> tuple[str, str]:
    """Return what names a mail for ever, and its text as a person without a browser reads it."""
    mail_ = message_from_bytes(message)
    plain = next(each for each in mail_.walk() if each.get_content_type() == "text/plain")
    return str(mail_["Message-ID"]), bytes(plain.get_payload(decode=True)).decode("utf-8")


@contextmanager
def worlds() -> Iterator[Callable[[], World]]:
    """Start servers and receivers for many scenarios, and yield what makes a world for one of them."""
    more = {
        "QIANQI_WORKER_PROCESSES": "1", "QIANQI_WORKER_THREADS": str(THREADS), "QIANQI_CLAIM_SECONDS": "5",
        "QIANQI_SCAN_SECONDS": "1", "QIANQI_RETRY_SECONDS": "1", "QIANQI_DEFAULT_LOCALE": "en",
        "QIANQI_WEBHOOK_LOCAL": "true",
    }  # fmt: skip
    with machine(**more) as made, mail.server(made) as postbox, _receiver(made) as receiver:
        filling.people_and_issues(made, REMINDERS)
        yield lambda: _new(made, postbox, receiver)


def _new(made: Machine, postbox: Postbox, receiver: Receiver) -> World:
    made.end_processes()
    for server in (postbox, receiver):
        server.empty()
    postbox.behave(Orders())
    receiver.behave()
    filling.clear(made)
    made.sql(_BY_MAIL)
    for log in made.folder.glob("*.log"):
        log.unlink()
    with made.redis as client:
        client.flushall()
    clock = made.folder / "clock"
    clock.write_text("0")
    return World(made, postbox, receiver, clock)


@contextmanager
def _receiver(made: Machine) -> Iterator[Receiver]:
    folder = made.folder / "receiver"
    folder.mkdir()
    with Receiver(folder) as receiver:
        yield receiver
