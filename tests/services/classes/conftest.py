"""The small world of the ledger with more enterprises, several of which have the same need."""

from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from models.issue_class import ClassState, Standing
from services import classes
from services.classes import Shown
from tests import factories, issue_world
from tests.issue_world import IssueWorld

POWER = (
    "新上两条生产线，变压器容量不够，报装增容两个月没有答复。",
    "变压器容量不够用，增容报装两个月了还没有答复",
    "想增容换一台变压器，报装两个月没有答复。",
    "报装变压器增容两个月没有消息，容量不够影响投产",
)
"""One need in four wordings."""
OTHERS = ("园区线路老化，上月跳闸三次，精密设备受损。", "建议园区统一建设新能源车充电桩。", "充电桩太少")


@dataclass
class ClassWorld(IssueWorld):
    """The same with what tests of classes do often."""

    def heard(self, texts: Iterable[str], category: str = "power") -> list[int]:
        """Register a need of another enterprise of street A each time."""
        found = []
        for text in texts:
            area_id = self.enterprises["A"].area_id
            name = f"E{len(self.enterprises)}"
            self.enterprises[name] = factories.stored(
                type(self.enterprises["A"])(name=f"{name} 企业有限公司", area_id=area_id)
            )
            found.append(self.register(at=name, text=text, category=category))
        return found

    @property
    def everybody(self) -> list[Shown]:
        """All classes, as the coordinator sees them."""
        return classes.every(self.actor("coordinator"), *ClassState)

    def suggested(self) -> int:
        """Register the need of `POWER`, let it be suggested and return the suggestion."""
        self.heard(POWER)
        self.heard(OTHERS)
        assert classes.suggest(self.actor("coordinator")) == 1
        return self.everybody[0].row.pk

    def confirmed(self, **more: object) -> int:
        """Return a confirmed class of the need of `POWER`, department X in charge."""
        class_id = self.suggested()
        given = {"department_id": self.departments["X"].pk, "measure": "增容报装一次受理、限时办结", **more}
        classes.confirm(self.actor("coordinator"), class_id, given, self.ruled(class_id))
        return class_id

    def ruled(self, class_id: int, *without: int) -> dict[int, bool]:
        """Return the ruling that all issues offered to a class belong to it, `without` some."""
        offered = classes.of_class(self.actor("coordinator"), class_id, Standing.OFFERED)
        return {each.id: each.id not in without for each in offered.rows}


@pytest.fixture
def world(database: str, frozen_clock: object) -> ClassWorld:
    """The small world in an empty database; the clock stands still."""
    assert database
    assert frozen_clock
    return ClassWorld(**vars(issue_world.build()))
