"""An entity's lists, filters, order, saving, deleting and history follow from its table's columns alone."""

from datetime import date, datetime

import pytest

from core import clock
from core.db import transaction
from core.errors import InvalidError, NotAllowedError, NotFoundError
from core.i18n import in_locale
from models.account import Department, Role
from models.area import Area, Tier
from models.configuration import CalendarDay, ChoiceItem, ChoiceList, DayKind, Extensible, ExtraField
from models.enterprise import Enterprise, Scale
from models.fields import Condition, FieldKind, FieldSpec, Option
from services.entities import Entity, Query, delete, describe, fetch, find, history, name_held, save
from services.entities.queries import matching
from services.meanwhile import OvertakenError
from services.permissions import Action
from tests import factories as given

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")

DAYS = Entity(
    key="calendar_day", model=CalendarDay, label="Holiday", labels="Holidays", view=Action.CONFIGURE,
    edit=Action.CONFIGURE, natural_key=("day",), order="day", deletable=True,
)  # fmt: skip
DEPARTMENTS = Entity(
    key="department", model=Department, label="Department", labels="Departments", view=Action.AREA_VIEW,
    edit=Action.CONFIGURE, natural_key=("name",),
)  # fmt: skip
ENTERPRISES = Entity(
    key="enterprise", model=Enterprise, label="Enterprise", labels="Enterprises", view=Action.ENTERPRISE_VIEW,
    edit=Action.ENTERPRISE_EDIT, natural_key=("credit_code",), extensible=Extensible.ENTERPRISE,
)  # fmt: skip
ITEMS = Entity(
    key="choice_item", model=ChoiceItem, label="Value", labels="Values", view=Action.CONFIGURE,
    edit=Action.CONFIGURE, natural_key=("value",), title="label", within={"list_key": "industry"},
)  # fmt: skip


def names(query: Query, entity: Entity = ENTERPRISES, key: str = "name", role: Role = Role.COORDINATOR) -> list[str]:
    found = find(given.actor(role), entity, query)
    assert found.total == len(found.rows)
    return [row[key] for row in found.rows]


def test_what_is_saved_is_found_shown_and_told_in_the_history() -> None:
    admin = given.actor(Role.ADMINISTRATOR)

    row_id = save(admin, DAYS, {"day": "2024-02-09", "kind": "Holiday", "name": " 除夕 "})
    save(admin, DAYS, {"name": "除夕夜"}, row_id)

    assert fetch(admin, DAYS, row_id)["day"] == date(2024, 2, 9)
    assert find(admin, DAYS, Query(search="夕夜")).total == 1
    changed, created = history(admin, DAYS, row_id)
    assert [(c.spec.key, c.before, c.after) for c in changed.changes] == [("name", "除夕", "除夕夜")]
    assert (created.verb, created.actor_name) == ("created", admin.name)
    assert {c.spec.key for c in created.changes} == {"day", "kind", "name"}


def test_each_wrong_field_is_told_and_nothing_is_saved() -> None:
    admin = given.actor(Role.ADMINISTRATOR)

    with pytest.raises(InvalidError) as told:
        save(admin, DAYS, {"day": "soon", "kind": "party"})

    assert set(told.value.problems) == {"day", "kind"}
    assert find(admin, DAYS, Query()).total == 0


def test_a_value_that_must_be_the_only_one_is_refused_beside_its_field() -> None:
    admin = given.actor(Role.ADMINISTRATOR)
    save(admin, DAYS, {"day": "2024-02-09", "kind": "holiday"})

    with pytest.raises(InvalidError) as told:
        save(admin, DAYS, {"day": "2024-02-09", "kind": "workday"})

    assert set(told.value.problems) == {"day"}


def test_of_two_people_changing_a_field_at_once_the_second_is_told() -> None:
    admin = given.actor(Role.ADMINISTRATOR)
    row_id = save(admin, DAYS, {"day": "2024-02-09", "kind": "holiday"})
    seen = fetch(admin, DAYS, row_id)
    save(admin, DAYS, {"name": "first"}, row_id, seen=seen)

    with pytest.raises(OvertakenError, match="名称") as told:
        save(admin, DAYS, {"name": "second", "kind": "holiday"}, row_id, seen=seen)

    assert (told.value.keys, told.value.now["name"]) == (("name",), "first")
    assert fetch(admin, DAYS, row_id)["name"] == "first"


