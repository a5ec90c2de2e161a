"""The declaration of enterprises, and saving one."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from core import text
from core.errors import ConflictError, InvalidError
from core.i18n import N_, gettext
from models import uscc
from models.area import Area
from models.configuration import Extensible
from models.enterprise import Enterprise, EnterpriseStatus
from models.naming import name_key
from services import access, entities
from services.actor import Actor
from services.enterprises.similar import Similar, similar_to
from services.entities import Entity
from services.permissions import Action, Scope, scope
from services.use_case import use_case


class SimilarError(ConflictError):
    """There are enterprises that may be the same; save again with `knowing=True` to keep both.

    Args:
        similar: those enterprises, the most alike first.
    """

    def __init__(self, similar: list[Similar]) -> None:
        super().__init__(N_("There are enterprises that may be the same. Please decide."))
        self.similar = similar


def save(
    actor: Actor,
    raw: Mapping[str, Any],
    enterprise_id: int | None = None,
    *,
    knowing: bool = False,
    seen: Mapping[str, Any] | None = None,
) -> int:
    """Make an enterprise, or change one; return its id.

    Args:
        actor: who asks.
        raw: field key → value as entered; a field that is left out keeps its value.
        enterprise_id: the enterprise to change; `None` makes a new one.
        knowing: whether the person has seen the similar ones and wants both.
        seen: the values the person began with, see `entities.save`.

    Raises:
        InvalidError: a value is not acceptable; a credit code is told which rule it breaks.
        SimilarError: another enterprise has a similar name and nobody has decided yet.
        OvertakenError: somebody else changed the same field since `seen`.
        NotFoundError: there is no such enterprise or the actor may not change it.
    """
    if not knowing:
        began = seen or {}
        changed = {key: value for key, value in raw.items() if key not in began or began[key] != value}
        _refuse_similar(actor, changed, enterprise_id)
    if raw.get("credit_code"):  # typed in groups it is longer than the column; how it is wrong is told by its own rules
        raw = {**raw, "credit_code": uscc.normal(str(raw["credit_code"]))}
    return entities.save(actor, ENTERPRISES, raw, enterprise_id, seen=seen)


def set_status(actor: Actor, enterprise_id: int, status: EnterpriseStatus) -> EnterpriseStatus:
    """Say that an enterprise moved away, closed down or operates again; return what it was, for an undo.

    Raises:
        NotFoundError: there is no such enterprise or the actor may not change it.
    """
    with use_case(actor, Action.ENTERPRISE_EDIT) as session:
        row = access.load(session, actor, Action.ENTERPRISE_EDIT, Enterprise, enterprise_id, lock=True)
        before, row.status = row.status, status
        return before


def _refuse_similar(actor: Actor, raw: Mapping[str, Any], enterprise_id: int | None) -> None:
    with use_case(actor, Action.ENTERPRISE_EDIT) as session:
        name = text.clean(str(raw.get("name") or ""))
        if enterprise_id is not None:
            present = access.load(session, actor, Action.ENTERPRISE_EDIT, Enterprise, enterprise_id)
            if not name or name_key(name) == present.name_key:
                return
        if name and (found := similar_to(session, actor, name, but=enterprise_id)):
            raise SimilarError(found)


def _prepare(session: Session, actor: Actor, row: Enterprise) -> None:
    """Bring an enterprise into its stored form and refuse what no column can: called at each save."""
    problems = shape(row)
    if "credit_code" not in problems and row.credit_code and (owner := _owner(session, row)):
        problems["credit_code"] = _taken(session, actor, owner)
    if not _may_lie_in(session, actor, row.area_id):
        problems["area_id"] = gettext("This area is not one of yours.")
    if problems:
        raise InvalidError(problems)


def shape(row: Enterprise) -> dict[str, str]:
    """Bring an enterprise into its stored form and return what is wrong with it, by field, without asking anybody."""
    row.name_key = name_key(row.name or "")  # a row of a file may lack it: what else is wrong is told all the same
    row.credit_code = uscc.normal(row.credit_code) if row.credit_code else None
    problems: dict[str, str] = {}
    if row.credit_code and (problem := uscc.problem(row.credit_code)):
        problems["credit_code"] = problem
    if (row.longitude is None) != (row.latitude is None):
        problems["latitude"] = gettext("Give both longitude and latitude, or neither.")
    return problems


def _owner(session: Session, row: Enterprise) -> Enterprise | None:
    with session.no_autoflush:
        statement = select(Enterprise).where(Enterprise.credit_code == row.credit_code)
        return session.exec(statement if row.id is None else statement.where(Enterprise.id != row.id)).first()


def _taken(session: Session, actor: Actor, owner: Enterprise) -> str:
    mine = access.visible(actor, Action.ENTERPRISE_VIEW, Enterprise).where(Enterprise.id == owner.id)
    if session.exec(mine).first() is None:
        return gettext("An enterprise outside your area has this credit code already.")
    return gettext("“{name}” has this credit code already.").format(name=owner.name)


def _may_lie_in(session: Session, actor: Actor, area_id: int | None) -> bool:
    if area_id is None or scope(actor, Action.ENTERPRISE_EDIT) is not Scope.AREA:
        return True
    own = select(Area.id).where(col(Area.id) == area_id, access.in_area(actor, Area.id))
    return session.exec(own).first() is not None


ENTERPRISES = Entity(
    key="enterprise",
    model=Enterprise,
    label=N_("Enterprise"),
    labels=N_("Enterprises"),
    view=Action.ENTERPRISE_VIEW,
    edit=Action.ENTERPRISE_EDIT,
    natural_key=("credit_code",),
    order="name",
    extensible=Extensible.ENTERPRISE,
    prepare=_prepare,
    importing=Action.ENTERPRISE_IMPORT,
    exporting=Action.ENTERPRISE_EXPORT,
)
