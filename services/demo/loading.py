"""Loads the demonstration in two parts, so that pages can be opened after the first.

The first part takes a quarter of the time: areas, people, enterprises, campaigns and visits. The second tells what
became of them: issues, reminders, classes, notices and bulletins. Each is one transaction. Until the second commits
everything can be looked at and whoever writes waits, so that nobody's work can be part of a half-told story: a
demonstration whose loading was cut short holds nothing of anybody's and is begun anew.
"""

import gc
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection
from sqlalchemy import text as sql
from sqlmodel import Session, col, select

from core import migrate
from core.db import engine, transaction
from models.account import Account, Role
from models.audit import AuditEntry
from models.base import metadata
from models.commitment import Commitment
from models.visit import Promise, Visit
from services import audit_trail
from services.accounts import passwords, set_password
from services.actor import SYSTEM
from services.demo import (
    areas,
    bulletins,
    campaigns,
    classes,
    commitments,
    enterprises,
    notices,
    people,
    promises,
    visits,
)
from services.demo.cast import Cast
from services.demo.configuration import configure
from services.demo.enterprises import Enterprises
from services.demo.issues import Ledger
from services.demo.post import Post
from services.demo.store import Store
from services.tallies import keeping

PASSWORD = passwords.OF_DEMONSTRATION
_SEED = 660
_BEGUN, _LOADED = "demo_begun", "demo_loaded"
_LOCK = 7_166_180  # any number that nothing else locks
_WRITTEN_BY_LOOKING = {
    "account", "audit_entry", "issue_event", "issue_tally", "outbox_message", "sign_in_attempt", "sign_in_session",
    "tally_due", "target_tally", "visit_tally",
}  # fmt: skip
"""Tables that signing in and reading figures write to, and those nobody can change rows of anyhow."""


@dataclass(frozen=True)
class _Scene:
    """What the first part leaves to the second."""

    ledger: Ledger
    cast: Cast
    known: Enterprises
    visits: Sequence[Visit]
    promises: Sequence[Promise]
    commitments: Sequence[Commitment]


def load() -> None:
    """Load the demonstration data into an empty database; a database that has accounts is left alone."""
    begin()()


def _nothing() -> None:
    """Do nothing."""


def begin(anew: Callable[[], None] = _nothing) -> Callable[[], None]:
    """Load the first part and return what loads the second; of a database that has accounts nothing is changed.

    Several may begin at once, on several machines: one loads, the others wait for it and find that it is done.

    Args:
        anew: called before a demonstration whose loading was cut short is dropped and begun anew.
    """
    alone = _alone()
    try:
        if is_unfinished():
            anew()
            migrate.start_over()
        scene = _set_once()
    except BaseException:
        alone.close()
        raise
    if scene is None:
        alone.close()
        return _nothing
    return partial(_tell, scene, alone)


def is_unfinished() -> bool:
    """Return whether the loading of a demonstration was cut short in this database."""
    return _noted() == {f"demo.{_BEGUN}"}


def is_here() -> bool:
    """Return whether a demonstration was loaded into this database, whole or in part."""
    return bool(_noted())


def _noted() -> set[str]:
    """Return what the audit log, which nobody can change, has of a demonstration."""
    noted = select(AuditEntry.action).where(col(AuditEntry.action).in_([f"demo.{_BEGUN}", f"demo.{_LOADED}"]))
    with transaction(actor=SYSTEM) as session:
        return set(session.exec(noted))


def _alone() -> Connection:
    """Return a connection of its own; until it is closed, or its process ends, nobody else loads into the database."""
    connection = engine().connect().execution_options(isolation_level="AUTOCOMMIT")
    connection.execute(sql("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
    connection.detach()
    return connection


def _set_once() -> _Scene | None:
    """Load the first part unless there are accounts."""
    with transaction(actor=SYSTEM) as session, _uncollected():
        if session.exec(select(Account.id).limit(1)).first() is not None:
            return None
        with audit_trail.as_one(session):
            scene = _set(session)
        audit_trail.note(session, "demo", "", _BEGUN)
    return scene


def _set(session: Session) -> _Scene:
    """Store areas, people, enterprises, campaigns and visits; the issues are chosen, but not yet told."""
    store, rng = Store(session), random.Random(_SEED)  # noqa: S311 - a demonstration wants the same numbers each time
    configure(store)
    tree = areas.plant(store, rng)
    staff = people.settle(store, rng, tree, _password_hash())
    known = enterprises.found(store, rng, tree, staff)
    announced = campaigns.announce(store, staff)
    place = visits.field(rng, tree, staff, known.contacts)

    first = visits.first_round(place, announced, known.every)
    store.put(first)
    campaigns.aim(store, announced.finished, known.every)
    cast = Cast.of(session, staff, tree)
    ledger = Ledger(rng, cast, known.every)
    raised = ledger.finish(first)

    targets = campaigns.review_targets(rng, known.every, raised, campaigns.home_grids(staff))
    campaigns.aim(store, announced.running, targets)
    second = visits.second_round(place, announced, targets)
    store.put(second)
    pledged = promises.made(rng, staff, first, second)
    store.put(pledged)
    campaigns.aim(store, announced.draft, campaigns.project_targets(known.every))
    ledger.run(second, targets)
    undertaken = commitments.made(random.Random(_SEED), cast, known.every)  # noqa: S311 - as above
    store.put(undertaken)
    keeping.settle(session)
    return _Scene(ledger, cast, known, [*first, *second], pledged, undertaken)


def _tell(scene: _Scene, alone: Connection) -> None:
    """Tell what became of the visits: the issues, what was told of them, classes, notices and bulletins."""
    with closing(alone), transaction(actor=SYSTEM) as session, _uncollected():
        _let_others_wait(session)
        with audit_trail.as_one(session):
            store, coordinator = Store(session), scene.cast.coordinator.pk
            rows = scene.visits, scene.promises, scene.commitments
            post = Post(session, store, random.Random(_SEED), *rows)  # noqa: S311 - as above
            scene.ledger.tell(session, post.rounds())
            post.end()
            classes.confirm(session, random.Random(_SEED), scene.cast)  # noqa: S311 - as above
            notices.push(session, store, scene.known, coordinator)
            keeping.settle(session)
            bulletins.build(session, coordinator)
        audit_trail.note(session, "demo", "", _LOADED)


def _let_others_wait(session: Session) -> None:
    """Hold every table people change: they can be read, and whoever wants to change or hold a row waits for the end.

    Accounts are held so that people can sign in, yet nobody else can hold one that a told row points to: each of the
    two would wait for the other.
    """
    held = ", ".join(f'"{each.name}"' for each in metadata.sorted_tables if each.name not in _WRITTEN_BY_LOOKING)
    session.execute(sql(f"LOCK TABLE {held} IN EXCLUSIVE MODE"))
    session.execute(sql("SELECT FROM account FOR KEY SHARE"))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Do not look for garbage meanwhile: nearly all that is made is kept, and looking takes a tenth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _password_hash() -> str:
    """Hash the demonstration's password once for all its accounts: hashing is slow on purpose."""
    account = Account(username="everybody", name="", role=Role.MANAGER)
    set_password(account, PASSWORD)
    return account.password_hash