def test_of_two_people_changing_other_fields_at_once_each_keeps_theirs() -> None:
    """Given two forms of one row, which send all fields, when both are saved, then neither undoes the other."""
    admin = given.actor(Role.ADMINISTRATOR)
    row_id = save(admin, DAYS, {"day": "2024-02-09", "kind": "holiday", "name": "除夕"})
    seen = fetch(admin, DAYS, row_id)
    form = {"day": date(2024, 2, 9), "kind": "holiday", "name": "除夕"}

    save(admin, DAYS, {**form, "name": "休息"}, row_id, seen=seen)
    save(admin, DAYS, {**form, "kind": "workday"}, row_id, seen=seen)

    assert {"name": "休息", "kind": "workday"}.items() <= fetch(admin, DAYS, row_id).items()


def test_two_people_who_change_a_field_alike_do_not_stand_in_each_others_way() -> None:
    admin = given.actor(Role.ADMINISTRATOR)
    row_id = save(admin, DAYS, {"day": "2024-02-09", "kind": "holiday"})
    seen = fetch(admin, DAYS, row_id)

    for _person in range(2):
        save(admin, DAYS, {"name": "除夕"}, row_id, seen=seen)

    assert fetch(admin, DAYS, row_id)["name"] == "除夕"


def test_a_deleted_row_can_be_made_again_from_what_deleting_returns() -> None:
    admin = given.actor(Role.ADMINISTRATOR)
    row_id = save(admin, DAYS, {"day": "2024-02-09", "kind": "holiday", "name": "除夕"})

    before = delete(admin, DAYS, row_id)
    again = save(admin, DAYS, before)

    made = fetch(admin, DAYS, again)
    assert {**before, "id": again} == {key: made[key] for key in before}


def test_who_may_not_change_an_entity_can_only_see_it() -> None:
    admin, officer = given.actor(Role.ADMINISTRATOR), given.actor(Role.DEPARTMENT_OFFICER)
    row_id = save(admin, DEPARTMENTS, {"name": "税务局"})

    assert find(officer, DEPARTMENTS, Query()).total == 1
    with pytest.raises(NotAllowedError):
        save(officer, DEPARTMENTS, {"name": "x"}, row_id)
    with pytest.raises(NotAllowedError):
        history(officer, DEPARTMENTS, row_id)
    with pytest.raises(NotAllowedError):
        find(officer, DAYS, Query())
    with pytest.raises(NotAllowedError):
        delete(admin, DEPARTMENTS, row_id)


def test_a_lead_finds_and_changes_only_what_lies_in_their_area() -> None:
    street = given.area(Tier.STREET)
    here, elsewhere = given.area(Tier.VILLAGE, street), given.area(Tier.VILLAGE, street)
    lead = given.account(Role.TEAM_LEAD)
    given.member(given.team(here), lead, lead=True)
    mine, other = given.enterprise(here), given.enterprise(elsewhere)
    actor = given.acting(lead)

    assert [row["id"] for row in find(actor, ENTERPRISES, Query()).rows] == [mine.id]
    assert list(describe(actor, ENTERPRISES).references["area_id"]) == [here.id]
    with pytest.raises(NotFoundError):
        fetch(actor, ENTERPRISES, other.pk)
    with pytest.raises(NotFoundError):
        save(actor, ENTERPRISES, {"name": "x"}, other.pk)


def test_filters_know_choices_ranges_areas_with_below_and_lists_of_values() -> None:
    street = given.area(Tier.STREET)
    village, apart = given.area(Tier.VILLAGE, street), given.area(Tier.VILLAGE)
    given.enterprise(village, "A", scale=Scale.LARGE, founded_year=1990)
    given.enterprise(apart, "B", scale=Scale.SMALL, founded_year=2010)
    given.enterprise(apart, "C")

    assert names(Query(filters={"scale": ["large", "small"]}, order="name")) == ["A", "B"]
    assert names(Query(filters={"founded_year": (2000, None)})) == ["B"]
    assert names(Query(filters={"area_id": [street.id]})) == ["A"]
    assert names(Query(filters={"unknown": ["x"]}, order="-name")) == ["C", "B", "A"]


