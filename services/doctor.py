"""`qianqi doctor`: what is well, what is not, and what to do about it."""

import json
import os
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import httpx
import psutil
import redis
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core import clock, env_file, instance, migrate, queue, release, storage
from core.db import transaction
from core.embedded import ServerError
from core.errors import UserError
from core.i18n import gettext as _
from core.secret import startup_problems
from core.settings import settings
from services import delivery, fonts, outbox
from services.backups import planning as backups
from services.channels import health as channels
from services.issues.gaps import gaps

_LOCK_FILE = Path(__file__).parent.parent / "requirements.lock"
_LOCKED = re.compile(r"^([A-Za-z0-9_.-]+)==([^ ;\\]+)(\s*;)?", re.MULTILINE)
_MIN_FREE_MB = 1024
_MIN_POSTGRES = 15
_CLOCK_SECONDS = 5
_LATE_SECONDS = 300
_MANY = 5


class State(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True)
class Finding:
    """One check, what was found, and what to do if that is not well."""

    check: str
    state: State
    detail: str
    advice: str = ""

    @property
    def failed(self) -> bool:
        """Whether this must be mended."""
        return self.state is State.FAILED


Check = Callable[[], Finding]


def examine(*, running: bool = True) -> list[Finding]:
    """Check everything.

    Args:
        running: false if the product is not running, so that nobody expects to hear its processes.
    """
    checks = [*_machine_checks(), *_database_checks(), *_queue_checks()]
    checks += [_workers, _scheduler, _backlog, *_reminder_checks(), _port] if running else [_free_port]
    return _findings(checks)


def examine_without_servers(problem: ServerError) -> list[Finding]:
    """Check everything but the servers that should have been started here.

    Args:
        problem: why they could not be.
    """
    checks = _machine_checks()
    checks += _database_checks() if settings().database_url else []
    checks += _queue_checks() if settings().redis_url else []
    return [*_findings([*checks, _free_port]), Finding(_("Servers on this machine"), State.FAILED, str(problem))]


def _findings(checks: list[Check]) -> list[Finding]:
    """Run every check; what several of them tell alike, as of a server that is lost, is one finding."""
    return list(dict.fromkeys(_guarded(check) for check in checks))


def _machine_checks() -> list[Check]:
    return [_release, _python, _packages, _names, _secret, _folder, _disk, _files, _font]


def as_text(findings: list[Finding]) -> str:
    """Return the findings for a person."""
    marks = {State.OK: "✓", State.WARNING: "!", State.FAILED: "✗"}
    return "\n".join(_lines(findings, marks))


def as_json(findings: list[Finding]) -> str:
    """Return the findings for a program."""
    return json.dumps([asdict(each) for each in findings], ensure_ascii=False, indent=2)


def _lines(findings: list[Finding], marks: dict[State, str]) -> Iterator[str]:
    for each in findings:
        yield f"{marks[each.state]} {each.check}: {each.detail}"
        if each.advice:
            yield f"    → {each.advice}"


def _guarded(check: Check) -> Finding:
    """Run a check; a server that does not answer, or a folder that cannot be used, is a finding too."""
    try:
        return check()
    except migrate.NewerError as problem:
        return Finding(_("Tables"), State.FAILED, str(problem), _("Never run an older release on newer data."))
    except (SQLAlchemyError, ValueError) as problem:
        return Finding(_("Database"), State.FAILED, _reason(problem), _("Check DATABASE_URL and that PostgreSQL runs."))
    except redis.RedisError as problem:
        return Finding(_("Queue"), State.FAILED, _reason(problem), _("Check REDIS_URL and that Redis or Valkey runs."))
    except OSError as problem:
        return _unusable_folder(problem)


def _judge(check: str, well: bool, detail: str, advice: str, *, otherwise: State = State.FAILED) -> Finding:
    return Finding(check, State.OK if well else otherwise, detail, "" if well else advice)


def _release() -> Finding:
    return Finding("Qianqi", State.OK, release.told())


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    return _judge("Python", sys.version_info >= (3, 11), found, _("Install Python 3.11 or newer."))


