"""What an audience can be chosen by."""

from core.i18n import N_
from models.account import Role
from models.fields import FieldKind, FieldSpec, Option
from models.reminder import Audience
from services.actor import Actor
from services.enterprises import listing, pasting
from services.entities import Described
from services.entities.references import choices
from services.permissions import Action
from services.use_case import use_case

_STAFF = (
    FieldSpec(
        key="roles", label=N_("Role"), kind=FieldKind.CHOICE,
        options=tuple(Option(value=role.value, label=role.label) for role in Role),
    ),
    FieldSpec(key="team_ids", label=N_("Team"), kind=FieldKind.REFERENCE, reference="team"),
    FieldSpec(key="area_ids", label=N_("Area"), kind=FieldKind.REFERENCE, reference="area"),
    FieldSpec(key="department_ids", label=N_("Department"), kind=FieldKind.REFERENCE, reference="department"),
)  # fmt: skip


def offered(actor: Actor, audience: Audience) -> Described:
    """Return the fields an audience is chosen by and what references among them can name.

    Raises:
        NotAllowedError: the role may not see notices.
    """
    with use_case(actor, Action.NOTICE_VIEW) as session:
        if audience is Audience.STAFF:
            return Described(list(_STAFF), {spec.key: choices(session, actor, spec.reference) for spec in _STAFF[1:]})
    found = listing.describe(actor)
    return Described([spec for spec in found.specs if spec.filterable], found.references)


def named(actor: Actor, pasted: str) -> pasting.Named:
    """Return which enterprises a pasted list names, by credit code or exact name, one a line.

    Raises:
        ConflictError: the list is too long.
        NotAllowedError: the role may not send notices.
    """
    with use_case(actor, Action.NOTICE_SEND) as session:
        return pasting.named(session, actor, pasted)
