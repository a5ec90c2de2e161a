"""Monthly bulletins of the demonstration: up to three issued ones and a draft, frozen from the rows as they stood then.

The draft is that of last month while it is not due yet, afterwards that of the present month as far as it is.
"""

from datetime import date, datetime, time, timedelta

from sqlmodel import Session, func, select

from core import clock, months
from models.bulletin import BulletinSettings, BulletinState, DepartmentRate
from models.issue import Issue
from models.reminder import Subject
from models.visit import Visit
from services import working_time
from services.bulletin import building, schedule
from services.reminders import noticing

_ISSUED = 3
_ORGAN = "淄博高新区政务服务中心"
_REMARK = (
    "请各有关部门对照逾期清单逐件明确责任人和完成时限，确需延期的依规提出申请；"
    "请各政务服务队对未见到企业的走访任务在下月上旬补访，并将结果如实登记。"
)
_REMARK_EN = (
    "Departments name for each overdue issue who finishes it by when, or ask for an extension as the rules say. "
    "Teams visit again, in the first ten days of next month, the enterprises they did not meet."
)


def build(session: Session, coordinator_id: int) -> None:
    """Build the bulletins of the last months, each at its moment, and issue those that are due."""
    # Few cases a unit: the demonstration is one zone of 660 enterprises.
    settings = BulletinSettings(
        organ=_ORGAN, minimum_sample=5, honour_percent=70, department_rate=DepartmentRate.RESPONSE
    )
    session.add(settings)
    session.flush()
    this, calendar = months.first_of(clock.today()), working_time.calendar(session)
    last = months.before(this)
    is_due = schedule.working_day_after(last, settings.issue_day, calendar) < clock.today()
    draft = this if is_due else last
    begun = _begun(session)
    earlier = (months.before(draft, count) for count in range(_ISSUED, 0, -1))
    for month in (*(each for each in earlier if each >= begun), draft):
        with clock.fixed(_moment(session, month, settings.build_day, time(8, 30))):
            bulletin = building.made(session, month, None)
        bulletin.remark, bulletin.remark_en = _REMARK, _REMARK_EN
        if month != draft:
            bulletin.issued_at = _moment(session, month, settings.issue_day, time(10, 20))
            bulletin.state, bulletin.issued_by_id = BulletinState.ISSUED, coordinator_id
        noticing.touch(session, Subject.BULLETIN, [months.numbered(month)])
    session.flush()


def _begun(session: Session) -> date:
    """Return the first day of the month of the first issue or visit: earlier months have no bulletin."""
    issues, visits = select(func.min(Issue.created_at)), select(func.min(Visit.recorded_at))
    recorded = [session.exec(each).one() for each in (issues, visits)]
    first = min((each for each in recorded if each is not None), default=clock.now())
    return months.first_of(first.astimezone(clock.zone()).date())


def _moment(session: Session, month: date, day: int, at: time) -> datetime:
    """Return a moment of a working day after a month, or the present one where it is still to come."""
    on = schedule.working_day_after(month, day, working_time.calendar(session))
    return min(datetime.combine(on, at, clock.zone()), clock.now() - timedelta(minutes=1))
