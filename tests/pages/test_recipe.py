"""The recipe of docs/howto-entity.md works as it is written, and a column declared once shows up everywhere."""

import re
import sys
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from itertools import count
from types import ModuleType
from typing import Any

import openpyxl
import pytest
from babel.messages.pofile import read_po
from sqlalchemy import create_engine
from streamlit.testing.v1 import AppTest

from core import db
from core.i18n import catalogue_files
from core.settings import settings
from models.account import Role
from models.base import metadata
from pages.shell import navigation
from services import entity_registry
from services.actor import Actor
from services.entities import Query
from services.exporting import export
from services.importing.templates import template
from tests import factories as given
from tests.servers import ROOT

RECIPE = (ROOT / "docs/howto-entity.md").read_text("utf-8")
MODEL, ENTITY, PAGE, ENTRY = re.findall(r"```python\n(.*?)```", RECIPE, re.DOTALL)
MORE = '    urgent: bool = column(N_("Answered at night"), default=False, listed=True, filterable=True)\n'
Cook = Callable[..., AppTest]
_numbers = count(1)


@pytest.fixture
def admin(database: str, frozen_clock: object) -> Actor:  # noqa: ARG001 - asked for their effect
    return given.actor(Role.ADMINISTRATOR)


@pytest.fixture
def cook(admin: Actor, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cook]:
    """Return a function that follows the recipe, with more columns if asked, and opens its page.

    Whoever has kept the recipe's table has it back afterwards.
    """
    engine = create_engine(db.driver_url(settings().migration_url))
    own = metadata.tables.get("hotline")
    if own is not None:
        metadata.remove(own)

    def follow(more: str = "") -> AppTest:
        model = _module(monkeypatch, "models.hotline", MODEL + more)
        entity = _module(monkeypatch, "services.configuration.hotlines", ENTITY)
        table = model.Hotline.__table__
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE IF EXISTS hotline")
            table.create(connection)
            connection.exec_driver_sql("GRANT ALL ON hotline, hotline_id_seq TO PUBLIC")
        monkeypatch.setitem(entity_registry.ENTITIES, "hotline", entity.HOTLINES)
        app = AppTest.from_string(PAGE, default_timeout=20)
        app.session_state["_actor"] = admin
        return app.run()

    yield follow
    metadata.remove(metadata.tables["hotline"])
    if own is not None:
        metadata._add_table("hotline", None, own)
    engine.dispose()


def _module(monkeypatch: pytest.MonkeyPatch, name: str, source: str) -> Any:
    module = ModuleType(f"{name}_{next(_numbers)}")  # SQLAlchemy remembers classes by the module's own name
    monkeypatch.setitem(sys.modules, name, module)
    exec(compile(source, name, "exec"), module.__dict__)  # noqa: S102 - the document's own code
    return module


def test_the_page_of_the_recipe_takes_finds_and_shows_a_row(cook: Cook) -> None:
    app = cook()
    assert len(PAGE.splitlines()) < 30

    app.button(key="hotline_new").click().run()
    app.text_input(key="hotline_form_new_name").set_value("企业服务热线")
    app.pills(key="hotline_form_new_kind").set_value("clerk")
    app.date_input(key="hotline_form_new_opened_on").set_value(date(2023, 11, 27))
    app.button(key="hotline_form_new_save").click().run()
    app.text_input(key="hotline_search").set_value("服务").run()

    assert not app.exception
    assert list(app.dataframe[0].value["name"]) == ["企业服务热线"]
    app.multiselect(key="hotline_filter_kind").set_value(["machine"]).run()
    assert not app.dataframe


def test_a_column_declared_once_is_in_list_form_filter_template_and_export(cook: Cook, admin: Actor) -> None:
    app = cook(MORE)

    app.button(key="hotline_new").click().run()
    app.text_input(key="hotline_form_new_name").set_value("热线")
    app.pills(key="hotline_form_new_kind").set_value("clerk")
    app.checkbox(key="hotline_form_new_urgent").check()
    app.button(key="hotline_form_new_save").click().run()

    assert not app.exception
    assert list(app.dataframe[0].value["urgent"]) == ["是"]
    app.pills(key="hotline_filter_urgent").set_value([False]).run()
    assert not app.dataframe
    entity = entity_registry.ENTITIES["hotline"]
    assert "Answered at night" in _first_row(template(admin, "hotline"))
    assert "Answered at night" in _first_row(export(admin, entity, Query()))


def test_the_recipe_has_the_chinese_of_all_its_texts_and_a_place_in_the_menu() -> None:
    known = {str(each.id) for file in catalogue_files("zh_CN") for each in read_po(BytesIO(file.read_bytes()))}
    (words,) = re.findall(r"```po\n(.*?)```", RECIPE, re.DOTALL)
    given_here = {str(each.id) for each in read_po(BytesIO(words.encode())) if each.string}
    entry = eval(ENTRY, dict(vars(navigation)))  # noqa: S307 - the document's own code

    assert set(re.findall(r'N_\("(.*?)"\)', MODEL + ENTITY + ENTRY)) <= known | given_here
    assert (f"pages/{entry.file}", entry.url_path) == ("pages/admin/hotlines.py", "admin-hotlines")
    assert f"`pages/{entry.file}`" in RECIPE


def _first_row(workbook: bytes) -> list[str]:
    sheet = openpyxl.load_workbook(BytesIO(workbook)).worksheets[0]
    return [str(cell).rstrip(" *") for cell in next(sheet.iter_rows(values_only=True))]
