"""`qianqi up`: everything on one machine, from the empty data folder to an address to open."""

import sys
import time
from collections.abc import Callable, Mapping

import httpx
import psutil

from core import instance, interrupts, migrate
from core.embedded import EmbeddedPostgres, EmbeddedValkey
from core.embedded.process import check_space
from core.i18n import gettext as _
from core.secret import startup_problems
from core.settings import settings
from core.supervisor import Program, Supervisor

_MIN_FREE_MB = 200
_WORKER_SECONDS = 45


def refuse_unsafe_start() -> None:
    """Refuse to serve people with settings that are not safe.

    Raises:
        StartError: what must be set first.
    """
    problems = startup_problems()
    if problems:
        raise instance.StartError(" ".join(problems))


class Stages:
    """How long each stage of a start took, from the beginning of this process."""

    def __init__(self) -> None:
        self._began = psutil.Process().create_time()
        self._last = self._began
        self._stages: dict[str, float] = {}
        self.end(_("program"))

    def end(self, stage: str) -> None:
        """Note that a stage has ended; what it is called is translated already."""
        now = time.time()
        self._stages[stage], self._last = now - self._last, now

    def told(self) -> str:
        """Return all stages as a line."""
        stages = _(", ").join(f"{stage} {seconds:.1f}" for stage, seconds in self._stages.items())
        return _("Started in {seconds:.1f} s: {stages}").format(seconds=self._last - self._began, stages=stages)


class Launch:
    """One run of everything.

    Args:
        say: shows a line to the person.
        prepare: fills a migrated database that is still empty with what pages cannot do without, and returns what
            makes the rest while they are served.
        welcome: shows what to do next, once pages are served.
    """

    def __init__(
        self, say: Callable[[str], None], prepare: Callable[[], Callable[[], None]], welcome: Callable[[], None]
    ) -> None:
        self._say = say
        self._prepare = prepare
        self._welcome = welcome
        self._supervisor = Supervisor()

    def run(self) -> None:
        """Start everything, keep it alive until asked to stop, stop everything.

        Raises:
            ServerError: something is in the way, or a part died too often; nothing is left running.
        """
        given = settings()
        with instance.locked(given.data_dir):
            instance.check_port(given.host, given.port)
            check_space(given.data_dir, _MIN_FREE_MB)
            refuse_unsafe_start()
            try:
                self._start()
                self._supervisor.watch()
            except interrupts.Interrupted:
                pass
            finally:
                self._stop()

    def _start(self) -> None:
        took = Stages()
        self._say(_("Starting the database and the queue …"))
        self._start_servers()
        took.end(_("database and queue"))
        self._say(_("Preparing the tables and data …"))
        with instance.preparing(settings().data_dir) as waiting:
            self._start_program("web", 20, waiting.environment)  # it is long in loading, and does so meanwhile
            migrate.upgrade()
            took.end(_("tables"))
            make_rest = self._prepare()
            waiting.open_pages()
            took.end(_("data"))
            self._say(_("Starting web, workers and scheduler …"))
            self._supervisor.watch(until=_web_answers)
            took.end(_("web"))
            self._welcome()
            self._say(took.told())
            make_rest()
        self._start_program("worker", _WORKER_SECONDS)
        self._start_program("scheduler", 15)

    def _start_servers(self) -> None:
        folder = settings().data_dir
        addresses: dict[str, str] = {}
        if not settings().database_url:
            postgres = EmbeddedPostgres(folder)
            self._supervisor.start(postgres)
            addresses |= {instance.DATABASE: postgres.app_url, instance.OWNER: postgres.owner_url}
        if not settings().redis_url:
            valkey = EmbeddedValkey(folder)
            self._supervisor.start(valkey)
            addresses |= {instance.QUEUE: valkey.url}
        instance.use(addresses)
        instance.announce(folder, addresses)

    def _start_program(self, name: str, seconds: float, more: Mapping[str, str] | None = None) -> None:
        command = [sys.executable, "-m", "cli", name]
        environment = {**instance.child_environment(), **(more or {})}
        self._supervisor.start(Program(name, command, environment, seconds=seconds))

    def _stop(self) -> None:
        with interrupts.held():
            try:
                self._say(_("Stopping …"))
            finally:  # the terminal may be gone
                self._supervisor.stop()
                instance.retract(settings().data_dir)
            self._say(_("Stopped; the data are kept in {folder}.").format(folder=settings().data_dir))


def _web_answers() -> bool:
    given = settings()
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(given.host, given.host)  # noqa: S104 - compared, not listened on
    address = f"[{host}]" if ":" in host else host
    try:
        httpx.get(f"http://{address}:{given.port}/healthz", timeout=2, trust_env=False)
    except httpx.TransportError:
        return False
    return True
