"""The `qianqi` command."""

import json
import os
import re
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import psycopg
import redis
import typer
from pydantic import SecretStr, ValidationError
from sqlalchemy.exc import SQLAlchemyError

from core import clock, db, env_file, instance, interrupts, lifeline, logs, release, sealing
from core import migrate as migrations
from core.embedded import ServerError
from core.errors import UserError
from core.i18n import N_
from core.i18n import gettext as _
from core.launch import Launch, refuse_unsafe_start
from core.settings import Settings
from core.settings import settings as current_settings
from core.supervisor import ROOT

if TYPE_CHECKING:
    from services.backups.restoring import Standing

_log = logs.get("qianqi")
app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
user = typer.Typer(no_args_is_help=True, help="Look after accounts.")
app.add_typer(user, name="user")
bench = typer.Typer(no_args_is_help=True, help="Measure on this machine, with servers of its own.")
app.add_typer(bench, name="bench")
backup = typer.Typer(invoke_without_command=True, help="Back up database and files, and look after the backups.")
app.add_typer(backup, name="backup")


_Archive = Annotated[str, typer.Argument(help="An archive, or s3://bucket/prefix/name.")]


def _show_version(wanted: bool) -> None:
    if wanted:
        _say(f"Qianqi {release.told()}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[  # noqa: ARG001 - answered before any command
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the release and its tables.")
    ] = False,
) -> None:
    """千企 Qianqi: run it, prepare it and look after it."""
    logs.hush()


@app.command()
def up() -> None:
    """Start everything on this machine: database, queue, web, workers, scheduler. Ctrl-C stops it."""
    logs.configure()
    Launch(_say, _prepare, _welcome).run()


@app.command()
def migrate() -> None:
    """Bring the tables of the database to this version."""
    with instance.servers(with_tables=False):
        migrations.upgrade()
    _say(_("The database is up to date."))


@app.command()
def demo() -> None:
    """Load the demonstration data into an empty database."""
    if current_settings().mode == "production":
        raise instance.StartError(N_("The demonstration's passwords are known to all: not in production mode."))
    with instance.servers(with_tables=False):
        migrations.upgrade()
        _begin_demonstration()()
    _show_demo_accounts()


@app.command()
def web() -> None:
    """Serve the pages; database and queue are those of DATABASE_URL and REDIS_URL."""
    _begin_serving("web")
    refuse_unsafe_start()
    given = current_settings()
    os.chdir(ROOT)  # Streamlit reads .streamlit/config.toml here
    os.environ.setdefault("STREAMLIT_SERVER_MAX_UPLOAD_SIZE", str(given.largest_upload_mb))
    import uvicorn

    import app as served  # noqa: F401 - loaded while tables and data are still being made

    instance.wait_until_prepared()
    uvicorn.run(
        "app:app", host=given.host, port=given.port, log_config=None, access_log=False, server_header=False,
        proxy_headers=False, timeout_graceful_shutdown=10, app_dir=str(ROOT),
    )  # fmt: skip