def _packages() -> Finding:
    if not _LOCK_FILE.exists():
        return Finding(_("Packages"), State.WARNING, _("no requirements.lock here to compare with"))
    locked: dict[str, list[str]] = defaultdict(list)
    for name, wanted, marker in _LOCKED.findall(_LOCK_FILE.read_text("utf-8")):
        locked[name] += [wanted, ""] if marker else [wanted]  # one for other machines only may be absent
    wrong = [f"{name} {found or '-'}" for name, wanted in locked.items() if (found := _installed(name)) not in wanted]
    detail = ", ".join(wrong[:5]) if wrong else _("as locked")
    return _judge(_("Packages"), not wrong, detail, _("Run `make run` again: it installs the locked versions."))


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _names() -> Finding:
    """A misspelt setting has no effect, and nothing else would say so; those of a file are refused."""
    found = env_file.unknown(os.environ)
    advice = _("Correct these names of environment variables, or remove them.")
    detail = ", ".join(found) or _("all known")
    return _judge(_("Names of settings"), not found, detail, advice, otherwise=State.WARNING)


def _secret() -> Finding:
    problems = startup_problems()
    return _judge(_("Secrets"), not problems, " ".join(problems) or _("as the mode needs"), _("Set what is missing."))


def _folder() -> Finding:
    folder = settings().data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"x")
    except OSError as problem:
        return _unusable_folder(problem)
    return Finding(_("Data folder"), State.OK, str(folder))


def _unusable_folder(problem: OSError) -> Finding:
    detail = f"{settings().data_dir}: {problem.strerror}"
    return Finding(_("Data folder"), State.FAILED, detail, _("Make it writable, or choose another: QIANQI_DATA_DIR."))


def _disk() -> Finding:
    free = psutil.disk_usage(str(settings().data_dir)).free // 2**20
    return _judge(_("Disk"), free >= _MIN_FREE_MB, _("{free} MiB free").format(free=free), _("Free some space."))


def _files() -> Finding:
    """Files lie in the data folder or in a store that speaks S3: whether one can be written, read and removed."""
    try:
        place = storage.store().place
        storage.probe()
    except (storage.StorageError, OSError, ValueError) as problem:
        advice = _("Check QIANQI_FILES_URL and the settings beside it, that the bucket is there, and the key's rights.")
        return Finding(_("Uploaded files"), State.FAILED, getattr(problem, "reason", str(problem)), advice)
    except UserError as problem:
        return Finding(_("Uploaded files"), State.FAILED, str(problem), _("Free some space."))
    return Finding(_("Uploaded files"), State.OK, place)


def _font() -> Finding:
    """Without a Chinese font, pictures of charts and PDF documents would show boxes, so they are refused."""
    found = fonts.chinese()
    detail = found or _("none: pictures of charts and PDF documents cannot be made")
    advice = _("Install {package}, then start the product again.").format(package=fonts.PACKAGE)
    return _judge(_("Chinese font"), bool(found), detail, advice, otherwise=State.WARNING)


def _database_checks() -> list[Check]:
    return [_server, _encoding, _migrations, _demonstration, _clock, _numbers, _channels, _backups]


def _server() -> Finding:
    found = _scalar("SHOW server_version")
    old = int(found.split(".")[0]) < _MIN_POSTGRES
    return _judge("PostgreSQL", not old, found, _("Use PostgreSQL {version} or newer.").format(version=_MIN_POSTGRES))


def _encoding() -> Finding:
    found = _scalar("SHOW server_encoding")
    return _judge(_("Encoding"), found == "UTF8", found, _("Create the database anew with the encoding UTF8."))


def _migrations() -> Finding:
    missing = migrate.pending()
    detail = _("up to date") if not missing else ", ".join(missing)
    return _judge(_("Tables"), not missing, detail, _("Run `qianqi migrate`."))


