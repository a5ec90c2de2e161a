"""Whom one talks to at an enterprise: kept by those who may change it, phone numbers shown to those who need them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from core import text
from core.db import joined
from core.errors import InvalidError, NotFoundError
from core.i18n import N_, gettext
from models.enterprise import Contact, Enterprise
from services import access, audit_trail, entities
from services.actor import Actor
from services.entities import Entity
from services.permissions import Action
from services.use_case import use_case


@dataclass(frozen=True)
class Known:
    """A contact as the actor may see it; unless the actor needs them, the number is masked and addresses are empty."""

    id: int
    name: str
    title: str
    phone: str
    wechat: str
    email: str
    is_primary: bool
    masked: bool


def known(session: Session, actor: Actor, enterprise_id: int) -> list[Known]:
    """Return an enterprise's contacts, the main one first; part of a use case that has checked the enterprise."""
    order = (col(Contact.is_primary).desc(), col(Contact.id))
    rows = session.exec(select(Contact).where(Contact.enterprise_id == enterprise_id).order_by(*order)).all()
    plain = _reaches(session, actor, Action.PHONE_VIEW, enterprise_id)
    return [
        Known(
            id=row.pk,
            name=row.name,
            title=row.title,
            phone=row.phone if plain else text.masked_phone(row.phone),
            wechat=row.wechat if plain else "",
            email=row.email if plain else "",
            is_primary=row.is_primary,
            masked=bool(row.phone) and not plain,
        )
        for row in rows
    ]


def reveal(actor: Actor, contact_id: int) -> str:
    """Return a phone number that is shown masked; the audit log notes who asked.

    Raises:
        NotFoundError: there is no such contact or the actor may not see its number.
    """
    with use_case(actor, Action.PHONE_REVEAL) as session:
        contact = access.load(session, actor, Action.PHONE_REVEAL, Contact, contact_id)
        audit_trail.note(session, "contact", contact_id, "phone_revealed", enterprise=contact.enterprise_id)
        return contact.phone


def save(
    actor: Actor,
    enterprise_id: int,
    raw: Mapping[str, Any],
    contact_id: int | None = None,
    *,
    seen: Mapping[str, Any] | None = None,
) -> int:
    """Add a contact to an enterprise, or change one; return its id. A new main contact replaces the one there was.

    Args:
        actor: who asks.
        enterprise_id: whose contact it is.
        raw: field key → value as entered; a field that is left out keeps its value.
        contact_id: the contact to change; `None` adds one.
        seen: the values the person began with, see `entities.save`.

    Raises:
        InvalidError: a value is not acceptable.
        OvertakenError: somebody else changed the same field since `seen`.
        NotFoundError: the enterprise or the contact does not exist or the actor may not change it.
    """
    with use_case(actor, Action.ENTERPRISE_EDIT) as session, joined(session):
        access.load(session, actor, Action.ENTERPRISE_EDIT, Enterprise, enterprise_id)
        _one_after_the_other(session, enterprise_id)
        return entities.save(actor, CONTACTS, {**raw, "enterprise_id": enterprise_id}, contact_id, seen=seen)


def remove(actor: Actor, contact_id: int) -> None:
    """Delete a contact.

    Raises:
        NotFoundError: there is no such contact or the actor may not change it.
    """
    entities.delete(actor, CONTACTS, contact_id)


def _reaches(session: Session, actor: Actor, action: Action, enterprise_id: int) -> bool:
    own = access.visible(actor, action, Enterprise).where(col(Enterprise.id) == enterprise_id)
    return session.exec(own).first() is not None


def _one_after_the_other(session: Session, enterprise_id: int) -> None:
    """Hold the enterprise, so that two who name a main contact at once see each other's; visits and needs go on."""
    held = select(Enterprise.id).where(Enterprise.id == enterprise_id).with_for_update(key_share=True)
    if session.exec(held).first() is None:  # merged into another one meanwhile
        raise NotFoundError


def _prepare(session: Session, actor: Actor, row: Contact) -> None:
    if row.email and not text.is_email(row.email):
        raise InvalidError({"email": gettext("This is not an e-mail address.")})
    access.load(session, actor, Action.ENTERPRISE_EDIT, Enterprise, row.enterprise_id)
    if not row.is_primary:
        return
    for other in session.exec(
        select(Contact).where(
            Contact.enterprise_id == row.enterprise_id, col(Contact.is_primary), col(Contact.id) != (row.id or 0)
        )
    ):
        other.is_primary = False


CONTACTS = Entity(
    key="contact",
    model=Contact,
    label=N_("Contact"),
    labels=N_("Contacts"),
    view=Action.ENTERPRISE_VIEW,
    edit=Action.ENTERPRISE_EDIT,
    natural_key=("enterprise_id", "name"),
    prepare=_prepare,
    deletable=True,
    importing=Action.ENTERPRISE_IMPORT,
    exporting=Action.ENTERPRISE_EXPORT,
)