@app.command()
def worker() -> None:
    """Run worker processes; database and queue are those of DATABASE_URL and REDIS_URL."""
    _begin_serving("worker")
    given = current_settings()
    os.chdir(ROOT)
    for name, milliseconds in (("worker_timeout", "200"), ("restart_delay", "1000")):  # Dramatiq's own are slower
        os.environ.setdefault(f"dramatiq_{name}", milliseconds)
    counts = ["--processes", str(given.worker_processes), "--threads", str(given.worker_threads)]
    options = ["--path", str(ROOT), "--skip-logging", "--worker-shutdown-timeout", "30000"]
    arguments = [sys.executable, "-m", "workers", *options, *counts, "--", "workers"]
    # A process that took more than it works on at once would keep it from the others, which stand idle meanwhile.
    os.environ.setdefault("dramatiq_queue_prefetch", str(max(given.worker_threads // 2, 1)))
    os.execv(sys.executable, arguments)  # noqa: S606 - our own command


@app.command()
def scheduler() -> None:
    """Run a scheduler; any number may run, one of them leads."""
    _begin_serving("scheduler")
    from workers.scheduler import Scheduler

    running = Scheduler()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda _number, _frame: running.stop())
    running.run()


@app.command()
def settings() -> None:
    """Show the settings in effect; secrets are hidden."""
    given = current_settings()
    _say(f"Qianqi {release.told()}")
    for name, field in Settings.model_fields.items():
        _say(f"QIANQI_{name.upper():24} {_shown(getattr(given, name)):32} {field.description}")


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Check this machine, its servers and settings, and say what to do about each failure."""
    from services import doctor as examination

    instance.refuse_root(current_settings().data_dir)  # a look, too, would leave files there
    with ExitStack() as servers:
        try:
            running = servers.enter_context(instance.servers(with_queue=True, with_tables=False))
        except ServerError as problem:
            findings = examination.examine_without_servers(problem)
        else:
            findings = examination.examine(running=running)
    _say(examination.as_json(findings) if as_json else examination.as_text(findings))
    if any(each.failed for each in findings):
        raise typer.Exit(1)


@app.command()
def figures() -> None:
    """Prove that the tables of figures equal the full count of the rows; count everything anew if one does not."""
    from services.tallies import checking

    with instance.servers():
        found = checking.check()
    _say(_("{cells} figures, {wrong} wrong and counted anew").format(cells=found.cells, wrong=found.wrong))
    if found.wrong:
        raise typer.Exit(1)


@app.command()
def deadline(
    start: Annotated[str, typer.Option(help="When it was received, such as 2026-09-24T16:00.")] = "",
    days: Annotated[str | None, typer.Option(help="The time limit in working days.")] = None,
    minutes: Annotated[str | None, typer.Option(help="The time limit in working minutes.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Tell when a time limit runs out, with every day that counts or is skipped."""
    from services.working_time import asking, explaining

    received, limit = asking.moment(start), asking.limit(days, minutes)
    calendar, remark = asking.calendar_at_hand()
    if remark:
        print(remark, file=sys.stderr)
    found = calendar.deadline(received, limit)
    _say(explaining.as_json(found) if as_json else explaining.as_text(found))


@backup.callback()
def backup_make(
    context: typer.Context,
    to: Annotated[str, typer.Option(help="A folder, or s3://bucket/prefix; otherwise QIANQI_BACKUP_DIR.")] = "",
    tidy: Annotated[bool, typer.Option("--tidy", help="Then remove older ones as the settings say.")] = False,
) -> None:
    """Back up the database and every file in one archive, read it again, and then give it its name."""
    if context.invoked_subcommand is not None:
        return
    from services.backups import keeping, making, wording

    with instance.servers():
        made = making.make(to)
    _say(wording.of_made(made))
    for each in keeping.tidy_after(made) if tidy else []:
        _say(_("Removed: {name}").format(name=each.name))
    if made.manifest.missing:
        raise typer.Exit(1)


@backup.command("list")
def backup_list(
    place: Annotated[str, typer.Option("--in", help="Where; otherwise QIANQI_BACKUP_DIR.")] = "",
) -> None:
    """List the backups there are, the latest first, and which are encrypted."""
    from services.backups import places, wording

    where = places.Place(place)
    kept = where.kept()
    for each in kept:
        _say(wording.of_kept(each, sealed=where.is_sealed(each.name)))
    if not kept:
        _say(_("There is no backup in {place}.").format(place=where.address))


@backup.command("check")
def backup_check(
    file: _Archive,
    deep: Annotated[bool, typer.Option("--deep", help="Also restore it into a server that is thrown away.")] = False,
) -> None:
    """Read a backup to its end and prove every row and file in it."""
    from services.backups import checking, places, rehearsing, wording

    with places.at_hand(file) as path:
        with places.told(path):
            found = checking.check(path)
        _say(wording.of_manifest(found))
        _say(wording.of_sealing(sealing.is_sealed(path)))
        if deep:
            rehearsing.rehearse(path)
    if deep:
        _say(_("Restored into a server that was thrown away: every row and file is as it was."))


@app.command()
def restore(
    file: _Archive,
    replace: Annotated[bool, typer.Option("--replace", help="Give up what the database holds now.")] = False,
    confirm: Annotated[str, typer.Option(help="The name of the database to be replaced, instead of typing it.")] = "",
    lost_at: Annotated[
        datetime | None, typer.Option(help="When the old installation stopped, such as 2026-11-24T15:30.")
    ] = None,
) -> None:
    """Bring a backup back into an empty database: all of it, or nothing."""
    from services.backups import places, restoring, wording

    with instance.servers(alone=True, with_tables=False):
        if replace:
            _confirm(restoring.standing(restoring.target().owner_url), confirm)
        with places.at_hand(file) as path:
            done = restoring.restore(path, replace=replace, lost_at=clock.in_zone(lost_at) if lost_at else None)
        _say(wording.of_restored(done))
        figures()


@user.command("create")
def user_create(
    username: str,
    name: str,
    role: Annotated[
        str, typer.Option(help="coordinator, team_lead, grid_worker, department_officer, manager or administrator.")
    ],
    department: Annotated[str, typer.Option(help="Name of the department; a department officer needs one.")] = "",
) -> None:
    """Make an account and show its first password, which must be changed at the first sign-in."""
    from services import accounts
    from services.actor import SYSTEM

    _check_role(role)
    with instance.servers():
        values = {"username": username, "name": name, "role": role, "department_id": _department(department)}
        made = accounts.create(SYSTEM, values)
    _show_password(made.username, made.password)


@user.command("password")
def user_password(username: str) -> None:
    """Give an account a new first password, shown once, and end its sessions."""
    from services import accounts
    from services.actor import SYSTEM

    with instance.servers():
        made = accounts.reset_password(SYSTEM, accounts.by_username(SYSTEM, username).pk)
    _show_password(made.username, made.password)


@user.command("list")
def user_list() -> None:
    """List every account."""
    from services import accounts
    from services.actor import SYSTEM

    with instance.servers():
        for each in accounts.everyone(SYSTEM):
            state = _("active") if each.active else _("not active")
            _say(f"{each.username:20} {_(each.role.label)}  {each.name}  {state}")


@user.command("end-sessions")
def user_end_sessions(username: str) -> None:
    """Sign an account out everywhere."""
    from services import accounts
    from services.actor import SYSTEM

    with instance.servers():
        count = accounts.end_all_sessions(SYSTEM, accounts.by_username(SYSTEM, username).pk)
    _say(_("{count} sessions ended.").format(count=count))


@bench.command("reminders")
def bench_reminders(
    count: Annotated[int, typer.Option(min=1, help="How many reminders are told, and mailed, in each turn.")] = 10_000,
    planned: Annotated[int, typer.Option(min=1, help="How many reminders lie ahead for the due scan.")] = 1_000_000,
    turns: Annotated[int, typer.Option(min=1, help="How often each is measured; medians are shown.")] = 3,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Measure how fast reminders are told, mailed and found, against what this machine can do at most."""
    from bench import reminders, report

    found = reminders.measure(count, planned, turns)
    _say(report.as_json(found) if as_json else report.as_text(found))


@bench.command("pages")
def bench_pages(
    issues: Annotated[int, typer.Option(min=1, help="How many issues there are.")] = 1_000_000,
    visits: Annotated[int, typer.Option(min=1, help="How many visits there are.")] = 2_000_000,
    enterprises: Annotated[int, typer.Option(min=1, help="How many enterprises there are.")] = 100_000,
    turns: Annotated[int, typer.Option(min=1, help="How often each page is asked; medians are shown.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Measure the overview and the ledger over three years of a programme, against an empty page and Django's admin."""
    from bench import pages, pages_report, programme, report

    found = pages.measure(programme.Size(issues, visits, enterprises), turns)
    _say(report.as_json(found) if as_json else pages_report.as_text(found))


@bench.command("load")
def bench_load(
    sessions: Annotated[int, typer.Option(min=1, help="How many people are at work at once.")] = 100,
    seconds: Annotated[int, typer.Option(min=1, help="How long they work.")] = 300,
    every: Annotated[float, typer.Option(min=0.1, help="Seconds from one page to the next, for each of them.")] = 5,
    soak: Annotated[bool, typer.Option(help="Work for half an hour, to see whether memory grows.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Let many people of all roles work at once; measure what they wait for and what each session costs."""
    from bench.load import as_text, measure
    from bench.load.report import for_programs

    found = measure(sessions, 1800 if soak else seconds, every)
    _say(json.dumps(for_programs(found), ensure_ascii=False, indent=2) if as_json else as_text(found))


@bench.command("start")
def bench_start(
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Start everything on empty folders and again, and measure how long it takes until a page can be used."""
    from dataclasses import asdict

    from bench import start

    found = start.measure()
    _say(
        json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=2) if as_json else start.as_text(found)
    )


def main() -> None:
    """Run the command line: people read sentences, never a traceback, and what a command started ends with it."""
    try:
        with interrupts.heard():
            app()
    except interrupts.Interrupted as asked:
        interrupts.end(asked)
    except UserError as problem:
        _fail(str(problem))
    except ValidationError as problem:
        with env_file.without_settings():
            _fail("\n".join(f"{_variable(str(each['loc'][0]))}: {_(each['msg'])}" for each in problem.errors()))
    except (SQLAlchemyError, psycopg.Error) as problem:
        _fail(_("The database cannot be used: {reason}").format(reason=_reason(problem)))
    except redis.RedisError as problem:
        _fail(_("The queue cannot be used: {reason}").format(reason=_reason(problem)))
    except Exception as problem:  # noqa: BLE001 - the last place where it can be turned into a sentence
        if current_settings().log_level == "DEBUG":
            traceback.print_exc()
        _fail(_("Unexpected error: {reason} (QIANQI_LOG_LEVEL=DEBUG shows where)").format(reason=_reason(problem)))


def _check_role(given: str) -> None:
    """Refuse what is no role, with the words that are, and what each is called on the pages."""
    from models.account import Role

    if given in {word for each in Role for word in (each.value, each.label, _(each.label))}:
        return
    named = _("{value} ({name})")
    roles = _(", ").join(named.format(value=each.value, name=_(each.label)) for each in Role)
    raise UserError(N_("“{given}” is no role; the roles are {roles}."), given=given, roles=roles)


def _department(given: str) -> int | None:
    """Return the department of a name, none for none; refuse what is no department, with those there are."""
    from services import accounts
    from services.actor import SYSTEM

    if not given:
        return None
    known = accounts.departments(SYSTEM)
    found = next((row_id for row_id, name in known.items() if name == given.strip()), None)
    if found is None:
        names = _(", ").join(known.values()) or "–"
        raise UserError(N_("There is no department “{given}”; the departments are {names}."), given=given, names=names)
    return found


def _confirm(found: "Standing", given: str) -> None:
    """Let a person type what is given up."""
    if found.is_empty:
        return
    question = _("The database {name} with {accounts} accounts will be replaced. Type its name to go on")
    typed = given or typer.prompt(question.format(name=found.name, accounts=found.accounts))
    if typed != found.name:
        raise UserError(N_("That is not the name of the database: nothing was changed."))


def _say(line: str) -> None:
    if not logs.are_objects():
        print(line, flush=True)
    elif line:
        _log.info(line)


def _fail(sentence: str) -> None:
    if logs.are_objects():
        _log.error(sentence)
    else:
        print(sentence, file=sys.stderr)
    sys.exit(1)


def _begin_serving(command: str) -> None:
    """Begin one process of several: it needs servers that run elsewhere, and says at once what is not there."""
    logs.configure()
    lifeline.end_with_supervisor()
    given = current_settings()
    instance.refuse_root(given.data_dir)
    if not (given.database_url and given.redis_url):
        raise instance.StartError(
            N_(
                "`qianqi {command}` alone needs DATABASE_URL and REDIS_URL; "
                "to run everything on this machine, use `qianqi up`."
            ),
            command=command,
        )
    if lifeline.is_part():  # its supervisor has looked
        return
    if db.look():
        migrations.look()
    db.reset()


def _prepare() -> Callable[[], None]:
    if current_settings().mode == "demo":
        return _begin_demonstration()
    _refuse_demonstration()
    return lambda: None


def _refuse_demonstration() -> None:
    """Refuse to serve people from a database whose accounts everybody can sign in to."""
    from services import demo as demonstration

    if demonstration.is_here():
        raise instance.StartError(
            N_(
                "The database holds the demonstration, whose passwords are known to all: "
                "production mode needs another. "
                "Set QIANQI_DATA_DIR (or DATABASE_URL) to an empty one, or move {folder} away."
            ),
            folder=current_settings().data_dir,
        )


def _begin_demonstration() -> Callable[[], None]:
    from services import demo as demonstration

    return demonstration.begin(lambda: _say(_("The demonstration was not made to its end: it is made anew.")))


def _welcome() -> None:
    _say("")
    _say(_("Qianqi is running: {address}").format(address=current_settings().base_url))
    if current_settings().mode == "demo":
        _show_demo_accounts()
    _say(_("Ctrl-C stops everything."))


def _show_demo_accounts() -> None:
    from services import demo as demonstration

    _say(_("Demonstration accounts (user name / password):"))
    for each in demonstration.accounts():
        _say(f"  {each.role}  {each.username} / {each.password}")


def _show_password(username: str, password: str) -> None:
    _say(
        _("First password of {username}, to be changed at the first sign-in: {password}").format(
            username=username, password=password
        )
    )


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return "***" if value.get_secret_value() else ""
    text = "" if value is None else str(value)
    text = re.sub(r"(://[^/@:]*):[^@]*@", r"\1:***@", text)
    return re.sub(r"(?i)([?&]\w*password=)[^&#]*", r"\1***", text)


def _reason(problem: Exception) -> str:
    """Return the first line: the rest repeats the statement or points to a web page."""
    return str(getattr(problem, "orig", None) or problem).strip().split("\n")[0]


def _variable(location: str) -> str:
    return location.upper() if location.upper().startswith("QIANQI_") else f"QIANQI_{location.upper()}"


if __name__ == "__main__":
    main()
