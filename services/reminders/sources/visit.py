"""Visits as a source of reminders: assigned, planned for a day, overdue, returned for completion."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from core import clock
from core.i18n import N_, format_date, gettext
from models.account import Account
from models.area import Area
from models.campaign import Campaign, CampaignState
from models.enterprise import Enterprise
from models.reminder import Occasion, Relation, Subject
from models.visit import OPEN_VISIT_STATES, Visit, VisitState
from models.worktime import Calendar
from services import working_time
from services.reminders.sources.contacts import main_contacts
from services.reminders.sources.people import Ids, People, people
from services.reminders.sources.words import days_left
from services.reminders.standing import Standing, Words
from services.visitors import VISITORS

_RUNNING = select(Campaign.id).where(Campaign.state == CampaignState.RUNNING)
_TO_RECORD = (col(Visit.state).in_(OPEN_VISIT_STATES), col(Visit.campaign_id).in_(_RUNNING))
"""Nobody is reminded of visits that cannot be recorded, because their campaign is paused or over."""


class Visits:
    """The source."""

    def standings(self, session: Session, ids: Sequence[int], *, lock: bool = True) -> list[Standing]:
        """Return how these visits stand; see `Source`."""
        found = select(Visit, Area.path).join(Area, col(Area.id) == Visit.area_id)
        found = found.where(col(Visit.id).in_(ids), *_TO_RECORD).order_by(col(Visit.id))
        rows = session.exec(found.with_for_update(read=True, of=Visit) if lock else found).all()
        if not rows:
            return []
        who, calendar = people(session), working_time.calendar(session)
        contacts = main_contacts(session, {visit.enterprise_id for visit, _path in rows})
        return [
            standing
            for visit, path in rows
            for standing in _standings(
                visit, _around(visit, path, who), calendar, contacts.get(visit.enterprise_id, ())
            )
        ]

    def live(self, session: Session, after: int, limit: int) -> list[int]:
        """Return the ids of open visits; see `Source`."""
        found = select(Visit.id).where(col(Visit.id) > after, col(Visit.state).in_(OPEN_VISIT_STATES))
        return [each for each in session.exec(found.order_by(col(Visit.id)).limit(limit)) if each is not None]

    def words(self, session: Session, ids: Iterable[int]) -> dict[int, Words]:
        """Return what templates may say about these visits; see `Source`."""
        calendar = working_time.calendar(session)
        found = (
            select_columns(
                col(Visit.id), col(Visit.planned_on), col(Visit.return_reason), col(Enterprise.name), col(Account.name),
                col(Campaign.name),
            )
            .join(Enterprise, col(Enterprise.id) == Visit.enterprise_id)
            .join(Account, col(Account.id) == Visit.assignee_id)
            .join(Campaign, col(Campaign.id) == Visit.campaign_id)
            .where(col(Visit.id).in_(list(ids)))
        )  # fmt: skip
        return {
            visit_id: _words(planned_on, reason, enterprise, person, campaign, days_left(calendar, planned_on))
            for visit_id, planned_on, reason, enterprise, person, campaign in session.execute(found)
        }

    def link(self, subject_id: int) -> str:
        """Return the address of the page that records the visit; see `Source`."""
        return f"/visits-record?visit={subject_id}"

    def sample(self) -> Words:
        """Return words of an invented visit; see `Source`."""
        return _words(
            clock.today() + timedelta(days=1), gettext(N_("Please add whom you met")),
            gettext(N_("Huaxing Machinery Co., Ltd.")), gettext(N_("Wang Min")),
            gettext(N_("Government services into a thousand enterprises")), 1,
        )  # fmt: skip


def _words(  # noqa: PLR0917 - one argument for each thing a template may say
    planned_on: date, reason: str, enterprise: str, person: str, campaign: str, left: int
) -> Words:
    return {
        "number": "",
        "title": enterprise,
        "enterprise": enterprise,
        "department": "",
        "stage": "",
        "kind": campaign,
        "person": person,
        "said": reason,
        "due": format_date(planned_on),
        "days_left": left,
        "link_text": gettext(N_("Open the visit")),
    }


def _around(visit: Visit, path: str, who: People) -> dict[Relation, Ids]:
    return who.of_zone() | {
        Relation.ASSIGNEE: who.only(visit.assignee_id, VISITORS) or who.instead(path),
        Relation.LEAD: who.leads(path),
        Relation.NEXT_TIER: who.coordinators,
    }


def _standings(visit: Visit, around: dict[Relation, Ids], calendar: Calendar, contacts: Ids) -> Iterable[Standing]:
    def standing(occasion: Occasion, moment: datetime, version: int) -> Standing:
        return Standing(
            Subject.VISIT, visit.pk, occasion, moment, version, None, around, contacts, since=visit.assigned_at
        )

    if visit.state is VisitState.RETURNED:
        yield standing(Occasion.VISIT_RETURNED, visit.assigned_at, visit.assignment)
        return
    day = visit.planned_on.toordinal()
    if visit.assignee_id != visit.assigned_by_id:  # who took a visit on knows
        yield standing(Occasion.VISIT_ASSIGNED, visit.assigned_at, visit.assignment)
    yield standing(Occasion.VISIT_PLANNED, datetime.combine(visit.planned_on, time(), calendar.zone), day)
    yield standing(Occasion.VISIT_OVERDUE, calendar.closing(visit.planned_on), day)