def _demonstration() -> Finding:
    """In production mode nobody may work on the demonstration's data, or sign in with its passwords."""
    from services import demo

    check = _("Demonstration data")
    if migrate.pending():
        return Finding(check, State.WARNING, _("not counted: tables are missing"))
    here = demo.is_here()
    detail = _("in this database") if here else _("none in this database")
    advice = _("Its passwords are known to all: set QIANQI_DATA_DIR or DATABASE_URL to an empty database.")
    return _judge(check, not here or settings().mode == "demo", detail, advice)


def _clock() -> Finding:
    before = datetime.now(UTC)
    with transaction() as session:
        theirs: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    ours = before + (datetime.now(UTC) - before) / 2
    apart = abs((theirs - ours).total_seconds())
    detail = _("{seconds} s apart from the database server").format(seconds=round(apart, 1))
    return _judge(_("Clock"), apart < _CLOCK_SECONDS, detail, _("Synchronise the clocks of both machines (NTP)."))


def _numbers() -> Finding:
    """Every number of the ledger is accounted for, or somebody must be asked where it went."""
    if migrate.pending():
        return Finding(_("Numbers of the ledger"), State.WARNING, _("not counted: tables are missing"))
    with transaction() as session:
        found = gaps(session)
    detail = "; ".join(f"{each.number}: {each.explanation}" for each in found[:5]) or _("without a gap")
    advice = _("Ask who worked on the tables by hand, or restore the backup in which the numbers still are.")
    return _judge(_("Numbers of the ledger"), not found, detail, advice)


def _channels() -> Finding:
    """Every address can be read with the present secret, and takes what is sent there."""
    if migrate.pending():
        return Finding(_("Channels"), State.WARNING, _("not counted: tables are missing"))
    with transaction() as session:
        unreadable, troubled = channels.unreadable(session), channels.in_trouble(session)
    if unreadable:
        advice = _("QIANQI_SECRET_KEY has changed: set the former one again, or enter these addresses again.")
        return Finding(_("Channels"), State.FAILED, _(", ").join(unreadable[:_MANY]), advice)
    advice = _("Open the page of channels, put right what is said there, and press “Test”.")
    detail = "; ".join(troubled[:_MANY]) or _("none in trouble")
    return _judge(_("Channels"), not troubled, detail, advice, otherwise=State.WARNING)


def _backups() -> Finding:
    """A backup that is made by itself, is not too old, and can only be read with a key."""
    if migrate.pending():
        return Finding(_("Backups"), State.WARNING, _("not counted: tables are missing"))
    found = backups.standing()
    if found is None:
        advice = _("Set QIANQI_BACKUP_DIR, best to another disk or a store, and QIANQI_BACKUP_KEY.")
        return _judge(_("Backups"), settings().mode == "demo", _("not set"), advice, otherwise=State.WARNING)
    last = f"{found.last.astimezone(clock.zone()):%Y-%m-%d %H:%M}" if found.last else _("no backup yet")
    advice = _("Run `qianqi backup` and mend what it says.")
    if not found.well:
        return Finding(_("Backups"), State.FAILED, _(", ").join(filter(None, [last, found.problem])), advice)
    encrypted = bool(settings().backup_key.get_secret_value())
    unsealed = _("Set QIANQI_BACKUP_KEY, so that whoever finds a backup cannot read it.")
    return _judge(_("Backups"), encrypted, last, unsealed, otherwise=State.WARNING)


def _queue_checks() -> list[Check]:
    return [_queue, _persistence, _eviction]


def _queue() -> Finding:
    information = queue.client().info("server")
    name = (
        f"{information.get('server_name', 'redis')} {information.get('valkey_version', information['redis_version'])}"
    )
    return Finding(_("Queue"), State.OK, name)


def _persistence() -> Finding:
    """Losing the queue loses nothing, for the rows are the truth; but it delays work by up to a claim's time."""
    on = bool(queue.client().info("persistence").get("aof_enabled"))
    advice = _("Set `appendonly yes`, so that a restart of the queue does not delay work.")
    return _judge(_("Queue on disk"), on, _("on") if on else _("off"), advice, otherwise=State.WARNING)


