"""Whose both directions are shown: all the actor answers for, a team, or an enterprise; and in which months."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import true
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from core import months
from core.collation import by_reading
from core.errors import NotFoundError
from models.enterprise import Enterprise
from models.team import Team
from services import access
from services.actor import Actor
from services.enterprises import naming
from services.permissions import Action, Scope, scope
from services.tallies.scope import Asked, ground, own_areas
from services.teams import serving
from services.use_case import use_case

FEW = 1000
"""How many enterprises can be chosen from one list; more are searched."""
_FOUND = 30


@dataclass(frozen=True)
class Whose:
    """What both directions are asked of; whatever is empty is not narrowed.

    Args:
        team_id: a service team: its area's needs, its own visits.
        enterprise_id: an enterprise; then no team.
        since: the first day of the first month.
        until: the first day of the last month, which is included.
    """

    team_id: int | None = None
    enterprise_id: int | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Place:
    """What was asked, found and allowed.

    Args:
        whose: what was asked.
        name: of the team or the enterprise; empty for all the actor answers for.
        ground: the areas whose needs are meant, none of which lies in another; a team's are its own but for what
            other teams serve.
        own: the areas lists must be narrowed to so that they show what the actor answers for; none: no need.
    """

    whose: Whose
    name: str = ""
    ground: tuple[int, ...] = ()
    own: tuple[int, ...] = ()

    def needs(self, *, in_visits: bool = False) -> Asked:
        """Return what figures of needs are asked of.

        Args:
            in_visits: only those raised in visits.
        """
        return Asked(None, self.whose.since, self.whose.until, in_visits=in_visits)

    @property
    def months(self) -> Asked:
        """What figures of visits are asked of: a team's visits are its own, wherever they were."""
        return Asked(None, self.whose.since, self.whose.until)

    @property
    def areas(self) -> list[int]:
        """The areas lists of needs are narrowed to; none for all, and for an enterprise, which is meant itself."""
        return list(self.ground if self.whose.team_id is not None else self.own)

    @property
    def days(self) -> tuple[date | None, date | None]:
        """The first and the last day asked for."""
        last = self.whose.until
        return self.whose.since, last and months.last_day(last)


@dataclass(frozen=True)
class Choices:
    """Whose both directions the actor may see.

    Args:
        teams: id → name.
        enterprises: id → name, or those a search finds.
        many: whether enterprises must be searched for.
    """

    teams: dict[int, str]
    enterprises: dict[int, str]
    many: bool


def find(actor: Actor, whose: Whose) -> Place:
    """Return what both directions are asked of.

    Raises:
        NotAllowedError: the role sees no figures.
        NotFoundError: the team or the enterprise is not the actor's to see.
    """
    with use_case(actor, Action.PROGRESS_VIEW) as session:
        if whose.enterprise_id is not None:
            row = access.load(session, actor, Action.ENTERPRISE_VIEW, Enterprise, whose.enterprise_id)
            return Place(whose, row.name)
        own = tuple(own_areas(actor) or ())
        if whose.team_id is None:
            return Place(whose, ground=tuple(ground(session, actor, None)), own=own)
        team = session.exec(_teams(actor).where(col(Team.id) == whose.team_id)).one_or_none()
        if team is None:
            raise NotFoundError
        return Place(whose, team.name, tuple(serving.ground(session, team)) or (team.area_id,), own)


def choices(actor: Actor, search: str = "") -> Choices:
    """Return whose both directions the actor may see.

    Args:
        actor: who asks.
        search: part of an enterprise's name, where they are too many for one list.

    Raises:
        NotAllowedError: the role sees no figures.
    """
    with use_case(actor, Action.PROGRESS_VIEW) as session:
        active = _teams(actor).where(col(Team.active))
        teams = session.exec(active.order_by(by_reading(col(Team.name)), col(Team.id))).all()
        enterprises = _enterprises(session, actor)
        many = len(enterprises) > FEW
        if many:
            enterprises = _enterprises(session, actor, search, _FOUND) if search.strip() else {}
        return Choices({team.pk: team.name for team in teams}, enterprises, many)


def _teams(actor: Actor) -> SelectOfScalar[Team]:
    whole = scope(actor, Action.PROGRESS_VIEW) is Scope.ZONE
    return select(Team).where(true() if whole else access.in_area(actor, Team.area_id))


def _enterprises(session: Session, actor: Actor, search: str = "", most: int = FEW + 1) -> dict[int, str]:
    mine = access.condition(actor, Action.ENTERPRISE_VIEW, Enterprise)
    return naming.choices(session, mine, search=search, limit=most)
