"""Promises made during visits as a source of reminders."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from core import clock
from core.i18n import N_, format_date, gettext
from core.text import excerpt
from models.account import Account
from models.area import Area
from models.enterprise import Enterprise
from models.reminder import Occasion, Relation, Subject
from models.visit import Promise
from services import working_time
from services.reminders.sources.contacts import main_contacts
from services.reminders.sources.people import people
from services.reminders.sources.words import days_left
from services.reminders.standing import Standing, Words
from services.visitors import VISITORS

_TITLE = 40


class Promises:
    """The source."""

    def standings(self, session: Session, ids: Sequence[int], *, lock: bool = True) -> list[Standing]:
        """Return how these promises stand; see `Source`."""
        found = (
            select(Promise, Area.path)
            .join(Enterprise, col(Enterprise.id) == Promise.enterprise_id)
            .join(Area, col(Area.id) == Enterprise.area_id)
            .where(col(Promise.id).in_(ids), col(Promise.kept_at).is_(None))
            .order_by(col(Promise.id))
        )
        rows = session.exec(found.with_for_update(read=True, of=Promise) if lock else found).all()
        if not rows:
            return []
        who, calendar = people(session), working_time.calendar(session)
        contacts = main_contacts(session, {promise.enterprise_id for promise, _path in rows})
        return [
            Standing(
                Subject.PROMISE, promise.pk, Occasion.PROMISE_DUE, calendar.closing(promise.due_on),
                promise.due_on.toordinal(), None,
                who.of_zone()
                | {
                    Relation.ASSIGNEE: who.only(promise.promised_by_id, VISITORS) or who.instead(path),
                    Relation.LEAD: who.leads(path),
                },
                contacts.get(promise.enterprise_id, ()),
            )
            for promise, path in rows
        ]  # fmt: skip

    def live(self, session: Session, after: int, limit: int) -> list[int]:
        """Return the ids of promises not kept yet; see `Source`."""
        found = select(Promise.id).where(col(Promise.id) > after, col(Promise.kept_at).is_(None))
        return [each for each in session.exec(found.order_by(col(Promise.id)).limit(limit)) if each is not None]

    def words(self, session: Session, ids: Iterable[int]) -> dict[int, Words]:
        """Return what templates may say about these promises; see `Source`."""
        calendar = working_time.calendar(session)
        found = (
            select_columns(
                col(Promise.id), col(Promise.text), col(Promise.due_on), col(Enterprise.name), col(Account.name)
            )
            .join(Enterprise, col(Enterprise.id) == Promise.enterprise_id)
            .join(Account, col(Account.id) == Promise.promised_by_id)
            .where(col(Promise.id).in_(list(ids)))
        )
        return {
            promise_id: _words(text, enterprise, person, format_date(due_on), days_left(calendar, due_on))
            for promise_id, text, due_on, enterprise, person in session.execute(found)
        }

    def link(self, _subject_id: int) -> str:
        """Return the address of the page of promises; see `Source`."""
        return "/visits-promises"

    def sample(self) -> Words:
        """Return words of an invented promise; see `Source`."""
        return _words(
            gettext(N_("Ask the tax office about the refund")), gettext(N_("Huaxing Machinery Co., Ltd.")),
            gettext(N_("Wang Min")), format_date(clock.today()), 0,
        )  # fmt: skip


def _words(text: str, enterprise: str, person: str, due: str, left: int) -> Words:
    return {
        "number": "",
        "title": excerpt(text, _TITLE),
        "enterprise": enterprise,
        "department": "",
        "stage": "",
        "kind": "",
        "person": person,
        "said": "",
        "due": due,
        "days_left": left,
        "link_text": gettext(N_("Open the promises")),
    }
