"""What people wrote is shown as they wrote it, on every page, whatever it is."""

import re

import pytest

from models.account import Role
from pages.shell.navigation import PAGES
from tests.attack import addresses, hostile
from tests.attack.conftest import OpenTab
from tests.attack.shown import texts
from tests.browser.conftest import USERNAMES
from tests.servers import Database

PLAIN = {
    "new_element.text.body": "st.text shows what it is given",
    "new_element.text_input.default": "the content of a field",
    "new_element.text_area.default": "the content of a field",
    "new_element.text_input.placeholder": "an attribute",
    "new_element.selectbox.options": "drawn as text",
    "new_element.selectbox.raw_value": "the option that is chosen",
    "new_element.multiselect.options": "drawn as text",
    "new_element.multiselect.raw_values": "the options that are chosen",
    "new_element.button_group.raw_values": "the options that are chosen",
}
"""Fields of Streamlit's protocol that are never taken for Markdown, and why; all others are."""
_ACTS = re.compile("|".join(rf"(?<!\\){re.escape(each)}" for each in hostile.RAW))
_MARKUP = re.compile(r"<(img|script)", re.IGNORECASE)


def test_every_column_people_write_into_is_attacked() -> None:
    """Given the tables, then what is left out is there, so that nothing is left out by a mistake in its name."""
    every = {table.name for table in hostile.metadata.sorted_tables}
    columns = {f"{table.name}.{column.name}" for table in hostile.metadata.sorted_tables for column in table.columns}

    assert {each for each in hostile.MACHINERY if each not in every | columns} == set()
    assert len(list(hostile.written_columns())) > 60


def test_every_page_that_shows_one_row_is_asked_for_one() -> None:
    hidden = {entry.file for entry in PAGES if entry.hidden}

    assert hidden - set(addresses.ROWS) <= {"account/password.py", "overview/untold.py", "overview/notices.py",
                                            "imports/history.py", "enterprises/duplicates.py",
                                            "admin/choice_lists.py"}  # fmt: skip


@pytest.mark.parametrize("role", Role)
def test_hostile_text_is_shown_as_text_on_every_page(hostile_database: Database, open_tab: OpenTab, role: Role) -> None:
    tab = open_tab(USERNAMES[role])
    acting, failing, seen = {}, [], 0

    for entry, query in addresses.asked(hostile_database.owner_url, role):
        for place, text in texts(tab.ask(entry.url_path, query)):
            if place.endswith("exception.message") or "系统出错" in text:
                failing.append(f"{entry.file}?{query}")
            if hostile.MARK not in text:
                continue
            seen += 1
            pattern = _MARKUP if place == "new_element.html.body" else _ACTS
            if place not in PLAIN and pattern.search(text):
                acting[place, entry.file] = text[:200]

    assert acting == {}
    assert failing == []
    assert seen > (20 if role is not Role.ADMINISTRATOR else 5)
