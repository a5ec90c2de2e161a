"""Who belongs to a team: joining, moving, leaving, leading. A membership is a period; nobody's past is rewritten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from core import clock
from core.collation import by_reading
from core.errors import ConflictError, InvalidError, NotFoundError, UserError
from core.i18n import N_, gettext
from models.account import Account, Role
from models.area import Area, Tier
from models.campaign import Campaign
from models.enterprise import Enterprise
from models.team import Team, TeamMember
from models.visit import Visit
from services import access
from services.actor import Actor
from services.permissions import Action
from services.teams.holding import hold_team, hold_team_of
from services.teams.leading import lead_instead
from services.use_case import use_case
from services.visitors import TO_MAKE

_TEAM_ROLES = (Role.TEAM_LEAD, Role.GRID_WORKER)


@dataclass(frozen=True)
class OpenVisit:
    """A visit that is not recorded yet."""

    id: int
    enterprise: str
    campaign: str
    planned_on: date


class OpenVisitsError(UserError):
    """Somebody who is to leave a team still has visits to make; they must be given to others first.

    Args:
        name: who it is.
        visits: their open visits, by day.
    """

    def __init__(self, name: str, visits: Sequence[OpenVisit]) -> None:
        super().__init__(
            N_("{name} still has {count} open visits. Give them to others first."), name=name, count=len(visits)
        )
        self.visits = list(visits)


def candidates(actor: Actor) -> dict[int, str]:
    """Return id → name of the people who could join a team: active, of a team's roles, in no team today."""
    with use_case(actor, Action.TEAM_EDIT) as session:
        present = select(TeamMember.account_id).where(col(TeamMember.left_on).is_(None))
        free = select(Account.id, Account.name, Account.username).where(
            col(Account.active), col(Account.role).in_(_TEAM_ROLES), col(Account.id).not_in(present)
        )
        rows = session.exec(free.order_by(by_reading(Account.name))).all()
        return {row_id: f"{name} ({username})" for row_id, name, username in rows if row_id is not None}


def grids(actor: Actor, team_id: int) -> dict[int, str]:
    """Return id → name of the grids in a team's area, in the order of their codes."""
    with use_case(actor, Action.TEAM_VIEW) as session:
        team = access.load(session, actor, Action.TEAM_VIEW, Team, team_id)
        path = session.get_one(Area, team.area_id).path
        village = select(Area.id, Area.name).subquery()
        rows = session.exec(
            select(Area.id, Area.name, village.c.name)
            .outerjoin(village, col(Area.parent_id) == village.c.id)
            .where(col(Area.path).startswith(path), Area.tier == Tier.GRID, col(Area.active))
            .order_by(col(Area.code))
        ).all()
        return {row_id: f"{above} › {name}" if above else name for row_id, name, above in rows if row_id is not None}


def add(
    actor: Actor, team_id: int, account_id: int, *, grid_id: int | None = None, joined_on: date | None = None
) -> int:
    """Make somebody a member of a team.

    Raises:
        NotFoundError: there is no such team.
        InvalidError: the person cannot be a member, or the day or grid does not fit.
        ConflictError: the person is a member of a team already.
    """
    with use_case(actor, Action.TEAM_EDIT) as session:
        hold_team(session, team_id)
        team = access.load(session, actor, Action.TEAM_EDIT, Team, team_id)
        account = session.get(Account, account_id, with_for_update=True)
        if account is None or not account.active or account.role not in _TEAM_ROLES:
            raise InvalidError({"account_id": gettext("Only active team leads and grid workers can belong to a team.")})
        _refuse_if_member(session, account)
        day = joined_on or clock.today()
        _check(session, team, account, day, grid_id)
        account.role = Role.GRID_WORKER
        return _joined(session, team, account.pk, day, grid_id).pk


def set_grid(actor: Actor, member_id: int, grid_id: int | None) -> None:
    """Give a member a grid of their own, or none.

    Raises:
        NotFoundError: there is no such present member.
        InvalidError: the grid does not lie in the team's area.
    """
    with use_case(actor, Action.TEAM_EDIT) as session:
        member = _present(session, actor, member_id)
        _check_grid(session, session.get_one(Team, member.team_id), grid_id)
        member.grid_id = grid_id


def make_lead(actor: Actor, member_id: int) -> None:
    """Make a member the lead of the team; the former lead stays a member. Their roles follow.

    Raises:
        NotFoundError: there is no such present member.
    """
    with use_case(actor, Action.TEAM_EDIT) as session:
        hold_team_of(session, member_id)
        lead_instead(session, _present(session, actor, member_id))


