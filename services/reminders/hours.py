"""When reminders that are not urgent go out: what an administrator sets, and when the next go out.

Planned reminders follow a change by themselves: `noticing` sees the row and owes a new planning of all of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import islice

from sqlmodel import Session

from core import clock
from core.errors import InvalidError
from core.i18n import N_
from core.i18n import gettext as _
from models.reminder import ReminderHours
from services import meanwhile, working_time
from services.actor import Actor
from services.permissions import Action
from services.reminders import timing
from services.use_case import use_case

MOST_SLOTS = 6
_NEXT = 4
_LABELS = {
    "slots": N_("Times of day"), "quiet_from": N_("Quiet from"), "quiet_until": N_("Quiet until"),
    "on_days_off": N_("Also on weekends and holidays"),
}  # fmt: skip


@dataclass(frozen=True)
class Hours:
    """The times of day at which reminders go out, when it is quiet, and whether days off count.

    Args:
        slots: times of day; what came due since the last goes out together.
        quiet_from: when it becomes quiet.
        quiet_until: when that ends; the same as `quiet_from` for never.
        on_days_off: whether they go out on days off too.
    """

    slots: tuple[time, ...]
    quiet_from: time
    quiet_until: time
    on_days_off: bool

    def row(self) -> ReminderHours:
        """Return them as a row that is not stored."""
        return ReminderHours.model_validate(self.values())

    def values(self) -> dict[str, object]:
        """Return the values of the row."""
        slots = [f"{each:%H:%M}" for each in sorted(self.slots)]
        return {
            "slots": slots, "quiet_from": self.quiet_from, "quiet_until": self.quiet_until,
            "on_days_off": self.on_days_off,
        }  # fmt: skip


def in_force(actor: Actor) -> Hours:
    """Return the hours in force."""
    with use_case(actor, Action.CONFIGURE) as session:
        return _of(timing.hours(session))


def change(actor: Actor, hours: Hours, *, seen: Hours | None = None) -> None:
    """Set the hours.

    Args:
        actor: who asks.
        hours: as entered.
        seen: those the person began with, see `meanwhile`; `None` sets all of them whatever happened.

    Raises:
        InvalidError: nothing would ever go out, or a time of day lies in the quiet hours.
        OvertakenError: somebody else has changed the same since `seen`.
    """
    with use_case(actor, Action.CONFIGURE) as session:
        meanwhile.one_at_a_time(session, ReminderHours.__tablename__)
        row = timing.hours(session)
        began = None if seen is None else vars(seen)
        hours = Hours(**meanwhile.merged(began, vars(hours), vars(_of(row)), _LABELS))
        found = problems(hours)
        if found:
            raise InvalidError(found)
        row.sqlmodel_update(hours.values())
        session.add(row)


def problems(hours: Hours) -> dict[str, str]:
    """Return what makes hours impossible: field → why, in the present language."""
    if not 1 <= len(hours.slots) <= MOST_SLOTS:
        return {"slots": _("Choose 1 to {most} times of day.").format(most=MOST_SLOTS)}
    if len(set(hours.slots)) < len(hours.slots):
        return {"slots": _("A time of day is given twice.")}
    lost = sorted(set(hours.slots) - set(timing.open_slots(hours.row())))
    if lost:
        times = _(", ").join(f"{each:%H:%M}" for each in lost)
        return {"slots": _("{times} lies in the quiet hours: nothing would go out then.").format(times=times)}
    return {}


def next_slots(actor: Actor, hours: Hours) -> Sequence[datetime]:
    """Return when reminders would go out next with these hours, whether in force or not."""
    with use_case(actor, Action.CONFIGURE) as session:
        return list(islice(_slots(session, hours), _NEXT))


def _of(row: ReminderHours) -> Hours:
    slots = tuple(time.fromisoformat(each) for each in row.slots)
    return Hours(slots, row.quiet_from, row.quiet_until, row.on_days_off)


def _slots(session: Session, hours: Hours) -> Iterator[datetime]:
    shifter = timing.Shifter(working_time.calendar(session), timing.open_slots(hours.row()), hours.on_days_off)
    moment = clock.now()
    while True:
        moment = shifter.next_slot(moment)
        yield moment
        moment += timedelta(minutes=1)
