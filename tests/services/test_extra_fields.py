"""Extra fields and choice lists: what an administrator may set up, and what is refused once values exist."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest

from core.errors import ConflictError, InvalidError, NotAllowedError
from core.i18n import in_locale
from models.account import Role
from models.area import Tier
from models.configuration import ChoiceItem, ChoiceList, Extensible, ExtraField
from models.fields import FieldKind
from services.actor import Actor
from services.configuration.choice_lists import CHOICE_LISTS, choice_items
from services.configuration.extra_fields import extra_fields_of, previewed
from services.enterprises import ENTERPRISES
from services.entities import Query, delete, describe, find, save
from services.exporting import export
from tests import factories as given

pytestmark = pytest.mark.usefixtures("database", "frozen_clock")
FIELDS = extra_fields_of(Extensible.ENTERPRISE)


@pytest.fixture
def admin(database: str) -> Actor:  # noqa: ARG001 - asked for its effect
    return given.actor(Role.ADMINISTRATOR)


def problems(actor: Actor, values: dict[str, Any], row_id: int | None = None) -> set[str]:
    with pytest.raises(InvalidError) as told:
        save(actor, FIELDS, values, row_id)
    return set(told.value.problems)


def test_a_declared_field_is_in_form_list_filter_and_export_at_once(admin: Actor) -> None:
    coordinator = given.actor(Role.COORDINATOR)
    village = given.area(Tier.VILLAGE)
    save(admin, FIELDS, {"label": "专精特新等级", "kind": "choice", "options": "国家级\n省级"})
    company = {"name": "山东新材料有限公司", "area_id": village.id, "zhuan_jing_te_xin_deng_ji": "省级"}

    save(coordinator, ENTERPRISES, company)
    save(coordinator, ENTERPRISES, {**company, "name": "别的公司", "zhuan_jing_te_xin_deng_ji": "国家级"})

    spec = next(s for s in describe(coordinator, ENTERPRISES).specs if s.key == "zhuan_jing_te_xin_deng_ji")
    assert (spec.label, spec.listed, spec.filterable, spec.extra) == ("专精特新等级", True, True, True)
    query = Query(filters={"zhuan_jing_te_xin_deng_ji": ["省级"]})
    assert [row["name"] for row in find(coordinator, ENTERPRISES, query).rows] == ["山东新材料有限公司"]
    sheet = openpyxl.load_workbook(BytesIO(export(coordinator, ENTERPRISES, query))).active
    assert sheet is not None
    header, row = list(sheet.iter_rows(values_only=True))
    assert row[header.index("专精特新等级")] == "省级"


def test_labels_choices_and_hints_are_in_the_language_of_the_reader(admin: Actor) -> None:
    save(
        admin,
        FIELDS,
        {
            "label": "等级", "label_en": "Level", "kind": "choice", "options": "a | 甲 | First\nb | 乙",
            "help": "填证书上的等级", "help_en": "As on the certificate",
        },
    )  # fmt: skip
    row = given.rows(ExtraField)[0]

    with in_locale("zh_CN"):
        chinese = row.spec()
    with in_locale("en"):
        english = row.spec()

    assert (chinese.label, chinese.help, [o.label for o in chinese.options]) == ("等级", "填证书上的等级", ["甲", "乙"])
    assert (english.label, english.help) == ("Level", "As on the certificate")
    assert [(o.value, o.label) for o in english.options] == [("a", "First"), ("b", "乙")]


def test_a_field_in_use_keeps_its_kind_and_key_and_is_hidden_rather_than_deleted(admin: Actor) -> None:
    field = save(admin, FIELDS, {"label": "注册资本", "kind": "number"})
    given.enterprise(given.area(Tier.VILLAGE), extra={"zhu_ce_zi_ben": 500})

    assert problems(admin, {"kind": "text"}, field) == {"kind"}
    assert problems(admin, {"key": "capital"}, field) == {"key"}
    with pytest.raises(ConflictError):
        delete(admin, FIELDS, field)
    save(admin, FIELDS, {"active": False}, field)

    assert "zhu_ce_zi_ben" not in [spec.key for spec in describe(admin, extra_fields_of(Extensible.VISIT)).specs]
    assert given.rows(type(given.enterprise(given.area(Tier.VILLAGE))))[0].extra == {"zhu_ce_zi_ben": 500}


@pytest.mark.parametrize(("kind", "value"), [("choice", "a"), ("choices", ["a", "b"])])
def test_a_choice_that_rows_have_stays_among_the_choices(admin: Actor, kind: str, value: object) -> None:
    """Given rows with a choice, when one would go, then that is refused; its text may change."""
    save(admin, CHOICE_LISTS, {"name": "园区"})
    field = save(admin, FIELDS, {"label": "等级", "key": "level", "kind": kind, "options": "a | 甲\nb | 乙\nc | 丙"})
    given.enterprise(given.area(Tier.VILLAGE), extra={"level": value})

    with pytest.raises(InvalidError, match=r"a \| 甲"):
        save(admin, FIELDS, {"options": "b | 乙\nc | 丙"}, field)
    assert problems(admin, {"options": "first | 甲\nb | 乙\nc | 丙"}, field) == {"options"}
    assert problems(admin, {"choice_list": "yuan_qu"}, field) == {"choice_list"}
    save(admin, FIELDS, {"options": "a | 甲级\nb | 乙"}, field)

    assert given.rows(ExtraField)[0].options == "a | 甲级\nb | 乙"


def test_choices_nobody_has_can_be_taken_from_a_list_instead(admin: Actor) -> None:
    save(admin, CHOICE_LISTS, {"name": "园区"})
    field = save(admin, FIELDS, {"label": "等级", "kind": "choice", "options": "a\nb"})

    save(admin, FIELDS, {"options": "", "choice_list": "yuan_qu"}, field)

    assert given.rows(ExtraField)[0].choice_list == "yuan_qu"


def test_a_field_nobody_has_filled_in_may_change_its_kind_and_be_deleted(admin: Actor) -> None:
    field = save(admin, FIELDS, {"label": "注册资本", "kind": "number"})

    save(admin, FIELDS, {"kind": "text"}, field)
    delete(admin, FIELDS, field)

    assert given.rows(ExtraField) == []


def test_what_cannot_work_is_told_beside_its_field(admin: Actor) -> None:
    assert problems(admin, {"label": "x", "kind": "choice"}) == {"options"}
    assert problems(admin, {"label": "x", "kind": "choice", "options": "a\na"}) == {"options"}
    assert problems(admin, {"label": "x", "kind": "choice", "options": "a" * 65}) == {"options"}
    assert problems(admin, {"label": "x", "kind": "choice", "options": "a\n | 甲"}) == {"options"}
    assert problems(admin, {"label": "x", "kind": "choice", "options": f"a | {'甲' * 201}"}) == {"options"}
    assert problems(admin, {"label": "x", "kind": "number", "minimum": 5, "maximum": 1}) == {"maximum"}
    assert problems(admin, {"label": "x", "kind": "text", "key": "Credit Code"}) == {"key"}
    assert problems(admin, {"label": "x", "kind": "text", "key": "credit_code"}) == {"key"}
    assert problems(admin, {"label": "x", "kind": "reference"}) == {"kind"}


def test_a_condition_names_answers_of_one_earlier_field(admin: Actor) -> None:
    first = save(admin, FIELDS, {"label": "First", "kind": "boolean", "position": 1})
    save(admin, FIELDS, {"label": "Second", "kind": "choice", "options": "a\nb", "position": 2})

    field = save(admin, FIELDS, {"label": "Why", "kind": "text", "position": 3, "shown_if": ["first=True"]})
    save(admin, FIELDS, {"shown_if": ["scale=large", "scale=medium"]}, field)

    assert problems(admin, {"shown_if": ["first=True", "second=a"]}, field) == {"shown_if"}
    assert problems(admin, {"shown_if": ["second=a"]}, first) == {"shown_if"}
    save(admin, FIELDS, {"shown_if": ["first=True"]}, field)
    with pytest.raises(ConflictError):
        delete(admin, FIELDS, first)


@pytest.mark.parametrize(
    ("entity", "asked"),
    [
        (Extensible.ENTERPRISE, {"scale", "industry", "status"}),
        (Extensible.VISIT, {"mode"}),
        (Extensible.ISSUE, {"kind", "category", "urgency"}),
    ],
)
def test_a_condition_is_offered_on_what_the_form_asks_before(admin: Actor, entity: Extensible, asked: set[str]) -> None:
    given.stored(ChoiceList(key="industry", name="行业"))
    for key in ("industry", "issue_category"):
        save(admin, choice_items(key), {"label": "其他"})

    spec = next(each for each in describe(admin, extra_fields_of(entity)).specs if each.key == "shown_if")

    assert {option.value.partition("=")[0] for option in spec.options} == asked


def test_no_condition_is_offered_on_a_branch_of_the_categories(admin: Actor) -> None:
    """The form of a need offers only what nothing lies below: a field asked after a branch would never be."""
    save(admin, choice_items("issue_category"), {"label": "要素保障", "value": "own_branch"})
    save(admin, choice_items("issue_category"), {"label": "用电", "value": "own_leaf", "parent_value": "own_branch"})

    spec = next(each for each in describe(admin, extra_fields_of(Extensible.ISSUE)).specs if each.key == "shown_if")

    offered = {option.value for option in spec.options if option.value.startswith("category=")}
    assert "category=own_leaf" in offered
    assert "category=own_branch" not in offered


def test_a_field_another_depends_on_stays_before_it_and_in_use(admin: Actor) -> None:
    """Given a field asked after an answer, when what it needs would go, then that is refused until it is changed."""
    options = "a | 甲\nb | 乙"
    first = save(admin, FIELDS, {"label": "First", "kind": "choice", "options": options, "position": 1})
    why = save(admin, FIELDS, {"label": "Why", "kind": "text", "position": 3, "shown_if": ["first=a"]})

    assert problems(admin, {"position": 9}, first) == {"position"}
    assert problems(admin, {"active": False}, first) == {"active"}
    assert problems(admin, {"options": "b | 乙"}, first) == {"options"}
    assert problems(admin, {"kind": "text"}, first) == {"kind"}
    assert problems(admin, {"key": "second"}, first) == {"key"}
    save(admin, FIELDS, {"position": 2, "options": "a | 甲\nc | 丙"}, first)
    save(admin, FIELDS, {"active": False}, why)
    save(admin, FIELDS, {"active": False}, first)

    assert problems(admin, {"active": True}, why) == {"shown_if"}
    save(admin, FIELDS, {"active": True}, first)
    save(admin, FIELDS, {"active": True}, why)


def test_keys_are_made_from_labels_and_never_collide(admin: Actor) -> None:
    for label in ("规模", "规模", "Scale", "2026 plan", "???"):
        save(admin, FIELDS, {"label": label, "kind": "text"})

    assert [row.key for row in given.rows(ExtraField)] == ["gui_mo", "gui_mo_2", "scale_2", "x_2026_plan", "x"]


def test_the_preview_shows_a_field_as_soon_as_it_has_a_name_and_a_kind(admin: Actor) -> None:
    assert previewed(admin, Extensible.VISIT, {"label": "Companions"}) is None

    spec = previewed(admin, Extensible.VISIT, {"label": "Companions", "kind": "integer", "minimum": 1})

    assert spec is not None
    assert (spec.label, spec.kind, spec.minimum) == ("Companions", FieldKind.INTEGER, 1)


def test_only_an_administrator_sets_up_fields_and_lists(admin: Actor) -> None:
    field = save(admin, FIELDS, {"label": "x", "kind": "text"})
    for role in set(Role) - {Role.ADMINISTRATOR}:
        outsider = given.actor(role)
        with pytest.raises(NotAllowedError):
            save(outsider, FIELDS, {"label": "y"}, field)
        with pytest.raises(NotAllowedError):
            find(outsider, CHOICE_LISTS, Query())
        with pytest.raises(NotAllowedError):
            previewed(outsider, Extensible.VISIT, {})


def test_a_list_makes_its_key_from_its_name_and_serves_a_field(admin: Actor) -> None:
    save(admin, CHOICE_LISTS, {"name": "园区"})
    items = choice_items("yuan_qu")
    save(admin, items, {"label": "高分子材料创新园", "label_en": "Polymer park"})

    save(admin, FIELDS, {"label": "Park", "kind": "choice", "choice_list": "yuan_qu"})

    spec = next(s for s in describe(given.actor(Role.COORDINATOR), ENTERPRISES).specs if s.key == "park")
    assert [option.value for option in spec.options] == ["gao_fen_zi_cai_liao_chuang_xin_yuan"]
    with pytest.raises(ConflictError, match="Park"):
        delete(admin, CHOICE_LISTS, given.rows(ChoiceList, lambda row: row.key == "yuan_qu")[0].pk)


def test_a_value_in_use_keeps_what_is_stored_and_is_not_deleted(admin: Actor) -> None:
    given.stored(ChoiceList(key="industry", name="行业"))
    items = choice_items("industry")
    item = save(admin, items, {"label": "煤炭", "value": "coal"})
    given.enterprise(given.area(Tier.VILLAGE), industry="coal")

    save(admin, items, {"label": "煤炭开采"}, item)
    with pytest.raises(InvalidError):
        save(admin, items, {"value": "mining"}, item)
    with pytest.raises(ConflictError):
        delete(admin, items, item)


def test_a_tree_of_values_has_no_circles_and_loses_no_branch(admin: Actor) -> None:
    given.stored(ChoiceList(key="matters", name="事项"))
    items = choice_items("matters")
    land = save(admin, items, {"label": "用地", "value": "land"})
    save(admin, items, {"label": "规划", "value": "plan", "parent_value": "land"})

    with pytest.raises(InvalidError) as told:
        save(admin, items, {"parent_value": "plan"}, land)
    with pytest.raises(ConflictError):
        delete(admin, items, land)

    assert set(told.value.problems) == {"parent_value"}
    assert len(given.rows(ChoiceItem, lambda row: row.list_key == "matters")) == 2


def test_what_names_a_value_by_what_is_stored_goes_along_when_that_changes(admin: Actor) -> None:
    """Given values below one and a field asked after it, when its stored value changes, then both follow."""
    coordinator, village = given.actor(Role.COORDINATOR), given.area(Tier.VILLAGE)
    given.stored(ChoiceList(key="industry", name="行业"))
    items = choice_items("industry")
    branch = save(admin, items, {"label": "制造业", "value": "making"})
    save(admin, items, {"label": "化工", "value": "chemicals", "parent_value": "making"})
    save(admin, FIELDS, {"label": "Sector", "kind": "choice", "choice_list": "industry", "position": 1})
    for place, asked in enumerate(("sector", "industry"), start=2):
        answers = [f"{asked}=making", f"{asked}=chemicals"]
        save(admin, FIELDS, {"label": f"After {asked}", "kind": "text", "position": place, "shown_if": answers})

    save(admin, items, {"value": "manufacturing"}, branch)

    spec = next(each for each in describe(coordinator, ENTERPRISES).specs if each.key == "industry")
    assert [(o.value, o.label) for o in spec.options] == [("manufacturing", "制造业"), ("chemicals", "制造业 / 化工")]
    save(coordinator, ENTERPRISES, {"name": "甲公司", "area_id": village.id, "industry": "chemicals"})
    assert [row.shown_if for row in given.rows(ExtraField)[1:]] == [
        ["sector=manufacturing", "sector=chemicals"],
        ["industry=manufacturing", "industry=chemicals"],
    ]
