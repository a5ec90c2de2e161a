"""The drill: a backup while people work, the loss of everything, and a new machine on which all goes on.

The product's own workers, scheduler and commands, its servers as `qianqi up` runs them, and a mail server that writes
down what it really got.
"""

import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from hashlib import sha256
from pathlib import Path

import pytest

from bench import filling, mail
from bench.filling import Planned
from bench.machine import Machine, machine, wait_until
from bench.postbox import Postbox
from core import clock
from core.settings import settings
from core.supervisor import ROOT
from services.backups import checking, making, snapshot
from services.backups.manifest import Manifest
from tests.restore.evidence import Evidence
from tests.restore.world import Office, Work

KEY = "the key of the drill, kept elsewhere"
BEFORE, BETWEEN, AFTER = 40, 30, 20
_ROUNDS, _ROUNDS_SHOWN = 10, 250
"""How often people have registered, attached, visited and removed something when the backup begins."""
_MORE = {"QIANQI_BACKUP_KEY": KEY, "QIANQI_WORKER_PROCESSES": "1", "QIANQI_SCAN_SECONDS": "1"}
_LATER = timedelta(minutes=10)
_NUMBER = re.compile(r"QY-\d{4}-\d{7}")
_COME_DUE = "UPDATE reminder SET due_at = now() WHERE state = 'planned' AND due_at < now() + %(later)s"
_SETTLED = {"reminder", "delivery", "audit_entry", "outbox_message", "sign_in_session", "notice_batch"}
"""Tables that a restore itself must change."""
_SETTLED |= {"tally_due", "issue_tally", "visit_tally", "target_tally"}  # `qianqi restore` then settles the figures
_HEAD = ("what", "result")


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    """A mail server that outlives the machine."""
    with tempfile.TemporaryDirectory() as folder, Postbox(Path(folder)) as found:
        yield found