@pytest.mark.parametrize(("last", "expected"), [(date(2024, 3, 2), 1), (date(2024, 3, 1), 0)])
def test_a_range_of_days_includes_the_whole_last_day_of_moments(last: date, expected: int) -> None:
    made = FieldSpec(key="created_at", label="Made", kind=FieldKind.MOMENT)
    late = datetime(2024, 3, 2, 23, 30, tzinfo=clock.zone())
    given.stored(CalendarDay(day=date(2024, 1, 1), kind=DayKind.HOLIDAY, created_at=late))
    actor = given.actor(Role.ADMINISTRATOR)

    statement = matching(actor, DAYS, Query(filters={"created_at": (date(2024, 3, 1), last)}), [made])

    with transaction(actor=actor) as session:
        assert len(session.exec(statement).all()) == expected


def test_lists_are_ordered_as_readers_of_each_language_expect() -> None:
    village = given.area(Tier.VILLAGE)
    for name in ("张店农商行", "阿里云", "博山陶瓷", "Zibo Steel"):
        given.enterprise(village, name)

    with in_locale("zh_CN"):
        assert names(Query(order="name")) == ["Zibo Steel", "阿里云", "博山陶瓷", "张店农商行"]


def test_choices_and_references_are_ordered_by_what_people_read() -> None:
    west, east = given.area(Tier.VILLAGE, name="West"), given.area(Tier.VILLAGE, name="East")
    given.enterprise(west, "W", scale=Scale.MICRO)
    given.enterprise(east, "E", scale=Scale.LARGE)

    assert names(Query(order="scale")) == ["E", "W"]
    assert names(Query(order="area_id")) == ["E", "W"]
    assert names(Query(order="-area_id")) == ["W", "E"]


def test_an_extra_field_is_checked_filtered_ordered_and_told_like_a_built_in_one() -> None:
    village = given.area(Tier.VILLAGE)
    level = FieldSpec(
        key="level", label="等级", kind=FieldKind.CHOICE, options=(Option(value="a", label="甲"),), filterable=True
    )
    given.stored(ExtraField.of(Extensible.ENTERPRISE, level))
    given.stored(
        ExtraField.of(Extensible.ENTERPRISE, FieldSpec(key="since", label="自", kind=FieldKind.DATE), position=1)
    )
    coordinator = given.actor(Role.COORDINATOR)
    row_id = save(coordinator, ENTERPRISES, {"name": "A", "area_id": village.id, "level": "甲", "since": "2024-02-09"})
    save(coordinator, ENTERPRISES, {"name": "B", "area_id": village.id})

    with pytest.raises(InvalidError) as told:
        save(coordinator, ENTERPRISES, {"level": "z"}, row_id)

    assert set(told.value.problems) == {"level"}
    assert names(Query(filters={"level": ["a"]})) == ["A"]
    assert names(Query(filters={"since": (date(2024, 1, 1), date(2024, 12, 31))})) == ["A"]
    assert names(Query(order="since")) == ["A", "B"]
    assert ("level", None, "a") in [
        (c.spec.key, c.before, c.after) for c in history(coordinator, ENTERPRISES, row_id)[0].changes
    ]


def test_a_field_is_asked_only_while_its_condition_holds_and_emptied_when_it_no_longer_does() -> None:
    village = given.area(Tier.VILLAGE)
    why = FieldSpec(key="why", label="why", required=True, shown_if=Condition(field="scale", values=("large",)))
    given.stored(ExtraField.of(Extensible.ENTERPRISE, why))
    coordinator = given.actor(Role.COORDINATOR)
    base = {"name": "A", "area_id": village.id}

    with pytest.raises(InvalidError):
        save(coordinator, ENTERPRISES, {**base, "scale": "large"})
    row_id = save(coordinator, ENTERPRISES, {**base, "scale": "large", "why": "because"})
    save(coordinator, ENTERPRISES, {"why": "therefore"}, row_id)
    assert fetch(coordinator, ENTERPRISES, row_id)["why"] == "therefore"

    save(coordinator, ENTERPRISES, {"scale": "small", "why": "therefore"}, row_id)
    assert fetch(coordinator, ENTERPRISES, row_id)["why"] is None