def move(actor: Actor, member_id: int, team_id: int, *, grid_id: int | None = None) -> int:
    """Move a member to another team from today on; return the new membership's id.

    Raises:
        NotFoundError: there is no such present member or team.
        ConflictError: the member leads the team.
        OpenVisitsError: the member still has visits to make.
    """
    with use_case(actor, Action.TEAM_EDIT) as session:
        member = _present(session, actor, member_id)
        hold_team(session, team_id)
        team = access.load(session, actor, Action.TEAM_EDIT, Team, team_id)
        if team.id == member.team_id:
            raise InvalidError({"team_id": gettext("That is the present team.")})
        account = session.get_one(Account, member.account_id)
        _check(session, team, account, clock.today(), grid_id, after_leaving=True)
        _leave(session, member, account, clock.today())
        return _joined(session, team, account.pk, clock.today(), grid_id).pk


def remove(actor: Actor, member_id: int, *, left_on: date | None = None) -> None:
    """End a membership.

    Raises:
        NotFoundError: there is no such present member.
        InvalidError: the day lies before the person joined or in the future.
        ConflictError: the member leads the team.
        OpenVisitsError: the member still has visits to make.
    """
    with use_case(actor, Action.TEAM_EDIT) as session:
        member = _present(session, actor, member_id)
        _leave(session, member, session.get_one(Account, member.account_id), left_on or clock.today())


def bring_back(actor: Actor, member_id: int) -> None:
    """Undo that somebody left: the membership goes on as if it had not ended.

    Raises:
        NotFoundError: there is no such membership.
        ConflictError: the person belongs to a team already.
    """
    with use_case(actor, Action.TEAM_EDIT) as session:
        hold_team_of(session, member_id)
        member = access.load(session, actor, Action.TEAM_EDIT, TeamMember, member_id, lock=True)
        _refuse_if_member(session, session.get_one(Account, member.account_id))
        member.left_on = None


def open_visits(session: Session, account_id: int) -> list[OpenVisit]:
    """Return the visits somebody still has to make, by day; part of the caller's use case."""
    rows = session.exec(
        select(Visit, Enterprise.name, Campaign.name)
        .join(Enterprise, col(Enterprise.id) == Visit.enterprise_id)
        .join(Campaign, col(Campaign.id) == Visit.campaign_id)
        .where(Visit.assignee_id == account_id, TO_MAKE)
        .order_by(col(Visit.planned_on), col(Visit.id))
    ).all()
    return [OpenVisit(row.pk, enterprise, campaign, row.planned_on) for row, enterprise, campaign in rows]


def _present(session: Session, actor: Actor, member_id: int) -> TeamMember:
    member = access.load(session, actor, Action.TEAM_EDIT, TeamMember, member_id, lock=True)
    if member.left_on is not None:
        raise NotFoundError
    return member


def _leave(session: Session, member: TeamMember, account: Account, day: date) -> None:
    if member.is_lead:
        raise ConflictError(N_("{name} leads the team. Choose another lead first."), name=account.name)
    if day < member.joined_on or day > clock.today():
        raise InvalidError({"left_on": gettext("The day must lie between joining and today.")})
    if visits := open_visits(session, member.account_id):
        raise OpenVisitsError(account.name, visits)
    member.left_on = day
    session.flush()


def _joined(session: Session, team: Team, account_id: int, day: date, grid_id: int | None) -> TeamMember:
    member = TeamMember(team_id=team.pk, account_id=account_id, joined_on=day, grid_id=grid_id)
    session.add(member)
    session.flush()
    return member


def _check(
    session: Session, team: Team, account: Account, day: date, grid_id: int | None, *, after_leaving: bool = False
) -> None:
    if not team.active:
        raise InvalidError({"team_id": gettext("“{name}” is inactive.").format(name=team.name)})
    if day > clock.today():
        raise InvalidError({"joined_on": gettext("The day must not lie in the future.")})
    later = select(TeamMember.id).where(TeamMember.account_id == account.pk, col(TeamMember.left_on) > day)
    if not after_leaving and session.exec(later).first() is not None:
        raise InvalidError({"joined_on": gettext("{name} belonged to a team then.").format(name=account.name)})
    _check_grid(session, team, grid_id)


def _check_grid(session: Session, team: Team, grid_id: int | None) -> None:
    if grid_id is None:
        return
    grid = session.get(Area, grid_id)
    path = session.get_one(Area, team.area_id).path
    if grid is None or grid.tier is not Tier.GRID or not grid.path.startswith(path):
        raise InvalidError({"grid_id": gettext("The grid does not lie in the team's area.")})


def _refuse_if_member(session: Session, account: Account) -> None:
    statement = (
        select(Team.name)
        .join(TeamMember, col(TeamMember.team_id) == Team.id)
        .where(TeamMember.account_id == account.pk, col(TeamMember.left_on).is_(None))
    )
    if team := session.exec(statement).first():
        raise ConflictError(
            N_("{name} belongs to “{team}” already. Move them from there."), name=account.name, team=team
        )
