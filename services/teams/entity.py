"""The declaration of teams."""

from sqlalchemy import func
from sqlmodel import Session, col, select

from core.errors import InvalidError
from core.i18n import N_, gettext
from models.team import Team, TeamMember
from services.actor import Actor
from services.entities import Entity
from services.permissions import Action


def _prepare(session: Session, _actor: Actor, row: Team) -> None:
    if row.id is None or row.active:
        return
    present = select(func.count()).select_from(TeamMember)
    count = session.exec(present.where(TeamMember.team_id == row.id, col(TeamMember.left_on).is_(None))).one()
    if count:
        told = gettext("The team still has {count} members. Move them to other teams first.")
        raise InvalidError({"active": told.format(count=count)})


TEAMS = Entity(
    key="team",
    model=Team,
    label=N_("Team"),
    labels=N_("Teams"),
    view=Action.TEAM_VIEW,
    edit=Action.TEAM_EDIT,
    natural_key=("name",),
    order="name",
    prepare=_prepare,
)
