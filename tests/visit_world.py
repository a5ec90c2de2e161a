"""A small world for tests of assignment and visits: two streets, three teams, enterprises and a running campaign."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from sqlmodel import select

from core import clock
from core.db import transaction
from models.account import Account, Role
from models.area import Area, Tier
from models.base import Row
from models.campaign import Campaign, CampaignState, CampaignTarget, FormVersion
from models.enterprise import Contact, Enterprise
from models.fields import Condition, FieldKind, FieldSpec, Option
from models.team import Leave, Team, TeamMember
from models.visit import Visit, VisitState
from services import accounts
from services.actor import SYSTEM, Actor

R = TypeVar("R", bound=Row)

FORM = [
    FieldSpec(
        key="state", label="生产经营状况", kind=FieldKind.CHOICE, required=True,
        options=(Option(value="steady", label="平稳"), Option(value="falling", label="下滑")),
    ),
    FieldSpec(
        key="reason", label="下滑的原因", kind=FieldKind.LONG_TEXT, required=True,
        shown_if=Condition(field="state", values=("falling",)),
    ),
    FieldSpec(key="next_contact", label="下次联系日期", kind=FieldKind.DATE),
    FieldSpec(key="licence", label="营业执照", kind=FieldKind.ATTACHMENT),
]  # fmt: skip


def put(*rows: R) -> list[R]:
    """Store rows and return them with their ids."""
    with transaction(actor=SYSTEM) as session:
        session.add_all(rows)
        session.flush()
    return list(rows)


def one(row: R) -> R:
    """Store a row and return it with its id."""
    return put(row)[0]


def refreshed(model: type[R], row_id: int) -> R:
    """Return a row as the database has it now."""
    with transaction(actor=SYSTEM) as session:
        return session.exec(select(model).where(model.id == row_id)).one()


def everything(model: type[R]) -> list[R]:
    """Return all rows of a table, oldest first."""
    with transaction(actor=SYSTEM) as session:
        return list(session.exec(select(model).order_by(model.id)))


@dataclass
class World:
    """Who and what there is.

    Street A has two grids, each with a worker of team A; street B is another lead's. All lie in one zone.
    """

    areas: dict[str, Area] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    people: dict[str, Account] = field(default_factory=dict)
    enterprises: dict[str, Enterprise] = field(default_factory=dict)
    campaign: Campaign = field(default=None)  # type: ignore[assignment]  # set by `build`

    def actor(self, name: str) -> Actor:
        """Return somebody signed in just now, with the teams and areas they have today."""
        with transaction(actor=SYSTEM) as session:
            account = session.get_one(Account, self.people[name].pk)
            token = accounts.open_session(session, account, ip="127.0.0.1", user_agent="test")
        actor = accounts.actor_for(token)
        assert actor is not None
        return actor

    def visit(self, enterprise: str, assignee: str, *, days: int = 0, **more: object) -> Visit:
        """Store a planned visit of an enterprise by somebody, so many days from today."""
        row = self.enterprises[enterprise]
        values = {
            "campaign_id": self.campaign.pk, "enterprise_id": row.pk, "area_id": row.area_id,
            "team_id": self.teams["A" if assignee.endswith("a") else "B"].pk, "assignee_id": self.people[assignee].pk,
            "assigned_by_id": self.people["lead_a"].pk, "planned_on": clock.today() + timedelta(days=days),
        }  # fmt: skip
        return one(Visit(**(values | more)))

    def leave(self, name: str, first: date, last: date | None = None) -> Leave:
        """Store days of leave."""
        return one(Leave(account_id=self.people[name].pk, starts_on=first, ends_on=last or first))

    def set_state(self, state: CampaignState) -> None:
        """Let the campaign run, pause or end."""
        with transaction(actor=SYSTEM) as session:
            session.get_one(Campaign, self.campaign.pk).state = state


def build() -> World:
    """Store the small world in an empty database."""
    world = World()
    _areas(world)
    _people(world)
    _enterprises(world)
    world.campaign = one(
        Campaign(
            name="政务服务进千企", starts_on=clock.today() - timedelta(days=10), revisit_days=14,
            ends_on=clock.today() + timedelta(days=20), state=CampaignState.RUNNING,
        )
    )  # fmt: skip
    put(FormVersion(campaign_id=world.campaign.pk, version=1, questions=[q.model_dump(mode="json") for q in FORM]))
    with transaction(actor=SYSTEM) as session:
        for enterprise in world.enterprises.values():
            session.add(CampaignTarget(campaign_id=world.campaign.pk, enterprise_id=enterprise.pk))
    return world


def recorded(visit: Visit, *, days_ago: int = 0, **more: object) -> Visit:
    """Give a stored visit a record."""
    with transaction(actor=SYSTEM) as session:
        row = session.get_one(Visit, visit.pk)
        row.state = VisitState.RECORDED
        row.recorded_at = clock.now() - timedelta(days=days_ago)
        row.recorded_by_id = row.assignee_id
        for name, value in more.items():
            setattr(row, name, value)
    return refreshed(Visit, visit.pk)


def _areas(world: World) -> None:
    _area(world, "zone", Tier.ZONE, None)
    _area(world, "street_a", Tier.STREET, "zone")
    _area(world, "grid_1", Tier.GRID, "street_a", longitude=118.05, latitude=36.83)
    _area(world, "grid_2", Tier.GRID, "street_a", longitude=118.09, latitude=36.83)
    _area(world, "street_b", Tier.STREET, "zone")
    _area(world, "grid_3", Tier.GRID, "street_b")


def _area(world: World, name: str, tier: Tier, parent: str | None, **more: float) -> None:
    above = world.areas[parent] if parent else None
    row = one(Area(code=name, name=name, tier=tier, parent_id=above.pk if above else None, **more))
    with transaction(actor=SYSTEM) as session:
        session.get_one(Area, row.pk).path = f"{above.path if above else ''}{row.pk}."
    world.areas[name] = refreshed(Area, row.pk)


def _people(world: World) -> None:
    for key in ("A", "B"):
        world.teams[key] = one(Team(name=f"team {key}", area_id=world.areas[f"street_{key.lower()}"].pk))
    roles = {
        "coordinator": Role.COORDINATOR, "manager": Role.MANAGER, "officer": Role.DEPARTMENT_OFFICER,
        "admin": Role.ADMINISTRATOR, "lead_a": Role.TEAM_LEAD, "second_lead_a": Role.TEAM_LEAD,
        "worker_1a": Role.GRID_WORKER, "worker_2a": Role.GRID_WORKER, "lead_b": Role.TEAM_LEAD,
        "worker_3b": Role.GRID_WORKER,
    }  # fmt: skip
    for name, role in roles.items():
        world.people[name] = one(Account(username=name, name=name, role=role, must_change_password=False))
        if name[-1] in "ab":
            grid = world.areas[f"grid_{name[-2]}"] if name.startswith("worker") else None
            put(
                TeamMember(
                    team_id=world.teams[name[-1].upper()].pk, account_id=world.people[name].pk,
                    is_lead=role is Role.TEAM_LEAD, grid_id=grid.pk if grid else None, joined_on=date(2023, 1, 1),
                )
            )  # fmt: skip


def _enterprises(world: World) -> None:
    places = {"one": "grid_1", "two": "grid_1", "three": "grid_2", "four": "grid_2", "far": "grid_3"}
    for number, (name, grid) in enumerate(places.items()):
        area = world.areas[grid]
        world.enterprises[name] = one(
            Enterprise(
                name=f"{name}公司", area_id=area.pk, address=f"柳泉路{number}号",
                longitude=118.05 + number / 100, latitude=36.83,
            )
        )  # fmt: skip
    put(Contact(enterprise_id=world.enterprises["one"].pk, name="王经理", phone="+8613800000001", is_primary=True))
