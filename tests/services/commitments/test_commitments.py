"""Commitments: who enters them, who records that they were made good, and what each sees of them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from core import clock
from core.db import transaction
from core.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from models.account import Account, Role
from models.area import Area
from models.commitment import Commitment
from models.enterprise import Contact, Enterprise
from services import commitments, entities
from services.access import visible
from services.actor import SYSTEM, Actor
from services.commitments import COMMITMENTS, Due, Shown, listing
from services.enterprises import attachments, contacts
from services.enterprises.profile import profile
from services.entities import Query
from services.permissions import Action
from services.use_case import use_case
from tests import factories as given
from tests.services.commitments.conftest import World
from tests.services.imports import imported, reasons, xlsx

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")
TODAY = date(2023, 12, 6)


def _row(row_id: int) -> Commitment:
    return next(row for row in given.rows(Commitment) if row.pk == row_id)


# --- entered ---


def test_an_officer_enters_what_the_own_department_approved_for_any_enterprise(world: World) -> None:
    """Given an enterprise the officer has not seen before, when one is entered, then it is the department’s."""
    officer = given.acting(world.officer)
    assert world.enterprise.pk in entities.describe(officer, COMMITMENTS).references["enterprise_id"]

    made = entities.save(officer, COMMITMENTS, world.values(department_id=None))

    assert _row(made).department_id == world.department.pk
    found = entities.find(officer, COMMITMENTS, listing.narrowing(officer, Shown.ALL)(Query(search="甲机械")))
    assert [row["id"] for row in found.rows] == [made]
    assert found.labels["enterprise_id"] == {world.enterprise.pk: "淄博甲机械有限公司"}


def _opened(officer: Account, contact: Contact, enterprise: Enterprise) -> bool:
    """Return whether an officer reaches an enterprise, which holds for its profile, contacts and files alike."""
    asked: list[Callable[[Actor], Any]] = [
        lambda actor: profile(actor, enterprise.pk),
        lambda actor: contacts.reveal(actor, contact.pk),
        lambda actor: attachments.attached(actor, enterprise.pk),
    ]
    reached = []
    for ask in asked:
        try:
            ask(given.acting(officer))
        except NotFoundError:
            reached.append(False)
        else:
            reached.append(True)
    assert len(set(reached)) == 1
    return reached[0]


def test_what_a_department_enters_itself_opens_it_no_enterprise(world: World) -> None:
    """Neither to the officer nor to a colleague or follower; a coordinator's entry of the same enterprise does."""
    contact = given.stored(Contact(enterprise_id=world.elsewhere.pk, name="王总", phone="+8613800138000"))
    colleague = given.account(Role.DEPARTMENT_OFFICER, department_id=world.department.pk)
    other = next(each for each in given.rows(Account) if each.pk == world.outsiders["officer"].pk)
    people = [world.officer, colleague, other]
    values = world.values(enterprise_id=world.elsewhere.pk, follower_id=other.pk)

    own = entities.save(given.acting(world.officer), COMMITMENTS, values)
    assert [_opened(each, contact, world.elsewhere) for each in people] == [False] * 3
    assert not commitments.standing(given.acting(world.officer), own).profile

    entities.save(world.coordinator, COMMITMENTS, values | {"matter": "危险化学品经营许可"})
    assert [_opened(each, contact, world.elsewhere) for each in people] == [True] * 3
    assert commitments.standing(given.acting(world.officer), own).profile


def test_a_department_turns_a_given_commitment_to_no_other_enterprise(world: World) -> None:
    contact = given.stored(Contact(enterprise_id=world.elsewhere.pk, name="王总", phone="+8613800138000"))
    officer, made = given.acting(world.officer), world.entered()

    entities.save(officer, COMMITMENTS, {"text": "改为45日内"}, made)
    assert profile(officer, world.enterprise.pk).commitments[0].id == made
    entities.save(officer, COMMITMENTS, {"enterprise_id": world.elsewhere.pk}, made)

    assert not _opened(world.officer, contact, world.elsewhere)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"due_on": date(2023, 11, 19)}, "due_on"),
        ({"approved_on": TODAY + timedelta(days=1)}, "approved_on"),
        ({"matter": ""}, "matter"),
    ],
)
def test_what_does_not_fit_is_told_beside_its_field(world: World, change: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidError) as told:
        world.entered(**change)

    assert set(told.value.problems) == {field}


def test_whoever_follows_it_can_record_it(world: World) -> None:
    with pytest.raises(InvalidError) as told:
        world.entered(follower_id=world.outsiders["manager"].pk)

    assert set(told.value.problems) == {"follower_id"}
    assert _row(world.entered(follower_id=world.worker.pk)).follower_id == world.worker.pk


def test_a_department_enters_nothing_for_another(world: World) -> None:
    outsider = world.outsiders["officer"]
    made = world.entered()

    with pytest.raises(InvalidError) as told:
        entities.save(outsider, COMMITMENTS, world.values())
    assert set(told.value.problems) == {"department_id"}
    with pytest.raises(NotFoundError):
        entities.save(outsider, COMMITMENTS, {"text": "…"}, made)
    for name in ("lead", "worker", "manager", "administrator"):
        with pytest.raises(NotAllowedError):
            entities.save(world.outsiders[name], COMMITMENTS, world.values())