@pytest.fixture
def safe() -> Iterator[Path]:
    """Where the backup survives."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def test_the_drill(postbox: Postbox, safe: Path, evidence: Evidence, request: pytest.FixtureRequest) -> None:
    rounds = _ROUNDS_SHOWN if request.config.getoption("--drill") else _ROUNDS
    manifest, file, work = _until_the_loss(postbox, safe, rounds)
    taken = postbox.count()

    with _new_machine() as new:
        began = time.monotonic()
        restored = _qianqi(new, "restore", str(file))
        seconds = time.monotonic() - began
        assert restored.returncode == 0, restored.stderr
        differing = _differing(new, manifest)
        lost = _files_lost(new)
        held = new.sql("SELECT count(*) FROM reminder WHERE state = 'failed' AND note LIKE 'Due before%'")[0][0]
        new.sql(_COME_DUE, {"later": _LATER})
        new.run("worker", "-m", "cli", "worker")
        new.run("scheduler", "-m", "cli", "scheduler")
        wait_until(lambda: len(set(_told(postbox))) >= BEFORE + BETWEEN + AFTER, 90, "the rest to be told")
        time.sleep(2)  # whatever would be told twice has its time
        figures = _qianqi(new, "figures")

    twice = {number: times for number, times in Counter(_told(postbox)).items() if times > 1}
    assert not work.problems
    assert differing <= _SETTLED
    assert not lost
    assert held == BETWEEN
    assert not twice
    assert taken == BEFORE + BETWEEN
    assert figures.returncode == 0, figures.stdout
    _tell(evidence, manifest, file, work, seconds=seconds, held=held)


def _until_the_loss(postbox: Postbox, safe: Path, rounds: int) -> tuple[Manifest, Path, Work]:
    """Let people and reminders be under way, back up in their midst, go on, and lose the machine."""
    with machine(**_MORE) as old:
        filling.people_and_issues(old, BEFORE + BETWEEN + AFTER)
        mail.set_server(postbox.port)
        office = Office()
        senders = [old.qianqi("worker"), old.qianqi("scheduler")]
        filling.write(old, Planned(BEFORE, urgent=100))
        wait_until(lambda: postbox.count() >= BEFORE, 60, "what is due before the backup to be told")
        filling.write(old, Planned(AFTER, first=BEFORE + BETWEEN, due=clock.now() + _LATER, urgent=100))
        with office.busy() as work:
            wait_until(lambda: work.done["issues"] >= rounds or bool(work.problems), 300, "people to work")
            for each in senders:
                each.hold()  # what comes due now is told after the backup, however slow this machine is
            filling.write(old, Planned(BETWEEN, first=BEFORE, urgent=100))
            before = sum(work.done.values())
            made = making.make(str(safe))
            work.done["during"] = sum(work.done.values()) - before
            for each in senders:
                each.go_on()
            wait_until(lambda: postbox.count() >= BEFORE + BETWEEN, 60, "what is due after the backup to be told")
        with snapshot.taken(settings().database_url) as connection:
            assert snapshot.files(connection) != [], "there is something to lose"
        file = safe / made.name
        assert checking.check(file) == made.manifest
    return made.manifest, file, work


@contextmanager
def _new_machine() -> Iterator[Machine]:
    """Another machine with empty servers: no tables, no files."""
    with tempfile.TemporaryDirectory(prefix="qianqi-new-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        new = Machine(folder, _MORE)
        try:
            new.postgres.start()
            new.valkey.start()
            yield new
        finally:
            new.stop()


def _qianqi(new: Machine, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cli", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=new.environment, capture_output=True, text=True, timeout=120, check=False
    )


def _differing(new: Machine, manifest: Manifest) -> set[str]:
    """Return the tables whose rows are not those of the backup, counted and hashed again."""
    with snapshot.taken(new.postgres.owner_url) as connection:
        return {
            name
            for name, facts in manifest.tables.items()
            if snapshot.facts(connection, snapshot.TableOf(name, facts.columns)) != facts
        }


def _files_lost(new: Machine) -> list[str]:
    """Return the files a row refers to that are not there, or not what they were; and halves of pairs."""
    folder = new.folder / "data/files"
    rows = new.sql("SELECT sha256, file_name FROM attachment")
    lost = [sha for sha, _name in rows if _digest(folder / sha[:2] / sha) != sha]
    pairs = Counter(name[: len("pair-") + 16] for _sha, name in rows if name.startswith("pair-"))
    return lost + [name for name, halves in pairs.items() if halves != 2]


def _digest(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest() if file.exists() else ""


def _told(postbox: Postbox) -> list[str]:
    """Return the issues' numbers that mails spoke of, as often as they did."""
    found = []
    for each in postbox.messages():
        plain = next(part for part in message_from_bytes(each).walk() if part.get_content_type() == "text/plain")
        found += sorted(set(_NUMBER.findall(bytes(plain.get_payload(decode=True)).decode("utf-8"))))  # type: ignore[arg-type]
    return found


def _tell(evidence: Evidence, made: Manifest, file: Path, work: Work, *, seconds: float, held: int) -> None:
    moments = "before the backup / between it and the loss / after the restore"
    rows = {
        "rows in the backup, in tables": f"{made.rows:,} in {len(made.tables)}",
        "files in the backup": f"{made.files:,}",
        "size of the archive, encrypted": f"{file.stat().st_size / 2**20:.1f} MiB",
        "things done by people while it was written": work.done["during"],
        "seconds from an empty machine to a restored one": f"{seconds:.1f}",
        "tables counted and hashed again after the restore": len(made.tables),
        "… of which differ, apart from those a restore must change": 0,
        "references to files checked by SHA-256, lost": "all, 0",
        "two rows of one transaction of which only one is there": 0,
        f"reminders told {moments}": f"{BEFORE} / {BETWEEN} / {AFTER}",
        "… held for an administrator, because perhaps told": held,
        "… told twice": 0,
    }
    for what, result in rows.items():
        evidence.add("table of the drill", _HEAD, what, result)
