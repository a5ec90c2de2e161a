"""The contacts of enterprises that reminders may be written to."""

from collections.abc import Iterable

from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from models.enterprise import Contact
from services.reminders.sources.people import Ids


def main_contacts(session: Session, enterprise_ids: Iterable[int]) -> dict[int, Ids]:
    """Return enterprise → its main contact, where that has an e-mail address."""
    found = select_columns(col(Contact.enterprise_id), col(Contact.id)).where(
        col(Contact.enterprise_id).in_(list(enterprise_ids)), col(Contact.is_primary), col(Contact.email) != ""
    )
    return {enterprise_id: (contact_id,) for enterprise_id, contact_id in session.execute(found)}
