"""Stage A: claimed reminders are told. They are in the inbox when the transaction commits, and on their way outside.

One transaction tells a whole batch. If it fails, its halves are tried by themselves, until the row that is to blame
stands alone: that one is tried again later, and parked in the end; the others are told.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from core import clock, logs
from core.db import transaction
from core.i18n import LOCALES, N_
from core.settings import settings
from models.account import Account
from services import backoff
from services.channels import contact_routes, routes, team_routes
from services.channels.lines import Route
from services.delivery import recording
from services.delivery.claiming import REMINDERS, Batch, begin, held, release
from services.delivery.digest import letters, team_letters
from services.delivery.told import COLUMNS, Due, Letter, Told
from services.delivery.wording import GONE, Writer
from services.reminders import effects

UNREACHABLE = N_("Nobody can be reached there: no e-mail address")
KEPT_OFF = N_("The rule keeps this from every channel by which they can be reached.")
LEFT = N_("The account is not active any more")
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
_log = logs.get(__name__)


@dataclass
class People:
    """Who is told: by the keys of recipients."""

    locales: dict[str, str] = field(default_factory=dict)
    routes: dict[str, Sequence[Route]] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)


def tell(batch: Batch) -> int:
    """Tell the reminders of a batch that are still claimed under it.

    Returns:
        How many rows that were.

    Raises:
        OperationalError: the database is not there; the batch has been given back, or its claim will run out.
    """
    with transaction() as session:
        rows = [Due(*row) for row in begin(session, REMINDERS, batch, *COLUMNS)]
    try:
        for due in (each for each in rows if not each.recipient_key):
            _carry_out(due)
        _tell(
            batch, sorted((each for each in rows if each.recipient_key), key=lambda each: (each.recipient_key, each.id))
        )
    except OperationalError:
        release(REMINDERS, batch, begun=True)
        raise
    return len(rows)


def _carry_out(due: Due) -> None:
    try:
        effects.carry_out(due.id)
    except OperationalError:
        raise
    except Exception as problem:  # noqa: BLE001 - whatever it was is recorded, and the others go on
        _put_off(due, problem)


def _tell(batch: Batch, rows: Sequence[Due]) -> None:
    """Tell rows together, or in halves until the one that cannot be told is found."""
    if not rows:
        return
    try:
        with transaction() as session:
            _tell_all(session, batch, rows)
    except OperationalError:
        raise
    except Exception as problem:  # noqa: BLE001 - whatever it was, it must not keep the others from being told
        if len(rows) == 1:
            _put_off(rows[0], problem)
        else:
            middle = len(rows) // 2
            _tell(batch, rows[:middle])
            _tell(batch, rows[middle:])


def _put_off(due: Due, problem: Exception) -> None:
    """Try a row again later, or park it after too many attempts."""
    parked = due.attempts >= REMINDERS.patience
    _log.error("reminder_parked" if parked else "reminder_put_off", reminder_id=due.id, exc_info=problem)
    reason = f"{type(problem).__name__}: {problem}"[:1000]
    with transaction() as session:
        if parked:
            recording.fail(session, {due.id: reason})
        else:
            again = clock.now() + backoff.wait(due.attempts, _FIRST_WAIT, _LONGEST_WAIT)
            recording.put_off(session, due.id, again, reason)


def _tell_all(session: Session, batch: Batch, rows: Sequence[Due]) -> None:
    rows = _locked(session, batch, rows)
    people, left = _people(session, rows)
    writer = Writer(session)
    found = writer.word((due, people.locales[due.recipient_key]) for due in rows if due.id not in left)
    unreachable = {each.due.id: why for each in found.told if (why := _out_of_reach(each, people))}
    told = [each for each in found.told if each.due.id not in unreachable]
    written = letters(told, people.locales, people.routes) + _to_teams(session, writer, told, people)
    recording.tell(session, told, written)
    recording.fail(session, found.failed | unreachable)
    recording.cancel(session, dict.fromkeys(found.gone, GONE) | dict.fromkeys(left, LEFT))


def _out_of_reach(told: Told, people: People) -> str:
    """Return why nobody would hear of a reminder; empty if somebody does: an account always has its inbox."""
    routes = people.routes.get(told.due.recipient_key, ())
    if told.due.recipient_id is not None or any(told.goes_by(each.kind) for each in routes):
        return ""
    return KEPT_OFF if routes else UNREACHABLE


def _locked(session: Session, batch: Batch, rows: Sequence[Due]) -> list[Due]:
    """Hold the rows that are still claimed, in the order of their ids; planning may have cancelled others."""
    table = REMINDERS.table
    ids = [each.id for each in rows]
    statement = select(table.c.id).where(table.c.id == func.any(ids), *held(REMINDERS, batch))
    mine = set(session.execute(statement.order_by(table.c.id).with_for_update()).scalars())
    return [each for each in rows if each.id in mine]


def _people(session: Session, rows: Sequence[Due]) -> tuple[People, set[int]]:
    """Return those who are told, and the ids of rows whose recipients have left."""
    accounts = sorted({each.recipient_id for each in rows if each.recipient_id is not None})
    contacts = sorted({each.contact_id for each in rows if each.contact_id is not None})
    default = settings().default_locale
    people, present = People(), set()
    columns = select_rows(col(Account.id), col(Account.name), col(Account.locale))
    for row_id, name, locale in session.exec(columns.where(col(Account.id).in_(accounts), col(Account.active))):
        assert row_id is not None  # noqa: S101 - a stored row has an id
        people.locales[f"a{row_id}"] = locale if locale in LOCALES else default
        people.names[row_id] = name
        present.add(row_id)
    people.routes |= {f"a{key}": ways for key, ways in routes(session, accounts).items()}
    people.routes |= {f"c{key}": ways for key, ways in (contact_routes(session, contacts) if contacts else {}).items()}
    for due in rows:
        people.locales.setdefault(due.recipient_key, default)
    return people, {each.id for each in rows if each.recipient_id is not None and each.recipient_id not in present}


def _to_teams(session: Session, writer: Writer, told: Sequence[Told], people: People) -> list[Letter]:
    teams = team_routes(session, list(people.names)) if people.names else {}
    if not teams:
        return []
    locale = settings().default_locale
    members = {each for team in teams.values() for each in team.members}
    common = writer.word((each.due, locale) for each in told if each.due.recipient_id in members).told
    return [
        letter
        for team_id, team in sorted(teams.items())
        for letter in team_letters(team_id, team, common, people.names, locale)
    ]
