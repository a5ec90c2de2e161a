"""Measures pages over a programme of three years: whole page runs, in a server of their own.

A tab signs in over HTTP and asks for pages over the websocket, as a browser does; the time runs from the question
until the server has said that the page's script has ended and all of it has been received. It so holds the session's
check, the menu, every query, the building of the page and its way out, and neither network nor drawing. The empty
page, a page of the product with a title, is asked in the same tab in the same turn; so is the peer. One turn before
the first is not counted. A list of the ledger is what the service hands to its page, all names and the count with it;
how long the page with that list takes is told beside. The overview is asked twice: when what it keeps has
grown old, and right after.
"""

import time
from dataclasses import dataclass, field

from sqlmodel import select

from bench import page_tasks
from bench.change_list import ChangeList, installed
from bench.machine import Machine, machine, wait_until
from bench.pages_report import Fact, PagesReport
from bench.programme import Size, fill
from bench.questions import ROWS, Question, questions
from bench.report import Pair
from bench.served import EMPTY
from bench.tab import Tab, is_up, sign_in
from bench.timing import timed
from core.db import transaction
from core.embedded.process import free_port
from core.i18n import N_
from models.account import Account
from services import demo
from services.actor import SYSTEM, Actor
from services.issues import ledger
from services.progress_overview import looking

OVERVIEW, LEDGER = "overview-overview", "issues-ledger"
WHOLE = (
    ("overview", OVERVIEW, N_("Overview, the whole page, its figures found anew")),
    ("kept", OVERVIEW, N_("Overview, the whole page, asked again within ten seconds")),
    ("ledger", LEDGER, N_("Ledger, the whole page")),
)
"""Pages that are held against an empty one: key, address, what they are called."""
_WHO = "coordinator"  # the role whose ledger offers most
_BOOT_SECONDS = 120
_EMPTY = N_("An empty page of the product")
_BARE = N_("A page with a title, Streamlit alone")
_PEER = N_("Django admin's change list over the same rows")


@dataclass
class _Times:
    """Seconds that something took, turn by turn."""

    every: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The median, in milliseconds."""
        return self._at(0.5)

    @property
    def p95(self) -> float:
        """What 95 of 100 do not exceed, in milliseconds."""
        return self._at(0.95)

    def _at(self, share: float) -> float:
        return sorted(self.every)[round((len(self.every) - 1) * share)] * 1000


def measure(size: Size, turns: int = 20) -> PagesReport:
    """Build the programme on a machine of its own and measure everything.

    Args:
        size: how many rows.
        turns: how often each page is asked.
    """
    with machine() as made:
        facts = build(made, size)
        pairs, seen = ask(made, turns)
        return PagesReport(size, turns, pairs, (*facts, *seen, *page_tasks.measured(made)), peer=installed())


def build(made: Machine, size: Size) -> tuple[Fact, ...]:
    """Fill a machine's empty database and say how long it took."""
    demo.load()
    copied = timed(lambda: fill(made.postgres.admin_url, size))
    return (Fact("build", N_("Rows copied and indexes made"), copied, "s"), *page_tasks.figures())


def ask(made: Machine, turns: int) -> tuple[tuple[Pair, ...], tuple[Fact, ...]]:
    """Serve the product, Streamlit alone and the peer, ask each for its pages in turn, and hold them together."""
    web, bare = _served(made, "bench.served.app:app"), _served(made, "bench.served.bare:app")
    peer = ChangeList(made) if installed() else None
    asked, reader = questions(), _reader()
    times: dict[str, _Times] = {}
    with Tab(bare) as alone, Tab(web, sign_in(web, _WHO, demo.PASSWORD)) as tab:
        for turn in range(turns + 1):
            taken = _turn(tab, alone, peer, asked, reader)
            for key, seconds in taken.items() if turn else ():
                times.setdefault(key, _Times()).every.append(seconds)
    made.end_processes()
    return (*_against_empty(times), *_against_peer(times, asked)), _without_peer(times, asked)


def _turn(
    tab: Tab, alone: Tab, peer: ChangeList | None, asked: tuple[Question, ...], reader: Actor
) -> dict[str, float]:
    """Ask everything once."""
    time.sleep(looking.KEPT.total_seconds())
    taken = {"bare": alone.open("").seconds}
    for key, page, _what in WHOLE:
        taken[f"empty before {key}"] = tab.open(EMPTY).seconds
        taken[key] = tab.open(page).seconds
    for question in asked:
        taken[f"page {question.key}"] = tab.open(LEDGER, question.page).seconds
        taken[question.key] = timed(lambda: ledger.find(reader, question.query, cursor=question.cursor, size=ROWS))  # noqa: B023 - it is called at once
        if peer is not None:
            taken[f"peer {question.key}"] = peer.open(question.peer)
    return taken


def _against_empty(times: dict[str, _Times]) -> list[Pair]:
    return [
        _pair(key, what, _EMPTY, times[key], times[f"empty before {key}"], at_most=1.5, plus=50)
        for key, _page, what in WHOLE
    ]


def _against_peer(times: dict[str, _Times], asked: tuple[Question, ...]) -> list[Pair]:
    return [
        _pair(question.key, question.what, _PEER, times[question.key], times[f"peer {question.key}"], at_most=0.2)
        for question in asked
        if f"peer {question.key}" in times
    ]


def _without_peer(times: dict[str, _Times], asked: tuple[Question, ...]) -> tuple[Fact, ...]:
    """Say what is held against nothing: Streamlit alone, the ledger's whole pages, and lists where there is no peer."""
    lone = [question for question in asked if f"peer {question.key}" not in times]
    return (
        Fact("bare", _BARE, times["bare"].median, "ms"),
        *(Fact(f"page {each.key}", each.whole, times[f"page {each.key}"].median, "ms") for each in asked),
        *(Fact(each.key, each.what, times[each.key].median, "ms") for each in lone),
    )


def _reader() -> Actor:
    """Return who signs in, for the service behind the page."""
    with transaction(actor=SYSTEM) as session:
        row = session.exec(select(Account).where(Account.username == _WHO)).one()
        return Actor(row.pk, row.name, row.role)


def _pair(key: str, what: str, peer: str, here: _Times, there: _Times, *, at_most: float, plus: float = 0) -> Pair:
    return Pair(
        key, what, peer, here.median, there.median, "ms", at_most=at_most, plus=plus, here_p95=here.p95,
        there_p95=there.p95,
    )  # fmt: skip


def _served(made: Machine, app: str) -> str:
    """Serve an application and return its address."""
    port = free_port()
    arguments = ["-m", "uvicorn", app, "--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
    made.run(app.partition(":")[0], *arguments, QIANQI_PORT=str(port))
    url = f"http://127.0.0.1:{port}"
    wait_until(lambda: is_up(url), _BOOT_SECONDS, f"{app} to answer", every=0.2)
    return url