# --- made good ---


def test_what_was_made_good_says_when_by_whom_and_how(world: World) -> None:
    made = world.entered()

    commitments.fulfil(given.acting(world.officer), made, " 材料已补交至窗口 ")

    row = _row(made)
    assert (row.fulfilled_at, row.fulfilled_by_id, row.fulfilled_note) == (
        clock.now(), world.officer.pk, "材料已补交至窗口",
    )  # fmt: skip
    with pytest.raises(ConflictError):
        commitments.fulfil(given.acting(world.officer), made, "又一次")
    with pytest.raises(ConflictError):
        entities.delete(world.coordinator, COMMITMENTS, made)


def test_how_it_was_made_good_must_be_said(world: World) -> None:
    made = world.entered()

    with pytest.raises(InvalidError) as told:
        commitments.fulfil(world.coordinator, made, "  ")

    assert set(told.value.problems) == {"note"}


def test_a_mistake_is_taken_back_within_thirty_days(world: World) -> None:
    made = world.entered()
    commitments.fulfil(world.coordinator, made, "已补交")
    commitments.take_back(world.coordinator, made)
    row = _row(made)
    assert (row.fulfilled_at, row.fulfilled_by_id, row.fulfilled_note) == (None, None, "")
    with pytest.raises(ConflictError):
        commitments.take_back(world.coordinator, made)

    commitments.fulfil(world.coordinator, made, "已补交")
    clock.advance(timedelta(days=31))

    with pytest.raises(ConflictError):
        commitments.take_back(world.coordinator, made)
    assert not commitments.standing(world.coordinator, made).may_take_back


def test_outsiders_record_nothing(world: World) -> None:
    made = world.entered()

    for name in ("officer", "lead", "worker"):
        with pytest.raises(NotFoundError):
            commitments.fulfil(world.outsiders[name], made, "…")
        with pytest.raises(NotFoundError):
            commitments.take_back(world.outsiders[name], made)
    for name in ("manager", "administrator"):
        with pytest.raises(NotAllowedError):
            commitments.fulfil(world.outsiders[name], made, "…")
    with pytest.raises(NotFoundError):
        commitments.fulfil(given.acting(world.worker), made, "not the follower")


def test_a_follower_records_it_whatever_the_role(world: World) -> None:
    made = world.entered(follower_id=world.outsiders["worker"].pk)

    commitments.fulfil(world.outsiders["worker"], made, "已核实")

    assert _row(made).fulfilled_by_id == world.outsiders["worker"].account_id


# --- seen ---


def test_each_sees_those_of_the_own_area_or_department(world: World) -> None:
    made = world.entered()
    inside = [given.acting(each) for each in (world.officer, world.lead, world.worker)]

    for actor in (*inside, world.coordinator, world.outsiders["manager"]):
        assert commitments.standing(actor, made).id == made
    for name in ("officer", "lead", "worker"):
        with pytest.raises(NotFoundError):
            commitments.standing(world.outsiders[name], made)
    with pytest.raises(NotAllowedError):
        commitments.standing(world.outsiders["administrator"], made)


def test_a_department_sees_the_enterprise_and_its_contacts_for_a_commitment(world: World) -> None:
    contact = given.stored(Contact(enterprise_id=world.enterprise.pk, name="刘洋", phone="+8619900000001"))
    world.entered()

    for actor, seen in ((given.acting(world.officer), [contact.pk]), (world.outsiders["officer"], [])):
        with use_case(actor, Action.PHONE_REVEAL) as session:
            found = session.exec(visible(actor, Action.PHONE_REVEAL, Contact)).all()
            assert [row.pk for row in found] == seen


def test_the_list_begins_with_what_is_due_first_and_counts_each_kind(world: World) -> None:
    late, month, later, good = (
        world.entered(matter=f"事项{number}", due_on=day)
        for number, day in enumerate((date(2023, 12, 1), date(2023, 12, 31), date(2024, 1, 1), date(2023, 12, 2)))
    )
    commitments.fulfil(world.coordinator, good, "已补交")

    def shown(kind: Shown) -> list[int]:
        query = listing.narrowing(world.coordinator, kind)(Query())
        return [row["id"] for row in entities.find(world.coordinator, COMMITMENTS, query).rows]

    assert shown(Shown.OPEN) == [late, month, later]
    assert shown(Shown.OVERDUE) == [late]
    assert shown(Shown.THIS_MONTH) == [late, month]
    assert shown(Shown.MADE_GOOD) == [good]
    assert listing.counts(world.coordinator) == {
        Shown.OPEN: 3, Shown.OVERDUE: 1, Shown.THIS_MONTH: 2, Shown.MADE_GOOD: 1, Shown.ALL: 4,
    }  # fmt: skip
    assert listing.counts(world.outsiders["lead"])[Shown.ALL] == 0