def _eviction() -> Finding:
    policy = str(queue.client().info("memory").get("maxmemory_policy"))
    advice = _("Set `maxmemory-policy noeviction`, so that no message is dropped to save memory.")
    return _judge(_("Queue under memory pressure"), policy == "noeviction", policy, advice)


def _workers() -> Finding:
    heard = [f"{each.host}:{each.pid}" for each in queue.alive() if each.kind == "worker"]
    return _judge(_("Workers"), bool(heard), ", ".join(heard) or _("none heard"), _("Start `qianqi worker`."))


def _scheduler() -> Finding:
    heard = [each for each in queue.alive() if each.kind == "scheduler"]
    leads = any(each.state == "leader" for each in heard)
    detail = ", ".join(f"{each.host}:{each.pid} {each.state}" for each in heard) or _("none heard")
    return _judge(_("Scheduler"), leads, detail, _("Start `qianqi scheduler`."))


def _backlog() -> Finding:
    found = outbox.backlog()
    detail = _("{due} due, {planned} planned, {parked} given up").format(
        due=found.due, planned=found.planned, parked=found.parked
    )
    if found.oldest_due_seconds > _LATE_SECONDS:
        return Finding(
            _("Owed work"), State.FAILED, detail, _("Work waits too long: look at the workers' log, add workers.")
        )
    advice = _("Retry or drop them on the page “Delivery log”.")
    return _judge(_("Owed work"), not found.parked, detail, advice, otherwise=State.WARNING)


def _reminder_checks() -> list[Check]:
    return [_reminders, _deliveries]


def _reminders() -> Finding:
    """Reminders that are due must be told within minutes; what failed waits for somebody."""
    found = delivery.backlog()
    detail = _("{due} due, {planned} planned, {failed} failed").format(
        due=found.due, planned=found.planned, failed=found.failed
    )
    late = _("Reminders wait too long: see that workers and a scheduler run, look at their log, add workers.")
    return _of_backlog(_("Reminders"), detail, found.oldest_due_seconds, found.failed, late)


def _deliveries() -> Finding:
    """The same for what leaves by a channel: a mail server or robot that does not answer shows here."""
    found = delivery.backlog()
    detail = _("{due} due, {failed} failed").format(due=found.deliveries_due, failed=found.deliveries_failed)
    late = _("Messages wait too long: see on the page “Delivery log” what the mail server or robot answers.")
    return _of_backlog(_("Messages by a channel"), detail, found.oldest_delivery_seconds, found.deliveries_failed, late)


def _of_backlog(check: str, detail: str, oldest: float, failed: int, late: str) -> Finding:
    if oldest > _LATE_SECONDS:
        waited = _("the oldest for {minutes} minutes").format(minutes=int(oldest // 60))
        return Finding(check, State.FAILED, f"{detail}; {waited}", late)
    advice = _("Retry or drop them on the page “Delivery log”.")
    return _judge(check, not failed, detail, advice, otherwise=State.WARNING)


def _port() -> Finding:
    address = settings().base_url
    try:
        well = httpx.get(f"{address}/healthz", timeout=5, trust_env=False).is_success
    except httpx.HTTPError:
        well = False
    detail = f"{address} " + (_("answers") if well else _("does not answer"))
    return _judge(_("Web"), well, detail, _("Start `qianqi web`, and check the proxy before it."))


def _free_port() -> Finding:
    try:
        instance.check_port(settings().host, settings().port)
    except UserError as problem:
        return Finding(_("Web"), State.FAILED, str(problem), _("Choose another port with QIANQI_PORT."))
    return Finding(_("Web"), State.OK, _("port {port} is free").format(port=settings().port))


def _scalar(statement: str) -> str:
    with transaction() as session:
        return str(session.execute(text(statement)).scalar_one())


def _reason(problem: Exception) -> str:
    return str(getattr(problem, "orig", None) or problem).strip().split("\n")[0]
