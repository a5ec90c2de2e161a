"""A small world of commitments: an enterprise, a department that approves, and people around and elsewhere."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from models.account import Account, Department, Role
from models.area import Tier
from models.enterprise import Enterprise
from services import entities
from services.actor import Actor
from services.commitments import COMMITMENTS
from tests import factories as given


@dataclass(frozen=True)
class World:
    """An enterprise in a grid of one team, a department that approves, and people around and elsewhere."""

    enterprise: Enterprise
    elsewhere: Enterprise
    department: Department
    officer: Account
    lead: Account
    worker: Account
    coordinator: Actor
    outsiders: dict[str, Actor]

    def values(self, **more: Any) -> dict[str, Any]:
        """Return the values of a commitment, due on 20 December."""
        values = {
            "enterprise_id": self.enterprise.pk, "matter": "食品经营许可", "text": "30日内补交平面布局图",
            "department_id": self.department.pk, "approved_on": date(2023, 11, 20), "due_on": date(2023, 12, 20),
        }  # fmt: skip
        return values | more

    def entered(self, **more: Any) -> int:
        """Let the coordinator enter a commitment and return its id."""
        return entities.save(self.coordinator, COMMITMENTS, self.values(**more))


@pytest.fixture
def world(database: str) -> World:
    assert database
    zone = given.area(Tier.ZONE)
    grids = [given.area(Tier.GRID, given.area(Tier.VILLAGE, given.area(Tier.STREET, zone))) for _n in range(2)]
    departments = [given.stored(Department(name=name)) for name in ("行政审批服务局", "税务局")]
    officers = [given.account(Role.DEPARTMENT_OFFICER, department_id=each.pk) for each in departments]
    leads, workers = [], []
    for grid in grids:
        team = given.team(grid)
        leads.append(given.account(Role.TEAM_LEAD))
        workers.append(given.account(Role.GRID_WORKER))
        given.member(team, leads[-1], lead=True)
        given.member(team, workers[-1], grid=grid)
    return World(
        given.enterprise(grids[0], "淄博甲机械有限公司", credit_code="91370303MA3C000001"),
        given.enterprise(grids[1], "淄博乙陶瓷有限公司"),
        departments[0],
        officers[0],
        leads[0],
        workers[0],
        given.actor(Role.COORDINATOR, locale="zh_CN"),
        {
            "officer": given.acting(officers[1]),
            "lead": given.acting(leads[1]),
            "worker": given.acting(workers[1]),
            "manager": given.actor(Role.MANAGER),
            "administrator": given.actor(Role.ADMINISTRATOR),
        },
    )