def test_they_are_found_by_the_name_of_the_enterprise_too(world: World) -> None:
    made = [world.entered(), world.entered(enterprise_id=world.elsewhere.pk, matter="排污许可证变更")]

    def found(search: str) -> list[int]:
        query = listing.narrowing(world.coordinator, Shown.OPEN)(Query(search=search))
        return [row["id"] for row in entities.find(world.coordinator, COMMITMENTS, query).rows]

    assert found("乙陶瓷") == [made[1]]
    assert found("食品经营") == [made[0]]
    assert found("淄博") == made
    assert found("没有") == []


def test_each_row_says_how_it_stands(world: World) -> None:
    for number, day in enumerate((date(2023, 12, 3), TODAY, date(2023, 12, 7))):
        world.entered(matter=f"事项{number}", due_on=day)

    found = listing.with_standing(entities.find(world.coordinator, COMMITMENTS, Query()))

    assert [row["standing"] for row in found.rows] == ["逾期 3 天", "今日到期", "剩余 1 天"]


def test_the_start_page_counts_what_one_follows(world: World) -> None:
    """Given a follower for one and nobody for another, then each counts for whoever follows it: else the department."""
    world.entered(follower_id=world.worker.pk, due_on=date(2023, 12, 5))
    world.entered(matter="无人跟进", due_on=date(2023, 12, 13))
    world.entered(matter="还早", due_on=date(2023, 12, 14))

    assert commitments.due(given.acting(world.worker)) == Due(overdue=1)
    assert commitments.due(given.acting(world.officer)) == Due(soon=1)
    assert commitments.due(world.outsiders["officer"]) == Due()
    assert commitments.due(world.outsiders["administrator"]) == Due()


def _turn(*accounts: Account, **change: Any) -> None:
    """Have an administrator change accounts."""
    with transaction(actor=SYSTEM) as session:
        for account in accounts:
            for name, value in change.items():
                setattr(session.get_one(Account, account.pk), name, value)


@pytest.mark.parametrize("change", [{"active": False}, {"role": Role.MANAGER}])
def test_what_whoever_left_or_changed_roles_followed_is_for_those_reminded_instead(
    world: World, change: dict[str, Any]
) -> None:
    """Given followers who can no more, then colleagues have them; without any the nearest lead, else coordinators."""
    colleague = given.account(Role.DEPARTMENT_OFFICER, department_id=world.department.pk)
    above = given.account(Role.TEAM_LEAD)
    zone = min(given.rows(Area), key=lambda area: len(area.path))
    given.member(given.team(zone), above, lead=True)
    world.entered(follower_id=world.worker.pk, due_on=date(2023, 12, 5))
    world.entered(matter="排污许可", follower_id=world.officer.pk, due_on=date(2023, 12, 13))
    world.entered(matter="无部门", department_id=None, due_on=date(2023, 12, 13))
    people = {"colleague": colleague, "lead": world.lead, "above": above}

    def counted() -> dict[str, Due]:
        found = {name: commitments.due(given.acting(each)) for name, each in people.items()}
        return {**found, "coordinator": commitments.due(world.coordinator)}

    def leaves(name: str) -> None:
        _turn(people.pop(name), active=False)

    _turn(world.worker, world.officer, **change)
    nothing, every = Due(), Due(overdue=1, soon=2)
    assert counted() == {
        "colleague": Due(overdue=1, soon=1), "lead": Due(soon=1), "above": nothing, "coordinator": nothing,
    }  # fmt: skip
    leaves("colleague")
    assert counted() == {"lead": every, "above": nothing, "coordinator": nothing}
    leaves("lead")
    assert counted() == {"above": every, "coordinator": nothing}
    leaves("above")
    assert counted() == {"coordinator": every}
    for name in ("officer", "lead", "worker"):
        assert commitments.due(world.outsiders[name]) == nothing


def test_the_profile_tells_open_ones_first(world: World) -> None:
    good = world.entered(matter="已补", due_on=date(2023, 12, 1))
    world.entered(matter="别家", enterprise_id=world.elsewhere.pk)
    commitments.fulfil(world.coordinator, good, "已补交")
    left = world.entered()

    assert [each.id for each in profile(given.acting(world.lead), world.enterprise.pk).commitments] == [left, good]


# --- files ---


def test_a_file_brings_them_once(world: World) -> None:
    titles = ("企业", "事项名称", "承诺内容", "审批部门", "审批日期", "承诺期限", "跟进人")
    rows = [
        titles,
        ["91370303MA3C000001", "食品经营许可", "补交平面布局图", "行政审批服务局", "2023-11-20", "2023-12-20", ""],
        ["淄博乙陶瓷有限公司", "排污许可", "补交检测报告", "税务局", "2023-11-21", "2023-11-20", ""],
    ]

    run = imported(world.coordinator, xlsx(rows), entity="commitment", good_rows_only=True)

    assert reasons(world.coordinator, run) == [(3, "承诺期限", "承诺期限不能早于审批日期。")]
    (row,) = given.rows(Commitment)
    assert (row.enterprise_id, row.department_id, row.due_on) == (
        world.enterprise.pk, world.department.pk, date(2023, 12, 20),
    )  # fmt: skip
    again = imported(world.coordinator, xlsx(rows[:2]), entity="commitment")
    assert again.rows_same == 1
