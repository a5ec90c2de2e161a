"""Commitments of enterprises as a source of reminders."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from core import clock
from core.i18n import N_, format_date, gettext
from core.text import excerpt
from models.account import Account, Department
from models.area import Area
from models.commitment import Commitment
from models.enterprise import Enterprise
from models.reminder import Occasion, Relation, Subject
from models.worktime import Calendar
from services import working_time
from services.permissions import MATRIX, Action
from services.reminders.sources.contacts import main_contacts
from services.reminders.sources.people import Ids, People, people
from services.reminders.sources.words import days_left
from services.reminders.standing import Standing, Words

_TITLE = 40


class Commitments:
    """The source."""

    def standings(self, session: Session, ids: Sequence[int], *, lock: bool = True) -> list[Standing]:
        """Return how these commitments stand; see `Source`."""
        found = (
            select(Commitment, Area.path)
            .join(Enterprise, col(Enterprise.id) == Commitment.enterprise_id)
            .join(Area, col(Area.id) == Enterprise.area_id)
            .where(col(Commitment.id).in_(ids), col(Commitment.fulfilled_at).is_(None))
            .order_by(col(Commitment.id))
        )
        rows = session.exec(found.with_for_update(read=True, of=Commitment) if lock else found).all()
        if not rows:
            return []
        who, calendar = people(session), working_time.calendar(session)
        contacts = main_contacts(session, {commitment.enterprise_id for commitment, _path in rows})
        return [
            Standing(
                Subject.COMMITMENT, commitment.pk, Occasion.COMMITMENT_DUE, calendar.closing(commitment.due_on),
                commitment.due_on.toordinal(), None, _around(who, commitment, path),
                contacts.get(commitment.enterprise_id, ()),
            )
            for commitment, path in rows
        ]  # fmt: skip

    def live(self, session: Session, after: int, limit: int) -> list[int]:
        """Return the ids of commitments not made good yet; see `Source`."""
        found = select(Commitment.id).where(col(Commitment.id) > after, col(Commitment.fulfilled_at).is_(None))
        return [each for each in session.exec(found.order_by(col(Commitment.id)).limit(limit)) if each is not None]

    def words(self, session: Session, ids: Iterable[int]) -> dict[int, Words]:
        """Return what templates may say about these commitments; see `Source`."""
        calendar = working_time.calendar(session)
        found = (
            select_columns(Commitment, col(Enterprise.name), col(Department.name), col(Account.name))
            .join(Enterprise, col(Enterprise.id) == Commitment.enterprise_id)
            .outerjoin(Department, col(Department.id) == Commitment.department_id)
            .outerjoin(Account, col(Account.id) == Commitment.follower_id)
            .where(col(Commitment.id).in_(list(ids)))
        )
        return {
            row.pk: _words(row, calendar)
            | {"enterprise": enterprise, "department": department or "", "person": person or ""}
            for row, enterprise, department, person in session.execute(found)
        }

    def link(self, subject_id: int) -> str:
        """Return the address of the list with the commitment open; see `Source`."""
        return f"/commitments-list?_row={subject_id}"

    def sample(self) -> Words:
        """Return words of an invented commitment; see `Source`."""
        invented = Commitment(
            enterprise_id=0, matter=gettext(N_("Food business licence")), text=gettext(N_("Hand in the floor plan")),
            approved_on=clock.today(), due_on=clock.today(),
        )  # fmt: skip
        return _words(invented, None) | {
            "enterprise": gettext(N_("Huaxing Machinery Co., Ltd.")),
            "department": gettext(N_("Approval service bureau")),
            "person": gettext(N_("Wang Min")),
        }


def _around(who: People, commitment: Commitment, path: str) -> dict[Relation, Ids]:
    """Return who has to do with a commitment: whoever follows it, else the officers of the department."""
    follower = who.only(commitment.follower_id, MATRIX[Action.COMMITMENT_FULFIL])
    return who.of_zone() | {
        Relation.ASSIGNEE: follower or who.officers_of(commitment.department_id) or who.instead(path),
        Relation.LEAD: who.leads(path),
        Relation.DEPARTMENT_HEAD: who.heads_of(commitment.department_id),
    }


def _words(row: Commitment, calendar: Calendar | None) -> dict[str, object]:
    return {
        "number": "",
        "title": excerpt(row.text, _TITLE),
        "stage": "",
        "kind": row.matter,
        "said": "",
        "due": format_date(row.due_on),
        "days_left": days_left(calendar, row.due_on) if calendar else 0,
        "link_text": gettext(N_("Open the commitment")),
    }
