"""Reminders of commitments: planned with them, moved with their day, and over with them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from core.db import transaction
from models.account import Role
from models.enterprise import Contact
from models.reminder import Occasion, Relation, Reminder, ReminderState, Subject
from services import commitments, entities
from services.accounts import ACCOUNTS
from services.actor import SYSTEM
from services.commitments import COMMITMENTS
from services.reminders.sources import SOURCES
from tests import factories as given
from tests.services.commitments.conftest import World

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")
ZONE = ZoneInfo("Asia/Shanghai")
SOURCE = SOURCES[Subject.COMMITMENT]


def _planned(state: ReminderState = ReminderState.PLANNED) -> list[tuple[str, str]]:
    """Return when what goes to whom: of the rules every installation begins with."""
    rows = given.rows(Reminder, lambda row: row.state is state and row.subject is Subject.COMMITMENT)
    return sorted((f"{row.due_at.astimezone(ZONE):%m-%d %H:%M}", row.recipient_key) for row in rows)


def test_entering_one_plans_its_reminders(world: World) -> None:
    """Given a main contact with an address, when a commitment is entered, then it is told five days before as well."""
    contact = given.stored(
        Contact(enterprise_id=world.enterprise.pk, name="刘洋", email="liu@example.com", is_primary=True)
    )

    world.entered(follower_id=world.worker.pk)

    worker, coordinator = f"a{world.worker.pk}", f"a{world.coordinator.pk}"
    assert _planned() == sorted([
        ("12-13 09:00", worker), ("12-13 09:00", f"c{contact.pk}"), ("12-20 09:00", worker),
        ("12-21 09:00", coordinator), ("12-21 09:00", worker),
    ])  # fmt: skip


def test_moving_its_day_moves_them(world: World) -> None:
    made = world.entered()
    officer = f"a{world.officer.pk}"
    assert ("12-20 09:00", officer) in _planned()

    entities.save(world.coordinator, COMMITMENTS, {"due_on": date(2023, 12, 22)}, made)

    assert [when for when, who in _planned() if who == officer] == ["12-15 09:00", "12-22 09:00", "12-25 09:00"]
    assert ("12-20 09:00", officer) in _planned(ReminderState.CANCELLED)


def test_making_it_good_cancels_them_and_taking_that_back_plans_them_again(world: World) -> None:
    made = world.entered()
    before = _planned()

    commitments.fulfil(world.coordinator, made, "已补交")
    assert _planned() == []
    commitments.take_back(world.coordinator, made)

    assert _planned() == before


def test_deleting_it_cancels_them(world: World) -> None:
    made = world.entered()

    entities.delete(world.coordinator, COMMITMENTS, made)

    assert _planned() == []
    assert _planned(ReminderState.CANCELLED)


def test_another_follower_is_told_instead(world: World) -> None:
    made = world.entered(follower_id=world.worker.pk)

    entities.save(world.coordinator, COMMITMENTS, {"follower_id": world.lead.pk}, made)

    told = {who for _when, who in _planned()}
    assert told == {f"a{world.lead.pk}", f"a{world.coordinator.pk}"}


@pytest.mark.parametrize("change", [{"active": False}, {"role": Role.ADMINISTRATOR}])
def test_it_knows_who_stands_around(world: World, change: dict[str, object]) -> None:
    """Given a head of the department and a follower who can no more, then the officers act in the follower's place."""
    admin = given.actor(Role.ADMINISTRATOR)
    head = given.account(Role.DEPARTMENT_OFFICER, department_id=world.department.pk, heads_department=True)
    manager = world.outsiders["manager"].pk
    made = world.entered(follower_id=world.worker.pk)
    entities.save(admin, ACCOUNTS, change, world.worker.pk)

    with transaction(actor=SYSTEM) as session:
        (standing,) = SOURCE.standings(session, [made])

    assert standing.occasion is Occasion.COMMITMENT_DUE
    assert standing.moment == datetime(2023, 12, 20, 17, 30, tzinfo=ZONE)
    assert standing.due_version == date(2023, 12, 20).toordinal()
    assert standing.people == {
        Relation.ASSIGNEE: (world.officer.pk, head.pk),
        Relation.LEAD: (world.lead.pk,),
        Relation.DEPARTMENT_HEAD: (head.pk,),
        Relation.COORDINATOR: (world.coordinator.pk,),
        Relation.MANAGER: (manager,),
    }


def test_it_says_what_templates_may_say(world: World) -> None:
    made = world.entered(follower_id=world.worker.pk)
    nobody = world.entered(matter="排污许可证变更", department_id=None)

    with transaction(actor=SYSTEM) as session:
        words = SOURCE.words(session, [made, nobody])

    assert (words[made]["enterprise"], words[made]["title"]) == (world.enterprise.name, "30日内补交平面布局图")
    assert (words[made]["person"], words[made]["department"]) == (world.worker.name, world.department.name)
    assert (words[nobody]["person"], words[nobody]["department"]) == ("", "")
    assert words[made].keys() == SOURCE.sample().keys()
    assert SOURCE.link(made) == f"/commitments-list?_row={made}"


def test_only_what_is_open_is_planned_anew(world: World) -> None:
    open_one, good = world.entered(), world.entered(matter="排污许可证变更")
    commitments.fulfil(world.coordinator, good, "已补交")

    with transaction(actor=SYSTEM) as session:
        assert SOURCE.live(session, 0, 10) == [open_one]
        assert SOURCE.live(session, open_one, 10) == []