def test_a_value_that_can_no_longer_be_chosen_stays_where_it_is_but_is_not_given_anew() -> None:
    village = given.area(Tier.VILLAGE)
    given.stored(ChoiceList(key="industry", name="行业"))
    item = given.stored(ChoiceItem(list_key="industry", value="coal", label="煤炭"))
    coordinator = given.actor(Role.COORDINATOR)
    row_id = save(coordinator, ENTERPRISES, {"name": "A", "area_id": village.id, "industry": "煤炭"})
    save(given.actor(Role.ADMINISTRATOR), ITEMS, {"active": False}, item.pk)

    save(coordinator, ENTERPRISES, {"name": "A2", "industry": "coal"}, row_id)

    assert fetch(coordinator, ENTERPRISES, row_id)["industry"] == "coal"
    assert names(Query(filters={"industry": ["coal"]})) == ["A2"]
    with pytest.raises(InvalidError):
        save(coordinator, ENTERPRISES, {"name": "B", "area_id": village.id, "industry": "coal"})


def test_what_a_row_refers_to_is_offered_even_where_it_cannot_be_named() -> None:
    coordinator, gone = given.actor(Role.COORDINATOR), given.area(Tier.STREET, name="旧街道")
    with transaction(actor=coordinator) as session:
        session.get_one(Area, gone.pk).active = False
    described = describe(coordinator, ENTERPRISES)
    assert gone.pk not in described.references["area_id"]

    assert name_held(coordinator, ENTERPRISES, described, {"area_id": gone.pk}).references["area_id"] == {
        **described.references["area_id"], gone.pk: "旧街道"
    }  # fmt: skip
    assert "999" in name_held(coordinator, ENTERPRISES, described, {"area_id": 999}).references["area_id"][999]
    assert name_held(coordinator, ENTERPRISES, described, {"area_id": None}) == described


def test_a_list_within_one_value_shows_takes_and_opens_only_such_rows() -> None:
    given.stored(ChoiceList(key="industry", name="行业"))
    given.stored(ChoiceList(key="other", name="其他"))
    stranger = given.stored(ChoiceItem(list_key="other", value="x", label="x"))
    admin = given.actor(Role.ADMINISTRATOR)

    row_id = save(admin, ITEMS, {"label": "食品", "value": "food"})

    assert given.rows(ChoiceItem, lambda row: row.id == row_id)[0].list_key == "industry"
    assert names(Query(), ITEMS, "label", Role.ADMINISTRATOR) == ["食品"]
    with pytest.raises(NotFoundError):
        fetch(admin, ITEMS, stranger.pk)


def test_values_of_a_tree_are_named_with_what_they_lie_below() -> None:
    given.stored(ChoiceList(key="industry", name="行业"))
    for value, label, parent in (("land", "土地", ""), ("plan", "规划", "land"), ("tax", "税务", "")):
        given.stored(ChoiceItem(list_key="industry", value=value, label=label, label_en=value, parent_value=parent))

    with in_locale("zh_CN"):
        specs = describe(given.actor(Role.COORDINATOR), ENTERPRISES).specs
    labels = {spec.key: [option.label for option in spec.options] for spec in specs}

    assert labels["industry"] == ["土地", "土地 / 规划", "税务"]


def test_areas_to_choose_are_named_with_the_area_they_lie_in() -> None:
    street = given.area(Tier.STREET, name="四宝山街道")
    village = given.area(Tier.VILLAGE, street, "李家村")
    grid = given.area(Tier.GRID, village, "第1网格")

    choices = describe(given.actor(Role.COORDINATOR), ENTERPRISES).references["area_id"]

    assert choices[grid.pk] == "四宝山街道 › 李家村 › 第1网格"
