"""Building a bulletin: by the scheduler on the set day or by the coordinator, one a month; a draft is built anew."""

from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, col, delete, func, or_, select

from core import clock, months
from core.db import transaction
from core.errors import ConflictError, InvalidError
from core.i18n import N_, gettext, in_locale
from core.settings import settings as app_settings
from models.bulletin import Bulletin, BulletinFigures, BulletinIssue, BulletinItem, BulletinSettings, BulletinState
from models.issue import WITH_DEPARTMENT
from services import outbox, working_time
from services.actor import SYSTEM, Actor
from services.bulletin import classes, counting, flags, freezing, schedule
from services.bulletin.catalogue import FIGURES
from services.bulletin.printed import Part, Printed, Rules, UnitKind
from services.bulletin.ranking import ranked
from services.entities.fields import options_of
from services.issues.registering import CATEGORIES
from services.permissions import Action
from services.use_case import use_case

TOPIC = "bulletin.build"
_AGAIN = timedelta(days=1)


def build(actor: Actor, month: date) -> int:
    """Build the bulletin of a month now, anew if it is a draft; return its id.

    The remark of a draft stays. A month that goes on can be built as far as it is, and not issued.

    Args:
        actor: who asks.
        month: any day of the month.

    Raises:
        ConflictError: the month's bulletin is issued.
        InvalidError: the month is still to come.
        NotAllowedError: the role builds no bulletins.
    """
    first = months.first_of(month)
    if first > clock.today():
        raise InvalidError({"month": gettext("This month is still to come.")})
    with use_case(actor, Action.BULLETIN_EDIT) as session:
        present = of_month(session, first, lock=True)
        if present is not None and present.state is BulletinState.ISSUED:
            raise ConflictError(N_("The bulletin of this month is issued. Withdraw it first, then build it anew."))
        return made(session, first, present).pk


def plan() -> bool:
    """Owe the bulletin of last month once its set day has come; returns whether it is owed now."""
    with transaction(actor=SYSTEM, action=TOPIC) as session:
        month = months.before(months.first_of(clock.today()))
        day = schedule.working_day_after(
            month, schedule.settings_of(session).build_day, working_time.calendar(session)
        )  # fmt: skip
        # One that was withdrawn is built anew by people; a look at the month while it went on is no bulletin yet.
        whole = or_(col(Bulletin.state) != BulletinState.DRAFT, col(Bulletin.until) >= months.end(month))
        built = select(Bulletin.id).where(Bulletin.month == month, whole).limit(1)
        if clock.today() < day or session.exec(built).first() or outbox.owed_lately(session, TOPIC, _AGAIN):
            return False
        outbox.put(session, TOPIC, {"month": month.isoformat()})
        return True


def run(payload: dict[str, Any]) -> None:
    """Build the bulletin of a month unless there is one; a draft made while the month went on is built anew."""
    month = date.fromisoformat(payload["month"])
    with transaction(actor=SYSTEM, action=TOPIC) as session:
        present = of_month(session, month, lock=True)
        if present is None or present.until < months.end(month):
            made(session, month, present)


def of_month(session: Session, month: date, *, lock: bool = False) -> Bulletin | None:
    """Return the bulletin of a month that is not withdrawn.

    Args:
        session: the transaction.
        month: its first day.
        lock: nobody else builds or changes one of this month until the transaction ends, even if there is none yet.
    """
    if lock:
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"{TOPIC} {month}"))))
    found = select(Bulletin).where(Bulletin.month == month, Bulletin.state != BulletinState.WITHDRAWN)
    return session.exec(found.with_for_update() if lock else found).one_or_none()


def made(session: Session, month: date, present: Bulletin | None) -> Bulletin:
    """Freeze a month and print its figures; what an earlier building of the draft left is replaced."""
    settings, now = schedule.settings_of(session), clock.now()
    until = min(months.end(month), now)
    bulletin = present or Bulletin(month=month, until=until, frozen_at=now)
    bulletin.until, bulletin.frozen_at = until, now
    session.add(bulletin)
    session.flush()
    for table in (BulletinIssue, BulletinItem, BulletinFigures):
        session.exec(delete(table).where(col(table.bulletin_id) == bulletin.pk))
    freezing.freeze(session, bulletin, settings.window_months)
    printed = _printed(session, bulletin, settings)
    session.add(BulletinFigures(bulletin_id=bulletin.pk, printed=printed.model_dump(mode="json")))
    session.flush()
    return bulletin


def _printed(session: Session, bulletin: Bulletin, settings: BulletinSettings) -> Printed:
    rules = Rules.model_validate(settings)
    window = rules.window_months
    registered = FIGURES["registered"]
    with in_locale(app_settings().default_locale):
        categories = {option.value: option.label for option in options_of(session, CATEGORIES)}
    parts = {
        name: counting.named(counting.parts(session, bulletin, window, registered, column), names)
        for name, column, names in (
            ("kinds", "kind", {}),
            ("states", "state", {}),
            ("categories", "category", categories),
        )
    }
    departments = {unit.id: unit.name for unit in counting.units(session, bulletin, window, UnitKind.DEPARTMENT)}
    return Printed(
        rules=rules,
        counts=counting.counts(session, bulletin, window, FIGURES),
        **parts,
        overdue=_overdue(session, bulletin, window, departments),
        units={
            kind: ranked(
                counting.units(session, bulletin, window, kind), rules.minimum_sample, rules.rate(kind)
            )
            for kind in UnitKind
        },
        classes=classes.noted(session, bulletin),
        flags=flags.raise_flags(session, bulletin, rules, working_time.calendar(session)),
        **_compared(session, bulletin.month),
    )  # fmt: skip


def _overdue(session: Session, bulletin: Bulletin, window: int, departments: dict[int, str]) -> tuple[Part, ...]:
    """Return with whom what is overdue is: departments, or, where none is to act, the states it waits in."""
    held = counting.parts(session, bulletin, window, FIGURES["overdue_with"], "department_id")
    waiting = counting.parts(session, bulletin, window, FIGURES["overdue"], "state")
    others = {state: count for state, count in waiting.items() if state not in WITH_DEPARTMENT}
    return counting.named({**held, **others}, departments)


def _compared(session: Session, month: date) -> dict[str, Any]:
    """Return what the bulletin of the month before printed, unless that was made before its month was over."""
    before = of_month(session, months.before(month))
    if before is None or before.until < months.end(before.month):
        return {}
    figures = session.get_one(BulletinFigures, before.pk)
    return {"previous": Printed.model_validate(figures.printed).counts}
